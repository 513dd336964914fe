"""What a format has to tell: its names, how it is written, and the lines that load it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from designer.exports.how import How

if TYPE_CHECKING:
    import keras

    from designer.design import Design


@dataclass(frozen=True)
class Runtime:
    """What is there in the fresh process that proves a format, and what is not.

    Attributes:
        imports: modules that it imports ahead, while the export is still being written.
        blocked: modules that cannot be imported in it; ``designer`` never can.
        packages: whose versions are told, by their names on PyPI.
    """

    imports: tuple[str, ...]
    blocked: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Signature:
    """One way to call an exported model, in words.

    Attributes:
        name: what it is called by.
        takes: what goes in.
        returns: what comes out.
    """

    name: str
    takes: str
    returns: str


class ExportFormat(ABC):
    """A way to write a model down.

    A subclass in a file of this package is all a new format needs: the page, the command line,
    the README in the package and the check in a fresh process follow from it. Formats that hold
    no weights derive from :class:`designer.exports.design_format.DesignFormat`.

    Attributes:
        name: what the command line calls it.
        title: what people call it.
        description: one line: who it is for.
        file_name: what the file or folder is called inside a zip.
        is_folder: whether it is a folder rather than one file.
        is_package: whether it is always a zip with everything beside it.
        holds_weights: whether there is a model in it, rather than a design alone.
        quantizations: the ways its weights can be made smaller, the first of them not at all.
        labels: whether it can take raw examples and give names of classes.
        order: place in a list of formats.
        tolerance: the largest difference between a prediction of the reloaded model and one of
            the model itself, as a part of the largest output.
        quantized_tolerances: the same for each way of quantizing; of a probability, or as a part
            of twice the standard deviation of a regression's outputs.
        requirements: the packages that its loading lines import, by their names on PyPI.
        memory_factor: the most memory that writing and checking take together, in times the
            weights (measured with VGG16's).
    """

    name: ClassVar[str]
    title: ClassVar[str]
    description: ClassVar[str]
    file_name: ClassVar[str]
    is_folder: ClassVar[bool] = False
    is_package: ClassVar[bool] = False
    holds_weights: ClassVar[bool] = True
    quantizations: ClassVar[tuple[str, ...]] = ("none",)
    labels: ClassVar[bool] = False
    order: ClassVar[int] = 100
    tolerance: ClassVar[float] = 1e-5
    quantized_tolerances: ClassVar[Mapping[str, float]] = {}
    requirements: ClassVar[tuple[str, ...]] = ("tensorflow", "numpy")
    memory_factor: ClassVar[float] = 5

    @property
    def model_title(self) -> str:
        """What people call the model that is in it."""
        return self.title

    @property
    def suffix(self) -> str:
        """How the name of its file ends (``.weights.h5``); empty for a folder."""
        if self.is_package:
            return ".zip"
        return "" if self.is_folder else "." + self.file_name.partition(".")[2]

    def missing(self) -> str:
        """Return the line that says which optional extra is not installed; empty if none."""
        return ""

    def runtime(self) -> Runtime:
        """Return what the fresh process that proves it may import."""
        return Runtime(("tensorflow", "keras"), (), ("tensorflow", "keras"))

    def tolerance_of(self, quantize: str) -> float:
        """Return the tolerance of a way of quantizing."""
        return self.quantized_tolerances.get(quantize, self.tolerance)

    @abstractmethod
    def write(self, model: keras.Model, design: Design, path: Path, how: How) -> None:
        """Write a model.

        Args:
            model: with its weights.
            design: what it was built from.
            path: the file or folder to make; it is not there yet, its parent is.
            how: quantized or not, labelled or not, and what is known of the run.
        """

    @abstractmethod
    def loading_code(self, path: str) -> str:
        """Return the Python lines that load it, for people and for the check alike.

        The lines import all they need, never ``designer``, and define ``predict(batch)``: from
        a float32 array (examples, …), prepared, to a list of arrays, one a head.

        Args:
            path: where the file or folder is, as seen from where the lines are run.
        """

    def calling_code(self) -> str:
        """Return lines that follow the loading ones and define ``call(name, inputs)``: from the
        name of a signature and its inputs by name to its outputs by name. Empty without
        signatures."""
        return ""

    def signatures(self, design: Design, how: How) -> list[Signature]:
        """Return the ways to call what is written, the usual one first."""
        return []

    def more_code(self, path: str, design: Design, how: How | None = None) -> str:
        """Return Markdown on other ways to use it; blocks of Python in it run after the
        README's own example and may use its ``inputs`` and ``predict``, and ``raw`` where it is
        known how examples are prepared."""
        return ""
