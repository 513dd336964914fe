"""How far off predicted numbers are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Residuals:
    """The errors of one predicted number.

    Attributes:
        name: what is predicted.
        truth: (examples,).
        predicted: (examples,).
        mean_error: predicted minus true, in the mean: whether it guesses too high (above 0).
        mean_absolute_error: how far off it is in the mean.
        root_mean_squared_error: the same, with large errors counting more.
        r2: the part of the variance that is explained; 1 is perfect, 0 no better than always
            saying the mean. ``None`` where the truth never changes.
    """

    name: str
    truth: np.ndarray
    predicted: np.ndarray
    mean_error: float
    mean_absolute_error: float
    root_mean_squared_error: float
    r2: float | None

    @property
    def errors(self) -> np.ndarray:
        """Predicted minus true, (examples,)."""
        return self.predicted - self.truth


def residuals(name: str, truth: np.ndarray, predicted: np.ndarray) -> Residuals:
    """Return the errors of one number, of at least one example."""
    truth, predicted = np.asarray(truth, np.float64), np.asarray(predicted, np.float64)
    errors = predicted - truth
    spread = float(((truth - truth.mean()) ** 2).sum())
    return Residuals(
        name,
        truth,
        predicted,
        float(errors.mean()),
        float(np.abs(errors).mean()),
        float(np.sqrt((errors**2).mean())),
        1 - float((errors**2).sum()) / spread if spread > 0 else None,
    )
