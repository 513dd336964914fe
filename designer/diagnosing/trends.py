"""Small sums over a stretch of a curve: which way it goes, how much it trembles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Trend:
    """A straight line through a stretch of a curve.

    Attributes:
        begin: the line's value at the first point.
        end: at the last.
        tremble: how far the points lie from it, as a standard deviation.
        level: the usual size of the values.
    """

    begin: float
    end: float
    tremble: float
    level: float

    @property
    def fall(self) -> float:
        """How far it goes down; negative where it rises."""
        return self.begin - self.end


def trend(values: np.ndarray) -> Trend:
    """Return the line of least squares through values one apart, at least two of them."""
    places = np.arange(len(values)) - (len(values) - 1) / 2
    mean = float(values.mean())
    slope = float(places @ values) / float(places @ places)
    rest = values - mean - slope * places
    reach = slope * (len(values) - 1) / 2
    freedom = max(1, len(values) - 2)
    return Trend(
        mean - reach,
        mean + reach,
        float(np.sqrt((rest @ rest) / freedom)),
        float(np.abs(values).mean()),
    )


def tremble(values: np.ndarray) -> float:
    """Return the standard deviation of what jumps from point to point, whatever bends slowly.

    The median of second differences, so that one leap does not count for many.
    """
    if len(values) < 3:
        return 0.0
    second = values[:-2] - 2 * values[1:-1] + values[2:]
    return float(np.median(np.abs(second)) / (0.6745 * np.sqrt(6)))


def smooth(values: np.ndarray, half: int = 1) -> np.ndarray:
    """Return the median of each point and its neighbours on both sides; the ends as they are."""
    if len(values) <= 2 * half:
        return values
    windows = np.lib.stride_tricks.sliding_window_view(values, 2 * half + 1)
    return np.concatenate([values[:half], np.median(windows, axis=1), values[-half:]])
