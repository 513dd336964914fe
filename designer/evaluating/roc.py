"""The receiver operating characteristic of one class against all others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

MOST_POINTS = 400
"""How many corners of a curve are kept; a chart shows no more."""


@dataclass(frozen=True, eq=False)
class RocCurve:
    """What part of the class is found, against what part of the others is taken for it, at every
    threshold.

    Attributes:
        false_positive_rate: rising from 0 to 1.
        true_positive_rate: rising from 0 to 1.
        thresholds: the score from which on an example counts as found; the first is infinite.
        area: under the curve: the chance that an example of the class has a higher score than
            one of the others (ties count half).
    """

    false_positive_rate: np.ndarray
    true_positive_rate: np.ndarray
    thresholds: np.ndarray
    area: float


def roc_curve(is_class: np.ndarray, scores: np.ndarray) -> RocCurve | None:
    """Return the curve of a class; ``None`` where it has no examples, or the others have none.

    Args:
        is_class: (examples,) whether an example is of the class.
        scores: (examples,) the higher, the more likely it was taken for one.
    """
    is_class = np.asarray(is_class, bool)
    positives = int(is_class.sum())
    negatives = len(is_class) - positives
    if not positives or not negatives:
        return None
    order = np.argsort(-scores, kind="stable")
    falling, hits = scores[order], is_class[order]
    # Examples of one score are found together.
    last = np.append(np.flatnonzero(np.diff(falling)), len(falling) - 1)
    found = np.cumsum(hits)[last]
    true_rate = np.append(0.0, found / positives)
    false_rate = np.append(0.0, (last + 1 - found) / negatives)
    thresholds = np.append(np.inf, falling[last])
    area = float(np.sum(np.diff(false_rate) * (true_rate[1:] + true_rate[:-1]) / 2))
    kept = _corners(false_rate, true_rate)
    return RocCurve(false_rate[kept], true_rate[kept], thresholds[kept], area)


def _corners(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the points where a curve bends, and not too many of them."""
    bends = np.ones(len(x), bool)
    # A point on the straight line between its neighbours can be left out.
    bends[1:-1] = np.diff(x)[:-1] * np.diff(y)[1:] != np.diff(x)[1:] * np.diff(y)[:-1]
    kept = np.flatnonzero(bends)
    if len(kept) > MOST_POINTS:
        kept = kept[np.unique(np.linspace(0, len(kept) - 1, MOST_POINTS).round().astype(int))]
    return kept
