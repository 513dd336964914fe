"""What a network that looks at nothing would reach: the bar that learning begins above."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

_CROSSENTROPIES = (
    "categorical_crossentropy",
    "sparse_categorical_crossentropy",
    "binary_crossentropy",
)


@dataclass(frozen=True)
class Baseline:
    """The figures of the best answer that is the same for every example.

    Attributes:
        loss: its loss; ``None`` where it is not known for the loss in use.
        start: the loss of outputs that say nothing yet (0, or every class alike), near which
            training begins; ``None`` where it is not known.
        shares: for each head, the share of each class, in label order; empty where a head does
            not choose one class among several.
    """

    loss: float | None = None
    start: float | None = None
    shares: tuple[tuple[float, ...], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Baseline:
        """Make it again from ``to_dict``."""
        return cls(values["loss"], values["start"], tuple(tuple(head) for head in values["shares"]))


def baseline(
    labels: np.ndarray | tuple[np.ndarray, ...], task: str, losses: Sequence[str], heads: int = 1
) -> Baseline:
    """Return what the best constant answer reaches.

    Args:
        labels: as :class:`designer.datasets.Dataset` holds them.
        task: the task they are for.
        losses: the name of a Keras loss a head.
        heads: how many heads there are.
    """
    if task in ("regression", "multilabel"):
        targets = np.asarray(labels, np.float64)
        return Baseline(_constant_loss(targets, losses[0]), _loss_of_nothing(targets, losses[0]))
    columns = labels if isinstance(labels, tuple) else (labels,)
    shares = tuple(
        tuple((np.bincount(column) / max(1, len(column))).tolist()) for column in columns[:heads]
    )
    if not all(loss in _CROSSENTROPIES for loss in losses):
        return Baseline(None, None, shares)
    start = sum(math.log(max(2, len(head))) for head in shares)
    return Baseline(sum(_entropy(head) for head in shares), start, shares)


def _constant_loss(targets: np.ndarray, loss: str) -> float | None:
    """Return the loss of each column's best constant, averaged over the columns."""
    if loss == "mse":
        return float(targets.var(axis=0).mean())
    if loss == "mae":
        return float(np.abs(targets - np.median(targets, axis=0)).mean())
    if loss == "binary_crossentropy":
        each = targets.mean(axis=0)
        return float(np.mean([_entropy((share, 1 - share)) for share in each]))
    return None


def _loss_of_nothing(targets: np.ndarray, loss: str) -> float | None:
    if loss == "mse":
        return float(np.square(targets).mean())
    if loss == "mae":
        return float(np.abs(targets).mean())
    return math.log(2) if loss == "binary_crossentropy" else None


def _entropy(shares: Sequence[float]) -> float:
    return -sum(share * math.log(share) for share in shares if share > 0)


def baseline_of(dataset: str, task: str, losses: Sequence[str]) -> dict[str, Any]:
    """Return the baseline of a data set, JSON values: a job for a worker, which may have to load.

    Raises:
        DatasetError: there is no such data set or task, or it cannot be loaded.
    """
    from designer.datasets import load

    loaded = load(dataset, task)
    return baseline(loaded.labels, task, list(losses), max(1, len(loaded.view.heads))).to_dict()
