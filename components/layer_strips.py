"""How the numbers of a layer are spread, look after look, as one small picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from designer.training.layer_values import Spread

ROWS = 40
"""Parts of the value axis, from the largest at the top to the smallest."""

_FAR_OUT = 0.002
"""Share of the numbers, at either end of a look, for which the axis makes no room."""

_BLUE = (76, 110, 245)


@dataclass(frozen=True, eq=False)
class Strip:
    """A picture of spreads over time.

    Attributes:
        pixels: (rows, looks, 4), red, green, blue and opacity, 0–255.
        low: the value at its lower edge.
        high: the value at its upper edge.
    """

    pixels: np.ndarray
    low: float
    high: float


def strip(spreads: Sequence[Spread]) -> Strip | None:
    """Return the picture of spreads over time, or ``None`` where none is of numbers."""
    good = [
        spread for spread in spreads if spread.counts and all(map(math.isfinite, _ends(spread)))
    ]
    if not good:
        return None
    rising = [_rising(spread) for spread in good]
    # Where the shares of 0.2% and 99.8% lie: a few numbers far out would flatten all others.
    low = min(float(np.interp(_FAR_OUT, shares, edges)) for edges, shares in rising)
    high = max(float(np.interp(1 - _FAR_OUT, shares, edges)) for edges, shares in rising)
    if high - low < 1e-12 + 1e-6 * abs(low):
        margin = 0.5 * abs(low) or 0.5
        low, high = low - margin, high + margin
    edges = np.linspace(low, high, ROWS + 1)
    places = iter(rising)
    pixels = np.zeros((ROWS, len(spreads), 4), np.uint8)
    pixels[..., :3] = _BLUE
    for column, spread in enumerate(spreads):
        if spread not in good:
            continue  # a look at what is no number leaves a gap
        shares = np.diff(np.interp(edges, *next(places), left=0.0, right=1.0))[::-1]
        # A root, so that rare values are still seen beside the many zeros of a ReLU.
        opacity = (shares / max(float(shares.max()), 1e-12)) ** 0.4
        pixels[:, column, 3] = np.rint(255 * opacity).astype(np.uint8)
    return Strip(pixels, *(0.0 if abs(end) < 1e-3 * (high - low) else end for end in (low, high)))


def _ends(spread: Spread) -> tuple[float, float, float]:
    return spread.low, spread.high, spread.mean


def _rising(spread: Spread) -> tuple[np.ndarray, np.ndarray]:
    """Return edges, and the share of the numbers that lies below each."""
    low, high = spread.low, spread.high
    if high <= low:  # all alike: the histogram was made a little wider
        reach = max(1e-12, 1e-3 * abs(low))
        low, high = low - reach, high + reach
    counts = np.asarray(spread.counts, float)
    shares = np.concatenate([[0.0], np.cumsum(counts)]) / max(1.0, counts.sum())
    # Strictly rising, as the inverse is looked up too.
    shares += np.linspace(0, 1e-9, len(shares))
    return np.linspace(low, high, len(counts) + 1), shares
