"""Some rows of an array that lies on disk, read as they are asked for."""

from __future__ import annotations

from typing import Any

import numpy as np


class Rows:
    """A choice of rows, in an order, of an array that may be larger than memory.

    It takes what is done to arrays of examples: ``len``, ``shape``, slices and lists of places,
    which give plain arrays. ``numpy.asarray`` reads all of it.

    Args:
        source: the array, such as a memory-mapped one.
        places: which of its rows, int64 (n,).
    """

    def __init__(self, source: np.ndarray, places: np.ndarray):
        self._source = source
        self._places = np.asarray(places)
        self.shape: tuple[int, ...] = (len(self._places), *source.shape[1:])
        self.dtype = source.dtype
        self.ndim = source.ndim

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, key: Any) -> np.ndarray:
        places = self._places[key]
        if np.ndim(places) != 1 or len(places) < 2:
            return np.array(self._source[places])
        # In the order they lie on disk, which is the order it reads fastest.
        order = np.argsort(places, kind="stable")
        read = np.empty((len(places), *self.shape[1:]), self.dtype)
        read[order] = self._source[places[order]]
        return read

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        read = self[:]
        return read if dtype is None else read.astype(dtype, copy=False)
