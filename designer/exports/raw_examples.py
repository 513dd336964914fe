"""Raw examples, and pictures as files, to call an export's signatures with; and what they ought
to give, prepared by numpy where the export prepares in TensorFlow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from designer.exports.preparing_in_tensorflow import pixel_range

if TYPE_CHECKING:
    import numpy as np

    from designer.datasets.preprocessing import Preprocessing

COUNT = 4


def raw_examples(preprocessing: Preprocessing, held: np.ndarray | None) -> np.ndarray:
    """Return raw examples as a signature takes them: the first held-out ones, or made-up ones.

    Returns:
        uint8 pictures or float32 tables, (4, *raw_shape).
    """
    import numpy as np

    is_picture = len(preprocessing.raw_shape) == 3
    low, high = pixel_range(preprocessing)
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


def knows_pixels(preprocessing: Preprocessing | None, held: np.ndarray | None) -> bool:
    """Return whether it is known which range raw pixels have: that which was normalised; or 0 to
    255, unless the held-out pictures look otherwise."""
    if preprocessing is None or len(preprocessing.raw_shape) != 3:
        return False
    return preprocessing.method == "normalise" or held is None or float(held.max()) > 127


def encoded_pictures(raw: np.ndarray, preprocessing: Preprocessing) -> list[bytes]:
    """Return pictures as files: a PNG of the raw size, a larger PNG, and a JPEG.

    Args:
        raw: uint8 (4, *raw_shape).
        preprocessing: fitted.
    """
    import numpy as np
    import tensorflow as tf

    low, high = pixel_range(preprocessing)
    pixels = np.clip(np.round((raw - low) * (255 / (high - low))), 0, 255).astype(np.uint8)
    larger = pixels[1].repeat(2, axis=0).repeat(3, axis=1)[:, 1:]
    files = [
        tf.io.encode_png(pixels[0]),
        tf.io.encode_png(larger),
        tf.io.encode_jpeg(pixels[2], quality=95),
    ]
    return [file.numpy() for file in files]


def prepared_from_files(files: list[bytes], preprocessing: Preprocessing) -> np.ndarray:
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
    low, high = pixel_range(preprocessing)
    pictures: list[Any] = []
    for file in files:
        pixels = np.asarray(tf.io.decode_image(file, channels=3, expand_animations=False))
        picture = pixels.astype(np.float32)
        if colours == 1:
            picture = (picture @ GREY_WEIGHTS)[..., np.newaxis]
        picture = low + picture * np.float32((high - low) / 255)
        pictures.append(resize(picture[np.newaxis], height, width)[0])
    return preprocessing.apply(np.stack(pictures))
