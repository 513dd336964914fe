"""From a drawing to an example as a data set has them."""

from __future__ import annotations

import numpy as np

from designer.datasets.resizing import resize

INKED = 20 / 28
"""How much of a picture's side a centred drawing takes, as in MNIST."""


def as_example(
    ink: np.ndarray,
    raw_shape: tuple[int, ...],
    pixel_range: tuple[int, int],
    *,
    centred: bool,
    dark_on_light: bool = False,
) -> np.ndarray:
    """Return a drawing as raw pixels.

    Args:
        ink: (height, width), 0 where nothing is drawn to 1.
        raw_shape: (height, width, channels) of the data set.
        pixel_range: its smallest and largest pixel.
        centred: bring the drawing to MNIST's size and its centre of mass to the middle.
        dark_on_light: whether ink is the smallest pixel, as in print.

    Returns:
        uint8, of the raw shape.
    """
    height, width, channels = raw_shape
    ink = np.asarray(ink, np.float32)
    small = _centred(ink, height, width) if centred else _resized(ink, height, width)
    low, high = pixel_range
    share = 1 - small if dark_on_light else small
    pixels = np.clip(np.round(low + share * (high - low)), low, high).astype(np.uint8)
    return np.repeat(pixels[..., np.newaxis], channels, axis=2)


def light_background(pictures: np.ndarray, pixel_range: tuple[int, int]) -> bool:
    """Say whether pictures (n, height, width, channels) are dark on light, by their edges."""
    edges = [pictures[:, 0], pictures[:, -1], pictures[:, :, 0], pictures[:, :, -1]]
    mean = np.mean([edge.mean() for edge in edges])
    return bool(mean > sum(pixel_range) / 2)


def _resized(ink: np.ndarray, height: int, width: int) -> np.ndarray:
    return resize(ink[np.newaxis, ..., np.newaxis], height, width)[0, ..., 0]


def _centred(ink: np.ndarray, height: int, width: int) -> np.ndarray:
    rows, columns = (np.flatnonzero(ink.max(axis=axis) > 0.1) for axis in (1, 0))
    result = np.zeros((height, width), np.float32)
    if not len(rows):
        return result
    cut = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = INKED * min(height, width) / max(cut.shape)
    small = _resized(cut, *(max(1, round(side * scale)) for side in cut.shape))
    total = max(float(small.sum()), 1e-6)
    places = []
    for axis, side in ((0, height), (1, width)):
        middle = float((small.sum(axis=1 - axis) * np.arange(small.shape[axis])).sum()) / total
        first = round((side - 1) / 2 - middle)
        places.append(min(max(first, 0), side - small.shape[axis]))
    top, left = places
    result[top : top + small.shape[0], left : left + small.shape[1]] = small
    return result
