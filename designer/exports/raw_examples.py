"""Raw examples, and pictures as files, to call an export's signatures with; and what they ought
to give, prepared by numpy where the export prepares in TensorFlow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from designer.datasets.preprocessing import Preprocessing

COUNT = 4


def raw_examples(
    preprocessing: Preprocessing,
    pixels: tuple[float, float] | None,
    held: np.ndarray | None,
) -> np.ndarray:
    """Return raw examples as a signature takes them: the first held-out ones, or made-up ones.

    Returns:
        uint8 pictures or float32 tables, (4, *raw_shape).
    """
    import numpy as np

    is_picture = len(preprocessing.raw_shape) == 3
    low, high = pixels or (0.0, 255.0)
    if held is not None:
        rows = held[np.arange(COUNT) % len(held)]
    elif is_picture:
        rows = np.random.default_rng(0).uniform(low, high, (COUNT, *preprocessing.raw_shape))
    else:
        rows = np.random.default_rng(0).normal(size=(COUNT, *preprocessing.raw_shape))
        rows = rows * np.array(preprocessing.scale) + np.array(preprocessing.shift)
    if is_picture:
        return np.clip(np.round(rows), 0, 255).astype(np.uint8)
    return rows.astype(np.float32)


def pixel_range(
    preprocessing: Preprocessing | None,
    record: Mapping[str, Any] | None,
    held: np.ndarray | None,
) -> tuple[float, float] | None:
    """Return the least and the most of a raw pixel; ``None`` if there are none, or it cannot be
    told: neither by the run's record, nor as what was normalised, nor as 0 to 255 where the
    held-out pictures look otherwise.

    Args:
        preprocessing: of the model.
        record: of the run.
        held: raw held-out pictures.
    """
    if preprocessing is None or len(preprocessing.raw_shape) != 3:
        return None
    known = ((record or {}).get("data") or {}).get("pixel_range")
    if known:
        return float(known[0]), float(known[1])
    if preprocessing.method == "normalise":
        low = preprocessing.shift[0]
        return low, low + preprocessing.scale[0]
    return (0.0, 255.0) if held is None or float(held.max()) > 127 else None


def encoded_pictures(raw: np.ndarray, pixels: tuple[float, float]) -> list[bytes]:
    """Return pictures as files: a PNG of the raw size, a larger PNG, and a JPEG.

    Args:
        raw: uint8 (4, *raw_shape).
        pixels: the least and the most of a raw pixel.
    """
    import numpy as np
    import tensorflow as tf

    low, high = pixels
    whole = np.clip(np.round((raw - low) * (255 / (high - low))), 0, 255).astype(np.uint8)
    larger = whole[1].repeat(2, axis=0).repeat(3, axis=1)[:, 1:]
    files = [
        tf.io.encode_png(whole[0]),
        tf.io.encode_png(larger),
        tf.io.encode_jpeg(whole[2], quality=95),
    ]
    return [file.numpy() for file in files]


def prepared_from_files(
    files: list[bytes], preprocessing: Preprocessing, pixels: tuple[float, float]
) -> np.ndarray:
    """Return what the model ought to get for pictures as files without transparency: decoded by
    TensorFlow, all else by numpy.

    Returns:
        float32 (n, *input_shape).
    """
    import numpy as np
    import tensorflow as tf

    from designer.datasets.preprocessing import GREY_WEIGHTS
    from designer.datasets.resizing import resize

    height, width, colours = preprocessing.raw_shape
    low, high = pixels
    pictures: list[Any] = []
    for file in files:
        read = np.asarray(tf.io.decode_image(file, channels=3, expand_animations=False))
        picture = read.astype(np.float32)
        if colours == 1:
            picture = (picture @ GREY_WEIGHTS)[..., np.newaxis]
        picture = low + picture * np.float32((high - low) / 255)
        pictures.append(resize(picture[np.newaxis], height, width)[0])
    return preprocessing.apply(np.stack(pictures))
