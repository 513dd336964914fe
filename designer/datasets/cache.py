"""Arrays on disk: written whole or not at all, read with nothing but numpy.

A file holds the raw features and targets of one data set, and a small sample spread over
the classes. The members of an ``.npz`` are read one by one, so a page that shows a few
examples of a large data set never has the rest of it in memory.
"""

from __future__ import annotations

import os
import tempfile
import zipfile
from pathlib import Path
from typing import NamedTuple

import numpy as np

from designer.datasets.catalogue import DatasetInfo
from designer.errors import DatasetError
from designer.paths import cache_folder

PREVIEW_PER_CLASS = 20
PREVIEW_WITHOUT_CLASSES = 100

_UNREADABLE = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile)


class RawArrays(NamedTuple):
    """A data set as its loader returns it and as the cache keeps it.

    Attributes:
        features: tables float32 (examples, columns); images uint8
            (examples, height, width, channels).
        targets: a column for each of the entry's targets: class indexes int64, or
            numbers float32.
    """

    features: np.ndarray
    targets: np.ndarray


def cache_path(info: DatasetInfo) -> Path:
    """Return where the converted arrays of a data set are kept."""
    return cache_folder() / f"dataset-{info.name}-{info.revision}.npz"


def check_arrays(info: DatasetInfo, arrays: RawArrays, examples: int | None = None) -> None:
    """Check arrays against the catalogue's entry.

    Args:
        examples: how many there must be; by default what the entry says.

    Raises:
        DatasetError: they are not what the catalogue promises.
    """
    count = info.examples if examples is None else examples
    has_classes = any(target.classes for target in info.targets)
    expected = {
        "features": (
            (count, *info.raw_shape),
            np.dtype(np.uint8 if info.kind == "image" else np.float32),
        ),
        "targets": (
            (count, len(info.targets)),
            np.dtype(np.int64 if has_classes else np.float32),
        ),
    }
    for name, (shape, dtype) in expected.items():
        array = getattr(arrays, name)
        if array.shape != shape or array.dtype != dtype:
            raise DatasetError(
                f"The {name} of {info.name} are not what the catalogue says: received "
                f"{array.dtype} of shape {array.shape}, expected {dtype} of shape {shape}. "
                "The package they come from may have changed them in another version."
            )
    for column, target in enumerate(info.targets):
        labels = arrays.targets[:, column]
        if target.classes and len(labels):
            low, high = int(labels.min()), int(labels.max())
            if low < 0 or high >= len(target.classes):
                raise DatasetError(
                    f"The labels of {info.name} for {target.name} run from {low} to {high}; "
                    f"the catalogue has {len(target.classes)} classes, 0 to "
                    f"{len(target.classes) - 1}."
                )


def spread_rows(labels: np.ndarray, count: int, seed: int = 0) -> np.ndarray:
    """Return up to ``count`` rows that take turns between the classes.

    Args:
        labels: class indexes (n,); numbers are all treated as one class.
        count: how many rows at most.
        seed: decides which rows of a class, and no more.
    """
    generator = np.random.default_rng(seed)
    order = generator.permutation(len(labels))
    if np.issubdtype(labels.dtype, np.integer) and len(labels):
        # The k-th example of every class comes before the (k+1)-th of any.
        shuffled = labels[order]
        by_class = np.argsort(shuffled, kind="stable")
        _, sizes = np.unique(shuffled, return_counts=True)
        turn = np.empty(len(labels), dtype=np.int64)
        turn[by_class] = np.concatenate([np.arange(size) for size in sizes])
        order = order[np.lexsort((shuffled, turn))]
    return order[:count]


def write_arrays(info: DatasetInfo, arrays: RawArrays) -> None:
    """Keep the arrays of a data set: the file appears complete or not at all.

    Two processes may write the same data set at once: each writes a file of its own and
    moves it into place.

    Raises:
        DatasetError: the folder cannot be written, or the disk is full.
    """
    classes = len(info.targets[0].classes)
    sample = PREVIEW_PER_CLASS * classes if classes else PREVIEW_WITHOUT_CLASSES
    rows = spread_rows(arrays.targets[:, 0], sample)
    part: str | None = None
    try:
        path = cache_path(info)
        handle, part = tempfile.mkstemp(prefix=path.stem, suffix=".part", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            np.savez(
                file,
                features=arrays.features,
                targets=arrays.targets,
                preview_features=arrays.features[rows],
                preview_targets=arrays.targets[rows],
            )
        os.replace(part, path)
        part = None
    except OSError as error:
        raise DatasetError(
            f"The data set {info.name} was loaded, but a copy cannot be kept in the cache: "
            f"{error}. Make room there, or set MODEL_DESIGNER_HOME to a folder that can be "
            "written."
        ) from error
    finally:
        if part is not None:
            Path(part).unlink(missing_ok=True)


def read_arrays(info: DatasetInfo, *, preview: bool = False) -> RawArrays | None:
    """Return the kept arrays, or None where there are none that can be read.

    A file that is damaged or from another version counts as absent: it can be made again.

    Args:
        preview: read only the small sample.
    """
    prefix = "preview_" if preview else ""
    try:
        with np.load(cache_path(info), allow_pickle=False) as file:
            arrays = RawArrays(file[prefix + "features"], file[prefix + "targets"])
        check_arrays(info, arrays, len(arrays.features) if preview else None)
    except _UNREADABLE:  # DatasetError is a ValueError
        return None
    return arrays
