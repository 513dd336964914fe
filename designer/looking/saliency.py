"""The jobs ``grad_cam`` and ``occlusion``: which part of an example the answer comes from
(TensorFlow; workers only)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from designer.datasets.resizing import resize
from designer.errors import RunError
from designer.looking.models import LoadedModel, loaded_model
from designer.looking.packing import pack, unpack

PATCHES = 7
"""A patch of the occlusion is a seventh of the picture's side."""

EXAMPLES_AT_ONCE = 64


def grad_cam(
    run: str, features: Mapping[str, Any], head: int, unit: int, layer: str | None = None
) -> dict[str, Any]:
    """Return where a class's evidence lies, after Selvaraju et al., Grad-CAM (2017).

    The maps of a layer are added up, each weighted by the mean gradient of the class's score
    (before softmax or sigmoid) to it; what speaks against the class is left out.

    Args:
        run: a run that is over.
        features: the packed raw picture.
        head: number of the head.
        unit: number of its output. For a binary head, 0 asks for the evidence against "yes".
        layer: name of a layer with maps; by default, the last one whose maps are not one pixel.

    Returns:
        ``heat``, packed float32 (height, width) of the raw picture, 0 to 1; ``layer``; ``size``
        of its maps; and ``strength``, the largest value before it was brought to 1.

    Raises:
        RunError: the run has no model, or no layer with maps.
    """
    loaded = loaded_model(run)
    prepared = tf.constant(loaded.preprocessing.apply(unpack(features)[np.newaxis]))
    heat, name = class_activation(loaded.model, prepared, head, unit, layer)
    size = list(heat.shape)
    strength = float(heat.max())
    raw = loaded.preprocessing.raw_shape
    shown = resize(heat[np.newaxis, ..., np.newaxis], raw[0], raw[1])[0, ..., 0]
    if strength > 0:
        shown = np.clip(shown / strength, 0, 1)
    return {"heat": pack(shown), "layer": name, "size": size, "strength": strength}


def class_activation(
    model: keras.Model, prepared: tf.Tensor, head: int, unit: int, layer: str | None = None
) -> tuple[np.ndarray, str]:
    """Return the Grad-CAM of one prepared example, (height, width) of the layer's maps, and the
    name of the layer.

    Raises:
        RunError: the model has no layer with maps.
    """
    found = model.get_layer(layer) if layer else _last_with_maps(model)
    outputs = model.outputs[head]
    last = outputs._keras_history.operation
    inside = keras.Model(model.input, [found.output, last.input])
    with tf.GradientTape() as tape:
        maps, before = inside(prepared, training=False)
        score = _score(last, before)
        chosen = -score[0, 0] if score.shape[1] == 1 and unit == 0 else score[0, min(
            unit, score.shape[1] - 1
        )]  # fmt: skip
    gradient = tape.gradient(chosen, maps)
    if gradient is None:  # the layer is not on the way to this head
        return np.zeros(maps.shape[1:3], np.float32), found.name
    weights = tf.reduce_mean(gradient, axis=(0, 1, 2))
    heat = tf.nn.relu(tf.reduce_sum(maps[0] * weights, axis=-1))
    return np.asarray(heat, np.float32), found.name


def _score(last: keras.Layer, before: tf.Tensor) -> tf.Tensor:
    """Return what a head puts out before its activation: after softmax, a class of which the
    model is sure has no gradient left."""
    if isinstance(last, keras.layers.Dense):
        score = tf.linalg.matmul(before, last.kernel)
        return score + last.bias if last.use_bias else score
    if isinstance(last, keras.layers.Activation | keras.layers.Softmax):
        return before
    return last(before)


def _last_with_maps(model: keras.Model) -> keras.Layer:
    for layer in reversed(model.layers):
        if isinstance(layer, keras.layers.InputLayer) or isinstance(layer.output, list):
            continue
        shape = layer.output.shape
        if len(shape) == 4 and shape[1] * shape[2] > 1:
            return layer
    raise RunError("The model has no layer with feature maps; occlusion works for any model.")


def occlusion(
    run: str,
    features: Mapping[str, Any],
    head: int,
    unit: int,
    baseline: Sequence[float] | None = None,
) -> dict[str, Any]:
    """Return how much an answer falls when a part of the example is covered.

    Of a picture, patches are covered with its median colour; of a row, each number is replaced
    by that of ``baseline``.

    Args:
        run: a run that is over.
        features: the packed raw example.
        head: number of the head.
        unit: number of its output; for a binary head, 1 is "yes" and 0 is "no".
        baseline: usual features, for tables.

    Returns:
        ``score`` of the whole example; for pictures ``fall``, packed float32 (height, width);
        for tables ``falls``, one a feature.

    Raises:
        RunError: the run has no model.
    """
    loaded = loaded_model(run)
    raw = unpack(features)
    whole = _scores(loaded, raw[np.newaxis], head, unit)[0]
    if raw.ndim == 1:
        usual = np.asarray(raw if baseline is None else baseline, raw.dtype)
        changed = np.repeat(raw[np.newaxis], len(raw), axis=0)
        np.fill_diagonal(changed, usual)
        scores = _scores(loaded, changed, head, unit)
        return {"score": float(whole), "falls": [float(whole - score) for score in scores]}
    height, width = raw.shape[:2]
    side = max(1, min(height, width) // PATCHES)
    step = max(1, side // 2)
    corners = [
        (top, left) for top in _steps(height, side, step) for left in _steps(width, side, step)
    ]
    colour = np.median(raw.reshape(-1, raw.shape[2]), axis=0).astype(raw.dtype)
    fall, covered = np.zeros((height, width), np.float32), np.zeros((height, width), np.float32)
    for first in range(0, len(corners), EXAMPLES_AT_ONCE):
        some = corners[first : first + EXAMPLES_AT_ONCE]
        batch = np.repeat(raw[np.newaxis], len(some), axis=0)
        for one, (top, left) in zip(batch, some, strict=True):
            one[top : top + side, left : left + side] = colour
        for score, (top, left) in zip(_scores(loaded, batch, head, unit), some, strict=True):
            fall[top : top + side, left : left + side] += whole - score
            covered[top : top + side, left : left + side] += 1
    return {"score": float(whole), "fall": pack(fall / covered), "side": side}


def _steps(length: int, side: int, step: int) -> list[int]:
    """Return where patches begin, so that every pixel is covered by one."""
    return sorted({*range(0, length - side + 1, step), length - side})


def _scores(loaded: LoadedModel, raw: np.ndarray, head: int, unit: int) -> np.ndarray:
    output = loaded.outputs(raw)[head]
    output = output.reshape(len(output), -1)
    if output.shape[1] == 1:
        last = loaded.model.outputs[head]._keras_history.operation
        is_chance = getattr(getattr(last, "activation", None), "__name__", "") == "sigmoid"
        return 1 - output[:, 0] if is_chance and unit == 0 else output[:, 0]
    return output[:, unit]
