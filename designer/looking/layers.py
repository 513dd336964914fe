"""The jobs ``filters`` and ``feature_maps``: what a layer has learned, and what it makes of an
example (TensorFlow; workers only)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np

from designer.errors import RunError
from designer.looking.models import loaded_model
from designer.looking.packing import pack, unpack

MOST_SHOWN = 64
"""How many filters or feature maps of a layer are sent."""

MOST_VALUES = 512
"""How many numbers of a layer without maps are sent."""


def filters(run: str, layer: str, channel: int = 0) -> dict[str, Any]:
    """Return the filters of a convolution, or what each unit of a dense layer looks for in a
    flattened picture.

    Args:
        run: a run that is over.
        layer: name of the layer.
        channel: which of its input's channels is looked at; of three, all are taken together.

    Returns:
        ``filters``, packed float32 (filters, height, width) or (…, 3); ``count`` and
        ``channels``, how many there are in all.

    Raises:
        RunError: the run has no model, or the layer has no filters.
    """
    loaded = loaded_model(run)
    found = _layer(loaded.model, layer)
    kernel = getattr(found, "kernel", None)
    if kernel is None:
        raise RunError(f"The layer {layer} has no filters: it is a {type(found).__name__}.")
    values = keras.ops.convert_to_numpy(kernel)
    if values.ndim == 2:
        raw = loaded.preprocessing.raw_shape
        pixels = loaded.preprocessing.input_shape
        if len(raw) != 3 or len(values) != int(np.prod(pixels)):
            raise RunError(f"The units of {layer} do not look at a picture.")
        side = (raw[0], raw[1], len(values) // (raw[0] * raw[1]))
        side = pixels if len(pixels) == 3 else side
        values = values.reshape(side[0], side[1], -1, values.shape[1])
    elif type(found).__name__ == "DepthwiseConv2D":
        # One filter a channel (or several): each looks at its own channel alone.
        values = values.reshape(*values.shape[:2], 1, -1)
    channels, count = values.shape[2], values.shape[3]
    picked = values if channels == 3 else values[:, :, min(max(channel, 0), channels - 1), None]
    picked = np.moveaxis(picked, 3, 0)[:MOST_SHOWN]
    picked = picked if channels == 3 else picked[..., 0]
    return {"filters": pack(picked.astype(np.float32)), "count": count, "channels": channels}


def feature_maps(run: str, layer: str, features: Mapping[str, Any]) -> dict[str, Any]:
    """Return what comes out of a layer for an example.

    Args:
        run: a run that is over.
        layer: name of the layer.
        features: the packed raw example.

    Returns:
        ``count`` of all maps (or numbers); where the layer has maps, ``maps``, packed uint8
        (maps, height, width), each from its own smallest to its own largest value, ``lows`` and
        ``highs``; otherwise ``values``.

    Raises:
        RunError: the run has no model, or no such layer.
    """
    loaded = loaded_model(run)
    inside = keras.Model(loaded.model.input, _layer(loaded.model, layer).output)
    made = inside(loaded.preprocessing.apply(unpack(features)[np.newaxis]), training=False)
    values = keras.ops.convert_to_numpy(made)[0].astype(np.float32)
    if values.ndim != 3:
        flat = values.reshape(-1)
        return {"count": len(flat), "values": [float(value) for value in flat[:MOST_VALUES]]}
    maps = np.moveaxis(values, 2, 0)[:MOST_SHOWN]
    lows, highs = maps.min(axis=(1, 2)), maps.max(axis=(1, 2))
    spread = np.where(highs > lows, highs - lows, 1)
    scaled = (maps - lows[:, None, None]) * (255 / spread)[:, None, None]
    return {
        "count": values.shape[2],
        "maps": pack(scaled.round().astype(np.uint8)),
        "lows": lows.tolist(),
        "highs": highs.tolist(),
    }


def _layer(model: keras.Model, name: str) -> keras.Layer:
    try:
        return model.get_layer(name)
    except ValueError:
        raise RunError(f"The model has no layer {name!r}.") from None
