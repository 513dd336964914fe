"""Values that are missing in a table: whether there are any, and what stands for them.

A gap is not-a-number in the raw features. What stands for it is learned from the training
examples alone, so that a network never hears anything of those it is tested on.
"""

from __future__ import annotations

from typing import Any

import numpy as np

_CHUNK = 65_536  # rows at a time, as a table may lie on disk


def has_gaps(table: Any) -> bool:
    """Say whether a value is missing anywhere in a table (rows, features)."""
    return any(
        bool(np.isnan(table[start : start + _CHUNK]).any())
        for start in range(0, len(table), _CHUNK)
    )


def means_of_known(table: Any, rows: np.ndarray | None) -> np.ndarray:
    """Return the mean of each column's values that are there, float64 (features,); 0 where none is.

    Args:
        table: (rows, features).
        rows: the indexes of the rows that are looked at; None for all.
    """
    picked = np.arange(len(table)) if rows is None else np.asarray(rows)
    total, known = np.zeros(table.shape[1]), np.zeros(table.shape[1])
    for start in range(0, len(picked), _CHUNK):
        chunk = np.asarray(table[picked[start : start + _CHUNK]], np.float64)
        total += np.nansum(chunk, axis=0)
        known += np.sum(~np.isnan(chunk), axis=0)
    return total / np.maximum(known, 1)


def known_values(column: np.ndarray) -> np.ndarray:
    """Return a column's values that are there; a single 0 where there is none."""
    known = column[~np.isnan(column)]
    return known if len(known) else np.zeros(1, column.dtype)
