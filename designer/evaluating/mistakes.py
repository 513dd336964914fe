"""Which examples a model did worst on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from designer.evaluating.heads import Head


@dataclass(frozen=True, eq=False)
class Ranking:
    """Examples in an order, and how bad each is.

    Attributes:
        rows: of the examples, the worst first.
        badness: of the same: for classes, how unlikely the truth seemed to the model (0–1, the
            mean over the heads); for numbers, how far off, in standard deviations of the truth.
    """

    rows: np.ndarray
    badness: np.ndarray


def rank(heads: Sequence[Head]) -> Ranking:
    """Return the mistakes, those first of which the model was surest; an example is a mistake if
    any head is wrong."""
    wrong = np.any([head.said != head.truth for head in heads], axis=0)
    badness = np.mean([1 - head.chance_of_truth() for head in heads], axis=0)
    return _sorted(np.flatnonzero(wrong), badness)


def rank_regression(truth: np.ndarray, predicted: np.ndarray) -> Ranking:
    """Return all examples, those farthest off first.

    Args:
        truth, predicted: (examples, outputs); each output counts in its own standard deviations.
    """
    spread = truth.std(axis=0)
    badness = (np.abs(predicted - truth) / np.where(spread > 0, spread, 1)).mean(axis=1)
    return _sorted(np.arange(len(truth)), badness)


def _sorted(rows: np.ndarray, badness: np.ndarray) -> Ranking:
    # What is not a number is the worst of all.
    worst = np.where(np.isfinite(badness), badness, np.inf)
    order = rows[np.argsort(-worst[rows], kind="stable")]
    return Ranking(order, badness[order])
