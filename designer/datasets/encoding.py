"""Labels in the form a loss takes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from designer.datasets.catalogue import TaskView
from designer.errors import DatasetError

SPARSE = "sparse_categorical_crossentropy"


def encode_labels(
    labels: np.ndarray | tuple[np.ndarray, ...], view: TaskView, losses: str | Sequence[str]
) -> np.ndarray | list[np.ndarray]:
    """Return labels as the losses of a compiled model take them.

    Args:
        labels: as in :class:`~designer.datasets.loading.Dataset`.
        view: the task they are for.
        losses: a Keras loss name a head (one name will do for one head).
            ``sparse_categorical_crossentropy`` takes class indexes, all others one-hot rows.

    Returns:
        regression float32 (n, outputs); binary float32 (n, 1) of 0 and 1; multiclass one-hot
        float32 (n, classes), or int32 (n,) for the sparse loss; multilabel float32
        (n, classes) of 0 and 1; multitask a list of such arrays, one a head.

    Raises:
        DatasetError: not one loss a head, or a sparse loss where there is no choice of one
            class among several.
    """
    names = (losses,) if isinstance(losses, str) else tuple(losses)
    heads = len(view.heads) or 1
    if len(names) != heads:
        raise DatasetError(
            f"The task {view.task} has {heads} head{'s' if heads > 1 else ''} "
            f"({', '.join(view.head_names)}) and takes one loss for each, received "
            f"{len(names)}: {', '.join(map(str, names)) or 'none'}."
        )
    if SPARSE in names and view.task not in ("multiclass", "multitask"):
        raise DatasetError(
            f"The loss {SPARSE} takes one class among several, which {view.task} labels are "
            "not. Use it with multiclass or multitask."
        )
    if isinstance(labels, tuple):
        return [
            _encode_classes(column, len(classes), name)
            for column, classes, name in zip(labels, view.heads, names, strict=True)
        ]
    if view.task == "multiclass":
        return _encode_classes(labels, len(view.heads[0]), names[0])
    return np.asarray(labels, np.float32).reshape(len(labels), -1)


def _encode_classes(column: np.ndarray, classes: int, loss: str) -> np.ndarray:
    """Return class indexes as they are, or as one-hot rows."""
    if loss == SPARSE:
        return column.astype(np.int32)
    rows = np.zeros((len(column), classes), dtype=np.float32)
    rows[np.arange(len(column)), column] = 1
    return rows
