"""What formats that hold no weights share: a text made from the design, and its own proof."""

from __future__ import annotations

from abc import abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from designer.errors import ExportError
from designer.exports.base import ExportFormat, Runtime
from designer.exports.how import How

if TYPE_CHECKING:
    import keras

    from designer.design import Design
    from designer.exports.fresh_process import Program
    from designer.summary import Summary


class DesignFormat(ExportFormat):
    """A text that says what a design is. Neither TensorFlow nor a model is needed to write it."""

    holds_weights = False
    requirements: ClassVar[tuple[str, ...]] = ()
    memory_factor = 0

    @abstractmethod
    def text(self, summary: Summary) -> str:
        """Return the text of a design that can be built."""

    def write(self, model: keras.Model, design: Design, path: Path, how: How) -> None:
        from designer.summary import summarize

        path.write_text(self.text(summarize(design)), encoding="utf-8")

    def loading_code(self, path: str) -> str:
        return f"with open({path!r}, encoding='utf-8') as file:\n    text = file.read()\n"

    def runtime(self) -> Runtime:
        return Runtime(("keras",), (), ("keras", "tensorflow"))

    def proof(self, text: str, summary: Summary) -> str:
        """Return in words what was done to prove the text; all that needs no other process.

        Raises:
            ExportError: it is not what it should be.
        """
        return ""

    def program(self, text: str) -> Program | None:
        """Return what a fresh process is to run; ``None`` if none is needed."""
        return None

    def proof_of_run(self, told: object, summary: Summary) -> str:
        """Return in words what the fresh process proved.

        Args:
            told: what its lines left in their variable ``told``.
            summary: of the design.

        Raises:
            ExportError: it is not what it should be.
        """
        return ""


def refuse(what: str) -> ExportError:
    """Return the error for a text that its proof did not bear out."""
    return ExportError(f"{what}, so it is not offered, and nothing was kept.")
