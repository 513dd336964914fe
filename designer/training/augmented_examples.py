"""Examples of a data set, as they are and varied: what augmentation would do (worker job)."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

LARGEST_SIDE = 64
"""Pixels a side of a picture that is only to be looked at."""


def augmented(
    dataset: str,
    augmentation: Mapping[str, Any],
    input_shape: Sequence[int],
    count: int = 4,
    variants: int = 5,
    seed: int = 0,
) -> dict[str, Any]:
    """Return a few pictures of a data set, each as it is and varied several times.

    Args:
        dataset: a name of the catalogue.
        augmentation: as ``Augmentation.to_dict`` gives it.
        input_shape: of the design: (height, width) or (height, width, channels).
        count: how many pictures.
        variants: how often each is varied.
        seed: as the run's.

    Returns:
        JSON values: ``shape`` (pictures, 1 + variants, height, width, channels) and ``pixels``,
        bytes 0–255 in that order as base 64; the first of each row is the picture as it is.

    Raises:
        DatasetError: there is no such data set, or its pictures do not fit the shape.
        SettingsError: an augmentation that makes no sense, or none for that shape.
    """
    import tensorflow as tf

    from designer.datasets import Preprocessing, examples, load, load_preview
    from designer.training.augmentation import Augmentation, check_varies
    from designer.training.augmenting import augmenter

    wanted = Augmentation.from_dict(augmentation)
    check_varies(wanted, input_shape)
    preview = load_preview(dataset)
    if preview is None:
        load(dataset)
        preview = load_preview(dataset)
    assert preview is not None
    few = examples(preview, count)
    low, high = preview.info.pixel_range or (0, 255)
    preprocessing = Preprocessing.fit(few.features, _small(input_shape), method="none")
    plain = preprocessing.apply(few.features)
    plain = plain[..., np.newaxis] if plain.ndim == 3 else plain
    vary = augmenter(wanted, plain.shape[1:], low, high)
    rows = [plain, *(vary(tf.constant(plain), tf.constant([seed, n])) for n in range(variants))]
    stacked = np.stack([np.asarray(row) for row in rows], axis=1)
    pixels = np.clip(np.rint((stacked - low) * (255 / (high - low))), 0, 255).astype(np.uint8)
    return {"shape": list(pixels.shape), "pixels": base64.b64encode(pixels.tobytes()).decode()}


def _small(input_shape: Sequence[int]) -> tuple[int, ...]:
    """Return the shape with its sides as much smaller as it takes to be quick to send."""
    part = min(1.0, LARGEST_SIDE / max(input_shape[:2]))
    sides = tuple(max(1, round(side * part)) for side in input_shape[:2])
    return (*sides, *input_shape[2:])
