"""How a model is to be written: what a person chose, and what is known of the run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from designer.exports.notes import ExportNotes

if TYPE_CHECKING:
    import numpy as np

QUANTIZATIONS = {
    "none": "32-bit floats, as trained",
    "dynamic": "weights of 8 bits, sums of floats",
    "int8": "whole numbers of 8 bits throughout",
}
OUTPUTS = {
    "labelled": "raw examples in, names of classes out",
    "plain": "raw examples in, plain tensors out",
}


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
