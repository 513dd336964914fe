"""Arrays written to disk row by row, of a length that is known only at the end."""

from __future__ import annotations

import math
from pathlib import Path
from types import TracebackType

import numpy as np

from designer.datasets.own.limits import GIGABYTE, LARGEST_KEPT
from designer.errors import DatasetError


class ArrayWriter:
    """Writes an ``.npy`` file in pieces. Use it in a ``with`` statement.

    Args:
        path: the file.
        row_shape: the shape of one row.
        dtype: of its numbers.
    """

    def __init__(self, path: Path, row_shape: tuple[int, ...], dtype: np.dtype | type):
        self.rows = 0
        self._shape = row_shape
        self._dtype = np.dtype(dtype)
        self._row_bytes = self._dtype.itemsize * math.prod(row_shape)
        self._file = path.open("wb")
        self._head()
        self._begin = self._file.tell()

    def append(self, rows: np.ndarray) -> None:
        """Write some more rows."""
        if rows.shape[1:] != self._shape:
            raise ValueError(f"Rows of {rows.shape[1:]} in a file of rows of {self._shape}.")
        if (self.rows + len(rows)) * self._row_bytes > LARGEST_KEPT:
            raise DatasetError(
                f"The data would take more than {LARGEST_KEPT // GIGABYTE} GB on disk, which is "
                "the most that is kept. Keep pictures smaller, or leave columns out."
            )
        self._file.write(np.ascontiguousarray(rows, self._dtype).data)
        self.rows += len(rows)

    def __enter__(self) -> ArrayWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._file.seek(0)
                self._head()
                # numpy leaves room in the head for a first axis that grows.
                assert self._file.tell() == self._begin
        finally:
            self._file.close()

    def _head(self) -> None:
        np.lib.format.write_array_header_1_0(
            self._file,
            {
                "descr": np.lib.format.dtype_to_descr(self._dtype),
                "fortran_order": False,
                "shape": (self.rows, *self._shape),
            },
        )
