"""Varying pictures while training (TensorFlow; workers only).

Graph functions: they run inside the compiled step. What they do to a picture follows from a
pair of numbers, the run's seed and the step, and the picture's place in its batch: the same
step varies the same way every time, whatever came before it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import tensorflow as tf

from designer.datasets import Preprocessing
from designer.training.augmentation import Augmentation, check_varies

Vary = Callable[[tf.Tensor, tf.Tensor], tf.Tensor]
"""From a batch of features and a pair (seed, step) to the features, varied."""

Bound = float | Sequence[float] | np.ndarray

_DRAWS = 7  # numbers drawn for a picture, each for a purpose of its own


def augmenter(
    augmentation: Augmentation, input_shape: Sequence[int], low: Bound, high: Bound
) -> Vary:
    """Return the function that varies a batch of pictures.

    Args:
        augmentation: how far.
        input_shape: of one picture: (height, width) or (height, width, channels).
        low: the least a pixel can be, after scaling; one number, or one a channel.
        high: the most.

    Returns:
        a function of features, float (n, *input_shape), and a pair (seed, step) of whole
        numbers. With nothing to vary it returns the tensor it was given.

    Raises:
        SettingsError: ``input_shape`` is not that of a picture.
    """
    if not augmentation.is_on:
        return lambda features, seed: features
    check_varies(augmentation, input_shape)
    flat = len(input_shape) == 2
    least, most = np.asarray(low, np.float32), np.asarray(high, np.float32)
    one = augmentation

    def vary(features: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
        pictures = features[..., tf.newaxis] if flat else features
        count = tf.shape(pictures)[0]
        draws = tf.random.stateless_uniform([count, _DRAWS], seed, -1.0, 1.0)
        if one.translation or one.rotation or one.zoom:
            pictures = warp(
                pictures,
                degrees=one.rotation * draws[:, 0],
                scale=1.0 + one.zoom * draws[:, 1],
                right=one.translation * draws[:, 2],
                down=one.translation * draws[:, 3],
            )
        if one.flip in ("horizontal", "both"):
            pictures = _where(draws[:, 4] > 0, tf.reverse(pictures, [2]), pictures)
        if one.flip in ("vertical", "both"):
            pictures = _where(draws[:, 5] > 0, tf.reverse(pictures, [1]), pictures)
        if one.brightness:
            lighter = one.brightness * draws[:, 6][:, tf.newaxis, tf.newaxis, tf.newaxis]
            pictures = tf.clip_by_value(pictures + lighter * (most - least), least, most)
        return tf.squeeze(pictures, -1) if flat else pictures

    return vary


def warp(
    pictures: tf.Tensor, *, degrees: tf.Tensor, scale: tf.Tensor, right: tf.Tensor, down: tf.Tensor
) -> tf.Tensor:
    """Turn, size and move pictures about their middle, each by its own numbers.

    What comes in from outside repeats the nearest pixel.

    Args:
        pictures: (n, height, width, channels).
        degrees: turned counter-clockwise, (n,).
        scale: times as large, (n,).
        right: moved to the right, as a part of the width, (n,).
        down: moved down, as a part of the height, (n,).
    """
    height, width = pictures.shape[1], pictures.shape[2]
    middle_x, middle_y = (width - 1) / 2, (height - 1) / 2
    angle = degrees * (math.pi / 180)
    # From a place in the result to the place it came from.
    cosine, sine = tf.cos(angle) / scale, tf.sin(angle) / scale
    to_x, to_y = middle_x + right * width, middle_y + down * height
    nothing = tf.zeros_like(cosine)
    transforms = tf.stack(
        [
            cosine,
            -sine,
            middle_x - cosine * to_x + sine * to_y,
            sine,
            cosine,
            middle_y - sine * to_x - cosine * to_y,
            nothing,
            nothing,
        ],
        axis=1,
    )
    warped = tf.raw_ops.ImageProjectiveTransformV3(
        images=pictures,
        transforms=transforms,
        output_shape=tf.constant([height, width]),
        fill_value=0.0,
        interpolation="BILINEAR",
        fill_mode="NEAREST",
    )
    warped.set_shape(pictures.shape)
    return warped


def pixel_bounds(
    preprocessing: Preprocessing, pixel_range: tuple[int, int] | None
) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and the most a pixel can be after scaling, for each channel.

    Args:
        preprocessing: what is done to the raw pictures.
        pixel_range: the least and the most of a raw pixel; ``None`` for 0 to 255.
    """
    shift, scale = np.asarray(preprocessing.shift), np.asarray(preprocessing.scale)
    low, high = ((value - shift) / scale for value in pixel_range or (0, 255))
    return low.astype(np.float32), high.astype(np.float32)


def _where(which: tf.Tensor, changed: tf.Tensor, pictures: tf.Tensor) -> tf.Tensor:
    return tf.where(which[:, tf.newaxis, tf.newaxis, tf.newaxis], changed, pictures)
