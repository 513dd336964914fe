"""How a model is to be written: what a person chose, and what is known of the run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from designer.exports.notes import ExportNotes

if TYPE_CHECKING:
    import numpy as np

QUANTIZATIONS = {
    "none": ("32-bit floats", "exactly as trained"),
    "dynamic": ("8-bit weights", "a quarter of the size; predictions change a little"),
    "int8": (
        "Whole numbers",
        "8 bits in every step: a quarter of the size, and runs on chips that cannot compute with"
        " fractions; predictions change a little more",
    ),
}
"""The ways to make weights smaller: what each is called, and what one gains and loses by it."""

OUTPUTS = {
    "labelled": ("Names of classes", "raw examples in; names and their probabilities out"),
    "plain": ("Numbers alone", "raw examples in; the model's own numbers out, without names"),
}
"""What a model may answer with: what each is called, and what goes in and comes out."""


@dataclass(frozen=True)
class How:
    """How a model is written.

    Attributes:
        quantize: one of ``QUANTIZATIONS``.
        outputs: one of ``OUTPUTS``.
        notes: what is known of the run: how examples are prepared, what classes are called.
        calibration: prepared training examples, float32 (n, *input_shape), from which the
            ranges of whole numbers are learned; ``None`` if there are none.
        pixel_range: the least and the most of a raw pixel, so that pictures can be taken as
            files; ``None`` if it is not known, or there are no pictures.
    """

    quantize: str = "none"
    outputs: str = "labelled"
    notes: ExportNotes = field(default_factory=ExportNotes)
    calibration: np.ndarray | None = None
    pixel_range: tuple[float, float] | None = None
