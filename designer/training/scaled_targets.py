"""The numbers of a regression as training takes them: each output about 0, all about as large as 1.

A network starts with outputs near 0. Where the targets are near 150, it would spend its first
epochs on getting there, and where they are thousands, its steps would hardly move it. So it
learns f with y ≈ shift + factor · f(x). The factor is one for all outputs: what a loss weighs
against what stays as it is in the data, and a figure is brought back by a power of the factor.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from designer.compiling import compile_settings
from designer.design import Design
from designer.errors import DatasetError
from designer.training.settings import TrainingSettings

DEGREES = {"mse": 2, "mae": 1, "root_mean_squared_error": 1, "r2_score": 0}
"""Losses and metrics that grow by a power of the factor when all errors grow by the factor."""

DATA_LOSS = "data_loss"
"""What a loss is without the weight penalty: measured where the two are told in other units."""

_ROUNDING = 1e-6
"""A spread smaller than this part of the mean is the rounding of float32, not a spread."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ScaledTargets:
    """What is subtracted from each target, and what the rest is divided by.

    Attributes:
        shift: a number an output: the mean of the training examples.
        factor: the root mean square of the outputs' standard deviations; 1 where all are 0.
    """

    shift: tuple[float, ...]
    factor: float

    @classmethod
    def fit(cls, labels: np.ndarray) -> ScaledTargets:
        """Learn from the labels of the training examples, (n, outputs).

        Raises:
            DatasetError: they are not a table of finite numbers.
        """
        values = np.asarray(labels, dtype=np.float64)
        if values.ndim != 2 or not values.size or not np.isfinite(values).all():
            raise DatasetError(
                "Targets are scaled from finite training labels of shape (n, outputs), "
                f"received {values.shape}. With target_scaling none they are taken as they are."
            )
        mean, deviation = values.mean(axis=0), values.std(axis=0)
        deviation[deviation <= _ROUNDING * np.abs(mean)] = 0.0
        factor = math.sqrt(float(np.mean(np.square(deviation)))) or 1.0
        return cls(tuple(map(float, mean)), factor)

    def apply(self, labels: np.ndarray) -> np.ndarray:
        """Return labels as they are learned, float32 (n, outputs)."""
        return ((np.asarray(labels, np.float64) - self.shift) / self.factor).astype(np.float32)

    def undo(self, outputs: np.ndarray) -> np.ndarray:
        """Return what was learned in the unit of the data, float32 (n, outputs)."""
        return (np.asarray(outputs, np.float64) * self.factor + self.shift).astype(np.float32)

    def loss_factor(self, loss: str) -> float:
        """Return what a loss on scaled targets is multiplied by to be that of the data.

        Losses that are square for small errors and straight for large ones (Huber) have no degree;
        they are computed in the data's unit (``designer.training.data_unit``) and divided by this,
        which keeps their gradients about as long as those of the others.
        """
        if loss in DEGREES:
            return float(self.factor ** DEGREES[loss])
        return self.factor * min(1.0, self.factor)


def scaled_targets(
    design: Design, settings: TrainingSettings, labels: np.ndarray | list[np.ndarray]
) -> ScaledTargets | None:
    """Return how the targets of a run are scaled; ``None`` where they are taken as they are.

    Args:
        design: what is trained.
        settings: how.
        labels: encoded, of the training examples alone.
    """
    if design["task"] != "regression" or settings.target_scaling == "none":
        return None
    assert isinstance(labels, np.ndarray)
    reason = _why_not(design)
    if reason:
        _log.warning("The targets are trained on as they are: %s.", reason)
        return None
    return ScaledTargets.fit(labels)


def figure_factors(design: Design, targets: ScaledTargets | None) -> Mapping[str, float]:
    """Return what each figure of a run is multiplied by to be in the unit of the data.

    Of a loss with a weight penalty (L2) that is the loss of the data alone: the penalty is added
    to it as it was while training, of the weights that learn scaled targets.
    """
    if targets is None:
        return {}
    compiled = compile_settings(design)
    factors = {name: targets.factor ** DEGREES[name] for name in compiled.metrics}
    return {"loss": targets.loss_factor(compiled.loss[0])} | factors


def in_data_unit(results: Mapping[str, float], factors: Mapping[str, float]) -> dict[str, float]:
    """Return what was measured on scaled targets as a person is told it.

    Args:
        results: Keras's figures; with ``DATA_LOSS`` where the loss has a penalty in it.
        factors: of :func:`figure_factors`.
    """
    told = {name: value * factors.get(name, 1.0) for name, value in results.items()}
    data = results.get(DATA_LOSS)
    if data is not None:
        del told[DATA_LOSS]
        told["loss"] = data * factors.get("loss", 1.0) + (results["loss"] - data)
    return told


def _why_not(design: Design) -> str:
    """Return why a network or a metric could not be brought back to the data's unit, or ``""``."""
    compiled, graph = compile_settings(design), design.graph
    strange = [name for name in compiled.metrics if name not in DEGREES]
    if strange:
        return f"the metric {strange[0]} cannot be told in the data's unit"
    name = graph.outputs[0]
    head = next(layer for layer in graph.layers if layer.name == name)
    config: Mapping[str, Any] = head.config
    if head.class_name != "Dense" or not config.get("use_bias", True):
        return f"the last layer, {name}, is no Dense layer with biases to take the scaling up"
    if config.get("activation", "linear") not in ("linear", None):
        return f"the last layer, {name}, bends its outputs with {config['activation']}"
    return ""
