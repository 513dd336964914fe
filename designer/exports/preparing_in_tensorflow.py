"""Raw examples prepared inside a TensorFlow graph, as ``Preprocessing.apply`` prepares them.

TensorFlow is imported when a function is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import tensorflow as tf

    from designer.datasets.preprocessing import Preprocessing


def raw_spec(preprocessing: Preprocessing) -> tf.TensorSpec:
    """Return what a batch of raw examples is: pictures of whole numbers, tables of floats."""
    import tensorflow as tf

    kind = tf.uint8 if len(preprocessing.raw_shape) == 3 else tf.float32
    return tf.TensorSpec((None, *preprocessing.raw_shape), kind, name="inputs")


def prepare(raw: Any, preprocessing: Preprocessing) -> Any:
    """Return a batch of raw examples as the model takes them.

    Args:
        raw: a tensor (n, *raw_shape) of any number type.
        preprocessing: fitted.

    Returns:
        float32 (n, *input_shape).
    """
    if len(preprocessing.raw_shape) == 1:
        return _prepared_table(raw, preprocessing)
    return _prepared_pictures(raw, preprocessing)


def _prepared_table(raw: Any, preprocessing: Preprocessing) -> Any:
    """In float64, as a large shift would eat the digits of a float32."""
    import tensorflow as tf

    def column(numbers: Any) -> Any:
        return tf.constant(numbers, tf.float64)

    values = tf.cast(raw, tf.float64)
    if (fill := preprocessing.fill) is not None:
        values = tf.where(tf.math.is_nan(values), column(fill), values)
    values = (values - column(preprocessing.shift)) / column(preprocessing.scale)
    return tf.cast(values, tf.float32)


def _prepared_pictures(raw: Any, preprocessing: Preprocessing) -> Any:
    import tensorflow as tf

    from designer.datasets.resizing import resize_weights

    (height, width, colours), wanted = preprocessing.raw_shape, preprocessing.input_shape
    channels = len(preprocessing.shift)  # never more than the pictures have
    pictures = tf.cast(raw, tf.float32)
    if channels < colours:
        pictures = _grey(pictures)
    if len(wanted) > 1 and wanted[:2] != (height, width):
        rows = tf.constant(resize_weights(height, wanted[0]))
        columns = tf.constant(resize_weights(width, wanted[1]))
        pictures = _resized(pictures, rows, columns)
    if preprocessing.method != "none":
        pictures -= tf.constant(preprocessing.shift, tf.float32)
        pictures /= tf.constant(preprocessing.scale, tf.float32)
    if len(wanted) == 3 and channels < wanted[2]:
        pictures = tf.repeat(pictures, wanted[2], axis=3)
    return tf.reshape(pictures, (-1, *wanted))


def _grey(pictures: Any) -> Any:
    """Return pictures (…, 3) in grey (…, 1)."""
    import tensorflow as tf

    from designer.datasets.preprocessing import GREY_WEIGHTS

    return tf.tensordot(pictures, tf.constant(GREY_WEIGHTS), 1)[..., tf.newaxis]


def _resized(pictures: Any, rows: Any, columns: Any) -> Any:
    """Return pictures (n, height, width, channels) resized by two matrices of weights, as
    ``designer.datasets.resizing.resize`` does it.

    By plain products of matrices: those of a matrix and a batch of them are wrong, and have
    overwritten memory, in TensorFlow 2.21 on some processors.
    """
    import tensorflow as tf

    by_rows = tf.tensordot(pictures, rows, [[1], [1]])  # (n, width, channels, new height)
    resized = tf.tensordot(by_rows, columns, [[1], [1]])  # (n, channels, new height, new width)
    return tf.transpose(resized, (0, 2, 3, 1))


def decode(encoded: Any, preprocessing: Preprocessing, pixel_range: tuple[float, float]) -> Any:
    """Return pictures that come as files (PNG, JPEG, GIF, BMP), of any size, as raw ones.

    They are made grey or colour as the raw ones are, with white behind what is transparent,
    resized by the arithmetic of ``designer.datasets.resizing``, and brought to the range of the
    raw pixels. Values are not rounded to whole numbers again. How a camera was held (EXIF) is
    not looked at.

    Args:
        encoded: a tensor of bytes (n,).
        preprocessing: fitted on pictures.
        pixel_range: the least and the most of a raw pixel.

    Returns:
        float32 (n, *raw_shape).
    """
    import tensorflow as tf

    wanted = tf.TensorSpec(preprocessing.raw_shape, tf.float32)
    return tf.map_fn(
        lambda one: _decoded(one, preprocessing, *pixel_range),
        encoded,
        fn_output_signature=wanted,
    )


def _decoded(encoded: Any, preprocessing: Preprocessing, low: float, high: float) -> Any:
    import tensorflow as tf

    height, width, colours = preprocessing.raw_shape
    read = tf.io.decode_image(encoded, channels=0, expand_animations=False)
    size = tf.shape(read)
    pixels = tf.reshape(tf.cast(read, tf.float32), size)  # of three dimensions, or it fails here
    see_through = tf.equal(size[2] % 2, 0)  # grey and alpha, or colours and alpha
    alpha = tf.where(see_through, pixels[..., -1:], 255.0) / 255.0
    pixels = pixels[..., : size[2] - tf.cast(see_through, tf.int32)]
    pixels = pixels * alpha + 255.0 * (1.0 - alpha)
    pixels += tf.zeros((size[0], size[1], 3))  # grey becomes three equal colours
    if colours == 1:
        pixels = _grey(pixels)
    if (low, high) != (0.0, 255.0):
        pixels = low + pixels * ((high - low) / 255.0)
    rows, columns = _weights(size[0], height), _weights(size[1], width)
    return tf.ensure_shape(_resized(pixels[tf.newaxis], rows, columns)[0], preprocessing.raw_shape)


def _weights(before: Any, after: int) -> Any:
    """Return ``designer.datasets.resizing.resize_weights`` of a size known only in the graph."""
    import tensorflow as tf

    step = tf.cast(before, tf.float64) / after
    centres = (tf.range(after, dtype=tf.float64) + 0.5) * step
    places = tf.cast(tf.range(before), tf.float64) + 0.5
    distance = tf.abs(places - centres[:, tf.newaxis]) / tf.maximum(step, 1.0)
    weights = tf.maximum(tf.constant(0.0, tf.float64), 1.0 - distance)
    return tf.cast(weights / tf.reduce_sum(weights, axis=1, keepdims=True), tf.float32)
