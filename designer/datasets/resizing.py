"""Bilinear resizing of a batch of pictures, with antialiasing when they shrink.

Rows and columns are resized one after the other, each by a small matrix of weights: the
triangle filter that Pillow and ``tf.image.resize(antialias=True)`` use. Written with numpy
so that floats stay floats and a whole batch is done at once.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np


@lru_cache(maxsize=64)
def resize_weights(before: int, after: int) -> np.ndarray:
    """Return the weights (after, before), float32, that resize a line of pixels.

    Each row adds up to 1. Pixels are areas with their centres at 0.5, 1.5, …; when a line
    shrinks, the triangle is as wide as the shrinking asks.
    """
    step = before / after
    reach = max(step, 1.0)
    centres = (np.arange(after) + 0.5) * step
    distance = np.abs(np.arange(before) + 0.5 - centres[:, np.newaxis]) / reach
    weights = np.maximum(0.0, 1.0 - distance)
    weights /= weights.sum(axis=1, keepdims=True)
    result = weights.astype(np.float32)
    result.flags.writeable = False  # it is shared
    return result


def resize(pictures: np.ndarray, height: int, width: int) -> np.ndarray:
    """Resize pictures.

    Args:
        pictures: float32 (n, height, width, channels).

    Returns:
        float32 (n, height, width, channels) with the new height and width.
    """
    if pictures.shape[1:3] == (height, width):
        return pictures
    rows = resize_weights(pictures.shape[1], height)
    columns = resize_weights(pictures.shape[2], width)
    by_channel = np.moveaxis(pictures, 3, 1)
    return np.moveaxis(rows @ by_channel @ columns.T, 1, 3)
