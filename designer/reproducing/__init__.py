"""Training a package's model again from its own record, and telling how close it came."""

from designer.reproducing.comparing import Reproduction, compare
from designer.reproducing.finding import data_of_record
from designer.reproducing.reading import Package, open_package
from designer.reproducing.training import train_again

__all__ = [
    "Package",
    "Reproduction",
    "compare",
    "data_of_record",
    "open_package",
    "train_again",
]
