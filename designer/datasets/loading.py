"""Loading: from a name and a task to arrays, kept on disk after the first time."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any

import numpy as np

from designer.datasets.cache import RawArrays, check_arrays, read_arrays, write_arrays
from designer.datasets.catalogue import DatasetInfo, TaskView, dataset_info
from designer.datasets.rows import Rows
from designer.errors import DatasetError

DOWNLOAD_SECONDS = 600.0
"""How long a download may take, if nobody says otherwise."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Examples and their labels, raw: nothing scaled, nothing encoded.

    Attributes:
        info: the catalogue's entry.
        view: the task and the names of what goes in and comes out.
        features: tables float32 (n, features), not-a-number where somebody's own table has a gap;
            images uint8 (n, height, width, channels).
        labels: regression float32 (n, outputs); binary and multiclass class indexes
            int64 (n,); multilabel 0 and 1 int64 (n, classes); multitask a tuple of class
            indexes, one int64 (n,) a head.
    """

    info: DatasetInfo
    view: TaskView
    features: np.ndarray
    labels: np.ndarray | tuple[np.ndarray, ...]

    def __len__(self) -> int:
        return len(self.features)

    def take(self, rows: np.ndarray) -> Dataset:
        """Return the examples at these indexes, in that order.

        Features that lie on disk stay there, and are read as they are used.
        """
        if isinstance(self.labels, tuple):
            labels: np.ndarray | tuple[np.ndarray, ...] = tuple(head[rows] for head in self.labels)
        else:
            labels = self.labels[rows]
        features: Any = self.features
        on_disk = isinstance(features, np.memmap)
        taken: Any = Rows(features, rows) if on_disk else features[rows]
        return Dataset(self.info, self.view, taken, labels)


def is_ready(name: str) -> bool:
    """Say whether a data set is in the cache and can be read.

    Where it is, :func:`load` imports nothing but numpy and takes milliseconds. Where it is
    not, it imports the package that has the data, or downloads: work for another process
    than the one that serves pages.

    Raises:
        DatasetError: there is no such data set.
    """
    return _kept(dataset_info(name), preview=True) is not None


def load(name: str, task: str | None = None, *, timeout: float = DOWNLOAD_SECONDS) -> Dataset:
    """Load a data set, and keep a converted copy for the next time.

    Args:
        name: a name of the catalogue.
        task: one of the tasks it offers; None for its default.
        timeout: seconds that a download may take.

    Raises:
        DatasetError: there is no such data set or task, no network, or a package is missing.
    """
    info = dataset_info(name)
    view = info.view(task)
    arrays = _kept(info)
    if arrays is None:
        arrays = _fetch(info, timeout)
        check_arrays(info, arrays)
        write_arrays(info, arrays)
    return _look_at(info, view, arrays)


def load_preview(name: str, task: str | None = None) -> Dataset | None:
    """Return a few examples spread over the classes, without reading the rest.

    Returns:
        up to 20 examples a class (100 where there are no classes), in turn by class; None
        where the data set has not been loaded on this machine (see :func:`is_ready`).

    Raises:
        DatasetError: there is no such data set or task.
    """
    info = dataset_info(name)
    view = info.view(task)
    arrays = _kept(info, preview=True)
    return None if arrays is None else _look_at(info, view, arrays)


def _kept(info: DatasetInfo, *, preview: bool = False) -> RawArrays | None:
    """Return the arrays where they are on disk: what somebody brought along always is."""
    if info.loader == "own":
        from designer.datasets.own.storing import read_own_arrays

        return read_own_arrays(info, preview=preview)
    return read_arrays(info, preview=preview)


def _fetch(info: DatasetInfo, timeout: float) -> RawArrays:
    """Call the entry's loader; only here is a loader module imported."""
    loader = importlib.import_module(f"designer.datasets.{info.loader}")
    try:
        return loader.fetch(info, timeout=timeout)
    except ImportError as error:
        raise DatasetError(
            f"The data set {info.name} comes with a package that is missing here ({error}). "
            "Install it with: python -m pip install -r requirements.txt"
        ) from error


def _look_at(info: DatasetInfo, view: TaskView, arrays: RawArrays) -> Dataset:
    """Return the columns and the labels of one task."""
    features = arrays.features
    if info.kind == "table" and view.feature_names != info.feature_names:
        features = features[:, [info.feature_names.index(name) for name in view.feature_names]]
    names = [target.name for target in info.targets]
    columns = [arrays.targets[:, names.index(name)] for name in view.target_names]
    labels: np.ndarray | tuple[np.ndarray, ...]
    if view.task == "regression":
        labels = np.column_stack(columns)
    elif view.task == "multilabel":
        sizes = [len(info.targets[names.index(name)].classes) for name in view.target_names]
        labels = np.concatenate(
            [np.eye(size, dtype=np.int64)[column]
             for size, column in zip(sizes, columns, strict=True)],
            axis=1,
        )  # fmt: skip
    elif view.task == "multitask":
        labels = tuple(columns)
    else:
        labels = columns[0]
    return Dataset(info, view, features, labels)
