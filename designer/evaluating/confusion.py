"""The confusion matrix of a head, and what it says of each class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from designer.evaluating.heads import Head


@dataclass(frozen=True)
class ClassFigures:
    """How a class fares. A share without examples to be a share of is ``None``.

    Attributes:
        name: of the class.
        support: test examples of this class.
        said: how often the model chose it.
        precision: the part of those it chose that are of this class.
        recall: the part of its examples that the model found.
        f1: the harmonic mean of both.
    """

    name: str
    support: int
    said: int
    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True, eq=False)
class Confusion:
    """Which class was taken for which.

    Attributes:
        head: the head.
        counts: (classes, classes): examples of the row's class that were taken for the column's.
    """

    head: Head
    counts: np.ndarray

    @property
    def examples(self) -> int:
        """How many examples there are in all."""
        return int(self.counts.sum())

    @property
    def right(self) -> int:
        """How many are on the diagonal."""
        return int(np.trace(self.counts))

    def rows_in(self, truth: int, said: int) -> np.ndarray:
        """Return the examples of a cell, those first of which the model was surest."""
        found = np.flatnonzero((self.head.truth == truth) & (self.head.said == said))
        return found[np.argsort(-self.head.scores[found, said], kind="stable")]

    def figures(self) -> list[ClassFigures]:
        """Return the figures of every class."""
        support, said = self.counts.sum(axis=1), self.counts.sum(axis=0)
        found = []
        for number, name in enumerate(self.head.classes):
            hit, there, chosen = (int(x[number]) for x in (np.diag(self.counts), support, said))
            found.append(
                ClassFigures(
                    name,
                    there,
                    chosen,
                    hit / chosen if chosen else None,
                    hit / there if there else None,
                    2 * hit / (there + chosen) if there + chosen else None,
                )
            )
        return found

    def most_confused(self, most: int = 3) -> list[tuple[int, int, int]]:
        """Return the most frequent confusions: true class, class said, how often."""
        wrong = self.counts.copy()
        np.fill_diagonal(wrong, 0)
        order = np.argsort(-wrong, axis=None, kind="stable")[:most]
        pairs = [divmod(int(place), wrong.shape[1]) for place in order]
        return [(truth, said, int(wrong[truth, said])) for truth, said in pairs
                if wrong[truth, said]]  # fmt: skip


def confusion(head: Head) -> Confusion:
    """Return the confusion matrix of a head."""
    size = len(head.classes)
    flat = np.bincount(head.truth.astype(np.int64) * size + head.said, minlength=size * size)
    return Confusion(head, flat.reshape(size, size))
