"""A seeded split into training, validation and test examples, even over the classes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from designer.errors import DatasetError

DEFAULT_FRACTIONS = (0.70, 0.15, 0.15)
PARTS = ("train", "validation", "test")


@dataclass(frozen=True, eq=False)
class Split:
    """Which examples belong to which part: indexes int64, disjoint, in a random order."""

    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray


def split(
    labels: np.ndarray | tuple[np.ndarray, ...],
    fractions: tuple[float, float, float] = DEFAULT_FRACTIONS,
    seed: int = 0,
) -> Split:
    """Split examples by their labels; the same seed gives the same split.

    Where labels are classes, every class has its share of every part, to within rounding; for
    multilabel and multitask, every combination of classes. A class too small to be shared out
    stays with the training examples (with fractions near the default ones). Regression is
    split at random.

    Args:
        labels: as in :class:`~designer.datasets.loading.Dataset`.
        fractions: of training, validation and test examples; they add up to 1. Validation or
            test may be 0; a part that is not has at least one example.
        seed: a whole number of 0 or more.

    Raises:
        DatasetError: the fractions or the seed make no sense, or there are too few examples.
    """
    _check_fractions(fractions)
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or seed < 0:
        raise DatasetError(
            f"The seed of a split must be a whole number of 0 or more, received {seed!r}."
        )
    groups = _groups(labels)
    count = len(groups)
    _, validation, test = _sizes(count, fractions)
    generator = np.random.default_rng(seed)
    order = generator.permutation(count)
    groups = groups[order]

    # Each example gets its place within its own group, from 0 to 1. In the order of these
    # places, any stretch has its share of every group. Training takes the middle stretch,
    # where the one example of a group of one lies (0.5).
    by_group = np.argsort(groups, kind="stable")
    _, sizes = np.unique(groups, return_counts=True)
    place = np.empty(count)
    place[by_group] = np.concatenate([(np.arange(size) + 0.5) / size for size in sizes])
    spread = order[np.lexsort((generator.random(count), place))]

    parts = np.split(spread, [test, count - validation])
    test_rows, train_rows, validation_rows = (generator.permutation(part) for part in parts)
    return Split(train_rows, validation_rows, test_rows)


def _check_fractions(fractions: tuple[float, float, float]) -> None:
    """Raise DatasetError unless the fractions are three shares of a whole."""
    try:
        shares = [float(fraction) for fraction in fractions]
    except (TypeError, ValueError):
        shares = []
    if (
        len(shares) != len(PARTS)
        or not all(math.isfinite(share) and 0 <= share <= 1 for share in shares)
        or abs(sum(shares) - 1) > 1e-6
        or shares[0] == 0
    ):
        raise DatasetError(
            "The fractions of a split are three numbers from 0 to 1 for training, validation "
            f"and test, which add up to 1, with some training; received {fractions!r}. "
            f"For example: {DEFAULT_FRACTIONS}."
        )


def _sizes(count: int, fractions: tuple[float, float, float]) -> tuple[int, int, int]:
    """Return how many examples each part has: rounded, and at least one where there is any."""
    needed = sum(fraction > 0 for fraction in fractions)
    if count < needed:
        raise DatasetError(
            f"{count} examples cannot be split into {needed} parts: at least {needed} are needed."
        )
    validation, test = (
        max(1, round(count * fraction)) if fraction > 0 else 0 for fraction in fractions[1:]
    )
    # With few examples the rounding can leave nothing to train on: take from the larger part.
    while validation + test >= count:
        if validation >= test:
            validation -= 1
        else:
            test -= 1
    return count - validation - test, validation, test


def _groups(labels: np.ndarray | tuple[np.ndarray, ...]) -> np.ndarray:
    """Return a group number for each example: its class, or its combination of classes."""
    columns = np.column_stack(labels) if isinstance(labels, tuple) else np.asarray(labels)
    if not np.issubdtype(columns.dtype, np.integer):
        return np.zeros(len(columns), dtype=np.int64)
    if columns.ndim == 1:
        columns = columns[:, np.newaxis]
    return np.unique(columns, axis=0, return_inverse=True)[1].reshape(-1)
