"""What a package is about: plain values that its files are written from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from designer.exports.base import ExportFormat, Signature
from designer.exports.how import How
from designer.exports.notes import ExportNotes
from designer.exports.result import Row

if TYPE_CHECKING:
    from designer.design import Design
    from designer.summary import Summary


@dataclass(frozen=True)
class Proof:
    """What the check in a fresh process found.

    Attributes:
        largest_difference: between its predictions and the model's own, over all heads.
        allowed: the largest difference it may have been.
        examples: how many were predicted.
        verified_in: what loaded it, in words.
        versions: of what was there, by name.
    """

    largest_difference: float
    allowed: float
    examples: int
    verified_in: str
    versions: Mapping[str, str]


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
        how: quantized or not, labelled or not.
        record: of its training (see :func:`designer.training.recording.record_of`), if known.
        comparison: what was measured of the model and of what was exported, side by side.
    """

    format: ExportFormat
    location: str
    title: str
    summary: Summary
    notes: ExportNotes
    trained: bool
    proof: Proof
    how: How = field(default_factory=How)
    record: Mapping[str, Any] | None = None
    comparison: Sequence[Row] = ()

    @property
    def design(self) -> Design:
        """The design."""
        return self.summary.design

    @property
    def signatures(self) -> Sequence[Signature]:
        """The ways to call what was written, where there are several."""
        return self.format.signatures(self.design, self.how)

    @property
    def name(self) -> str:
        """The title in one line."""
        return " ".join(self.title.split()) or self.design.template

    @property
    def raw_shape(self) -> tuple[int, ...]:
        """The shape of one example as it comes: before it is prepared, where that is known."""
        preprocessing = self.notes.preprocessing
        return preprocessing.raw_shape if preprocessing else tuple(self.design["input_shape"])

    @property
    def has_loader(self) -> bool:
        """Whether there is something for a loader script to load."""
        return self.format.holds_weights

    @property
    def takes_pictures(self) -> bool:
        """Whether it is known how a picture becomes an example."""
        return self.notes.preprocessing is not None and len(self.raw_shape) == 3

    @property
    def pixel_range(self) -> tuple[float, float]:
        """The smallest and largest value of a pixel, as the examples come."""
        if self.how.pixel_range:
            return self.how.pixel_range
        known = ((self.record or {}).get("data") or {}).get("pixel_range")
        return (known[0], known[1]) if known else (0, 255)
