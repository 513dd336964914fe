"""What is in a data set, counted: the answer of the job that loads one in a worker."""

from __future__ import annotations

from typing import Any

import numpy as np

from designer.datasets.gaps import known_values
from designer.datasets.loading import DOWNLOAD_SECONDS, Dataset, load


def describe(
    name: str, task: str | None = None, timeout: float = DOWNLOAD_SECONDS
) -> dict[str, Any]:
    """Load a data set and tell what is in it. After that it is ready for every process.

    Run it in a worker, as it may import the package that has the data, or download.

    Args:
        name: a name of the catalogue.
        task: one of the tasks it offers; None for its default.
        timeout: seconds that a download may take.

    Returns:
        JSON values: the catalogue's entry, ``view`` (the task's), ``class_counts`` (for each
        head, how many examples each class has, in label order; empty for regression),
        ``target_ranges`` (smallest and largest of each number to predict; empty without) and
        ``feature_ranges`` (of each column; empty for images).

    Raises:
        DatasetError: there is no such data set or task, no network, or a package is missing.
    """
    dataset = load(name, task, timeout=timeout)
    return {
        **dataset.info.to_dict(),
        "view": dataset.view.to_dict(),
        "class_counts": class_counts(dataset),
        "target_ranges": _ranges(dataset.labels) if dataset.view.task == "regression" else [],
        "feature_ranges": _ranges(dataset.features) if dataset.info.kind == "table" else [],
    }


def class_counts(dataset: Dataset) -> list[list[int]]:
    """Return how many examples each class of each head has, in label order."""
    labels, heads = dataset.labels, dataset.view.heads
    if dataset.view.task == "multilabel":
        return [[int(count) for count in np.sum(labels, axis=0)]]
    columns = labels if isinstance(labels, tuple) else (labels,)
    return [
        np.bincount(column, minlength=len(classes)).tolist()
        for column, classes in zip(columns, heads, strict=False)  # regression has no heads
    ]


def _ranges(columns: np.ndarray | tuple[np.ndarray, ...]) -> list[list[float]]:
    """Return the smallest and largest value of each column, of those that are there."""
    found = map(known_values, np.asarray(columns).T)
    return [[float(column.min()), float(column.max())] for column in found]
