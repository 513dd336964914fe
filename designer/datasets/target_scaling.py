"""Numbers to predict, brought to mean 0 and standard deviation 1, and predictions back.

Optional. A network starts with outputs near 0; where the targets are near 150 it spends its
first epochs on getting there. Whoever trains on scaled targets gets scaled predictions: keep
this beside the model, and :meth:`TargetScaling.undo` them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from designer.errors import DatasetError


@dataclass(frozen=True)
class TargetScaling:
    """What is subtracted from each target and what the rest is divided by."""

    shift: tuple[float, ...]
    scale: tuple[float, ...]

    @classmethod
    def fit(cls, labels: np.ndarray) -> TargetScaling:
        """Learn from the labels of the training examples, (n, outputs).

        Raises:
            DatasetError: they are not a table of numbers.
        """
        values = np.asarray(labels, dtype=np.float64)
        if values.ndim != 2 or not len(values) or not np.isfinite(values).all():
            raise DatasetError(
                "Targets are scaled from finite training labels of shape (n, outputs), "
                f"received {values.shape}."
            )
        deviation = values.std(axis=0)
        scale = np.where(deviation > 0, deviation, 1.0)
        return cls(tuple(map(float, values.mean(axis=0))), tuple(map(float, scale)))

    def apply(self, labels: np.ndarray) -> np.ndarray:
        """Return scaled labels, float32 (n, outputs)."""
        return ((np.asarray(labels, np.float64) - self.shift) / self.scale).astype(np.float32)

    def undo(self, predictions: np.ndarray) -> np.ndarray:
        """Return predictions in the unit of the data, float32 (n, outputs)."""
        return (np.asarray(predictions, np.float64) * self.scale + self.shift).astype(np.float32)

    def to_dict(self) -> dict[str, Any]:
        """Return JSON values."""
        return {"shift": list(self.shift), "scale": list(self.scale)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> TargetScaling:
        """Make it again from :meth:`to_dict`.

        Raises:
            DatasetError: a value is missing or cannot be right.
        """
        try:
            shift = tuple(float(value) for value in values["shift"])
            scale = tuple(float(value) for value in values["scale"])
        except (KeyError, TypeError, ValueError) as error:
            raise DatasetError(f"This is not a scaling of targets: {error!r}.") from error
        if len(shift) != len(scale) or 0 in scale or not all(map(math.isfinite, shift + scale)):
            raise DatasetError(
                "This is not a scaling of targets: shift and scale must be finite, as many of "
                f"one as of the other, and no scale 0; received {values!r}."
            )
        return cls(shift, scale)
