"""Examples of a data set in a form for people: pictures, rows with names, labels in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from designer.datasets.cache import spread_rows
from designer.datasets.loading import Dataset
from designer.errors import DatasetError

if TYPE_CHECKING:
    import pandas as pd


def examples(dataset: Dataset, count: int = 20, seed: int = 0) -> Dataset:
    """Return up to ``count`` examples, taking turns between the classes.

    Multitask takes turns between the classes of its first head; multilabel and regression
    are picked at random.
    """
    labels = dataset.labels[0] if isinstance(dataset.labels, tuple) else dataset.labels
    if labels.ndim > 1:
        labels = np.zeros(len(labels), dtype=np.int64)
    return dataset.take(spread_rows(labels, count, seed))


def label_texts(dataset: Dataset) -> list[str]:
    """Return the label of every example in words: "versicolor", "adult, female", "151"."""
    view, labels = dataset.view, dataset.labels
    if isinstance(labels, tuple):
        heads = list(zip(labels, view.heads, strict=True))
        return [
            ", ".join(classes[int(column[row])] for column, classes in heads)
            for row in range(len(dataset))
        ]
    if view.task == "regression":
        return [", ".join(f"{float(value):.4g}" for value in row) for row in labels]
    if view.task == "multilabel":
        return [
            ", ".join(view.heads[0][index] for index in np.flatnonzero(row)) or "none"
            for row in labels
        ]
    return [view.heads[0][int(index)] for index in labels]


def as_table(dataset: Dataset, rows: int | None = None) -> pd.DataFrame:
    """Return a table's first rows: a column a feature, then the label in words.

    Args:
        rows: how many; None for all.

    Raises:
        DatasetError: the data set is of pictures.
    """
    import pandas as pd

    if dataset.info.kind != "table":
        raise DatasetError(
            f"{dataset.info.name} is a set of pictures, without columns: show them as pictures."
        )
    shown = dataset if rows is None else dataset.take(np.arange(min(rows, len(dataset))))
    frame = pd.DataFrame(shown.features, columns=list(shown.view.feature_names))
    names = shown.view.target_names
    if shown.view.task == "regression":
        for column, name in enumerate(names):
            frame[name] = np.asarray(shown.labels)[:, column]
    elif isinstance(shown.labels, tuple):
        for name, labels, classes in zip(names, shown.labels, shown.view.heads, strict=True):
            frame[name] = [classes[int(index)] for index in labels]
    else:
        frame[" and ".join(names)] = label_texts(shown)
    return frame


def as_pictures(dataset: Dataset) -> np.ndarray:
    """Return pictures to show: uint8 from 0 to 255, (n, height, width) in grey or
    (n, height, width, 3) in colour.

    Raises:
        DatasetError: the data set is a table.
    """
    if dataset.info.kind != "image" or dataset.info.pixel_range is None:
        raise DatasetError(f"{dataset.info.name} is a table and has no pictures: show its rows.")
    low, high = dataset.info.pixel_range
    pictures = dataset.features
    if (low, high) != (0, 255):
        scaled = (pictures.astype(np.float32) - low) * (255 / (high - low))
        pictures = np.round(scaled).astype(np.uint8)
    return pictures[..., 0] if pictures.shape[3] == 1 else pictures
