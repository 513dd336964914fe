"""What a format has to tell: its names, how it is written, and the lines that load it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    import keras

    from designer.design import Design


class ExportFormat(ABC):
    """A way to write a model down.

    A subclass in a file of this package is all a new format needs: the page, the command line,
    the README in the package and the check in a fresh process follow from it.

    Attributes:
        name: what the command line calls it.
        title: what people call it.
        description: one line: who it is for.
        file_name: what the file or folder is called inside a zip.
        is_folder: whether it is a folder rather than one file.
        order: place in a list of formats.
        tolerance: the largest difference between a prediction of the reloaded model and one of
            the model itself, as a part of the largest output.
        requirements: the packages that its loading lines import, by their names on PyPI.
        memory_factor: the most memory that writing and checking take together, in times the
            weights (measured with VGG16's).
    """

    name: ClassVar[str]
    title: ClassVar[str]
    description: ClassVar[str]
    file_name: ClassVar[str]
    is_folder: ClassVar[bool] = False
    order: ClassVar[int] = 100
    tolerance: ClassVar[float] = 1e-5
    requirements: ClassVar[tuple[str, ...]] = ("tensorflow", "numpy")
    memory_factor: ClassVar[float] = 5

    @property
    def suffix(self) -> str:
        """How the name of its file ends (``.keras``); empty for a folder."""
        return "" if self.is_folder else Path(self.file_name).suffix

    @abstractmethod
    def write(self, model: keras.Model, design: Design, path: Path) -> None:
        """Write a model.

        Args:
            model: with its weights.
            design: what it was built from.
            path: the file or folder to make; it is not there yet, its parent is.
        """

    @abstractmethod
    def loading_code(self, path: str) -> str:
        """Return the Python lines that load it, for people and for the check alike.

        The lines import all they need, never ``designer``, and define ``predict(batch)``: from
        a float32 array (examples, …) to a list of arrays, one a head.

        Args:
            path: where the file or folder is, as seen from where the lines are run.
        """

    def more_code(self, path: str, design: Design) -> str:
        """Return Markdown on other ways to use it; blocks of Python in it run after the
        README's own example and may use its ``inputs`` and ``predict``."""
        return ""
