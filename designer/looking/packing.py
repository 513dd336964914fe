"""Arrays as JSON values, to cross the pipe between the pages and a worker."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np


def pack(array: np.ndarray) -> dict[str, Any]:
    """Return an array of numbers as JSON values."""
    array = np.ascontiguousarray(array)
    return {
        "kind": array.dtype.str,
        "shape": list(array.shape),
        "data": base64.b64encode(array.tobytes()).decode(),
    }


def unpack(packed: Mapping[str, Any]) -> np.ndarray:
    """Make an array again from :func:`pack`."""
    flat = np.frombuffer(base64.b64decode(packed["data"]), np.dtype(packed["kind"]))
    return flat.reshape(packed["shape"])
