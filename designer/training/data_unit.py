"""A network that learns scaled targets, seen in the unit of its data (TensorFlow; workers only)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from designer.compiling import compile_settings
from designer.design import Design
from designer.training.scaled_targets import DATA_LOSS, DEGREES, ScaledTargets


class _InDataUnit(keras.losses.Loss):
    """A loss without a degree: computed as it is in the data, then made as small as the targets."""

    def __init__(self, loss: str, targets: ScaledTargets):
        super().__init__(name=loss)
        self._loss = keras.losses.get(loss)
        self._targets = targets
        self._divisor = targets.loss_factor(loss)

    def call(self, y_true: Any, y_pred: Any) -> Any:
        return self._loss(self._undo(y_true), self._undo(y_pred)) / self._divisor

    def _undo(self, values: Any) -> Any:
        return values * self._targets.factor + np.asarray(self._targets.shift, np.float32)


def loss_for(design: Design, targets: ScaledTargets | None) -> keras.losses.Loss | None:
    """Return the loss to compile with instead of the design's; ``None`` where that will do."""
    loss = compile_settings(design).loss[0]
    return None if targets is None or loss in DEGREES else _InDataUnit(loss, targets)


def loss_without_penalty(
    design: Design, targets: ScaledTargets | None
) -> keras.metrics.Metric | None:
    """Return what measures the loss of the data alone; ``None`` where nobody asks.

    Keras's own loss has the weight penalty in it, which is not in the unit of the targets. What
    measures both in the same pass keeps them exact, also where a run was resumed.
    """
    if targets is None or not design.parameters.get("l2", 0.0):
        return None
    loss = loss_for(design, targets)
    function = loss.call if loss else keras.losses.get(compile_settings(design).loss[0])
    return keras.metrics.MeanMetricWrapper(function, name=DATA_LOSS)


def answering(model: keras.Model, targets: ScaledTargets | None) -> Callable[..., Any]:
    """Return what is called as the model is, and answers in the unit of the data."""
    if targets is None:
        return model

    def answer(features: Any, training: bool = False) -> np.ndarray:
        return targets.undo(keras.ops.convert_to_numpy(model(features, training=training)))

    return answer


def fold(model: keras.Model, design: Design, targets: ScaledTargets) -> None:
    """Put the scaling into the last layer, so that the model itself answers in the data's unit.

    ``factor · (x · kernel + bias) + shift`` is ``x · (factor · kernel) + (factor · bias + shift)``.
    """
    head = model.get_layer(design.graph.outputs[0])
    kernel, bias = (np.asarray(weights, np.float64) for weights in head.get_weights())
    head.set_weights([kernel * targets.factor, bias * targets.factor + targets.shift])
