"""Data sets: what there is, loading, splitting, preparing, and the fit with a design.

Importing this package imports numpy and nothing heavier.
"""

from designer.datasets.catalogue import (
    CATALOGUE,
    DatasetInfo,
    Target,
    TaskView,
    dataset_info,
    matching_datasets,
)
from designer.datasets.describing import class_counts, describe
from designer.datasets.encoding import encode_labels
from designer.datasets.fitting import (
    FitProblem,
    check_fit,
    fit_notes,
    fit_problems,
    parameters_for,
)
from designer.datasets.loading import Dataset, is_ready, load, load_preview
from designer.datasets.preprocessing import METHODS, Preprocessing
from designer.datasets.showing import as_pictures, as_table, examples, label_texts
from designer.datasets.splitting import DEFAULT_FRACTIONS, Split, split

__all__ = [
    "CATALOGUE",
    "DEFAULT_FRACTIONS",
    "METHODS",
    "Dataset",
    "DatasetInfo",
    "FitProblem",
    "Preprocessing",
    "Split",
    "Target",
    "TaskView",
    "as_pictures",
    "as_table",
    "check_fit",
    "class_counts",
    "dataset_info",
    "describe",
    "encode_labels",
    "examples",
    "fit_notes",
    "fit_problems",
    "is_ready",
    "label_texts",
    "load",
    "load_preview",
    "matching_datasets",
    "parameters_for",
    "split",
]
