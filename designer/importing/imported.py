"""What came of a file that was opened, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from designer.design import Design
from designer.importing.looking import Looked
from designer.summary import Summary, outline

DESIGN, PACKAGE, KERAS_MODEL = "design", "package", "keras model"


@dataclass(frozen=True)
class Imported:
    """A file that was opened: a design to go on with, or a model to look at.

    Attributes:
        file_name: what the file is called.
        kind: ``design``, ``package`` (a model of ours with its design), or ``keras model``.
        design: the design; ``None`` if the model is none of ours and can only be looked at.
        looked: the model as the file has it; ``None`` where the file holds a design alone.
        sentence: what it is, in a sentence.
        notes: what was left aside, said in other words, or not understood, each in a sentence.
    """

    file_name: str
    kind: str
    design: Design | None
    looked: Looked | None
    sentence: str
    notes: tuple[str, ...] = ()

    @property
    def editable(self) -> bool:
        """Whether there is a design to go on with."""
        return self.design is not None

    @cached_property
    def summary(self) -> Summary:
        """Its layers and figures, as far as our rules know them."""
        if self.design is not None:
            return outline(self.design)
        assert self.looked is not None
        return self.looked.summary

    def to_dict(self) -> dict[str, Any]:
        """Return what the command line prints as JSON."""
        looked = self.looked
        complete = self.editable or (looked is not None and looked.summary.complete)
        return {
            "file": self.file_name,
            "kind": self.kind,
            "editable": self.editable,
            "template": self.design.template if self.design else None,
            "design": self.design.to_dict() if self.design else None,
            "sentence": self.sentence,
            "notes": list(self.notes),
            "counts_complete": complete,
            "not_edited": dict(looked.summary.unedited) if looked and not self.design else {},
            "summary": self.summary.to_dict(),
        }
