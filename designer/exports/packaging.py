"""What lies in a package beside the model."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from designer.exports.base import ExportFormat
from designer.exports.notes import ExportNotes
from designer.exports.readme import Proof, readme
from designer.summary import Summary


@dataclass(frozen=True)
class Contents:
    """What a package is about.

    Attributes:
        format: what the model was written as.
        location: the model's file or folder, seen from the package's folder.
        title: what the model is called.
        summary: of its design.
        notes: on where it comes from.
        trained: whether its weights are trained ones.
        proof: that it reloads.
    """

    format: ExportFormat
    location: str
    title: str
    summary: Summary
    notes: ExportNotes
    trained: bool
    proof: Proof


def furnish(folder: Path, contents: Contents) -> None:
    """Write what goes beside the model into the folder of a package.

    Raises:
        OSError: it cannot be written.
    """
    text = readme(
        contents.format,
        contents.location,
        contents.title,
        contents.summary,
        contents.notes,
        contents.trained,
        contents.proof,
    )
    (folder / "README.md").write_text(text, encoding="utf-8")
    (folder / "design.json").write_text(contents.summary.design.to_json(), encoding="utf-8")
