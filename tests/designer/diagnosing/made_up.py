"""Curves and layers made up for a test: what a run with them would have left."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from designer.design import Design
from designer.diagnosing import Baseline, Diagnosis, diagnose
from designer.training.layer_values import LayerSnapshot, LayerValues, Spread
from designer.training.runs import Event, MetricPoint
from designer.training.settings import TrainingSettings

TEN_CLASSES = Baseline(math.log(10), math.log(10), ((0.1,) * 10,))
DESIGN = Design.from_template("image_dnn", input_shape=[8, 8], classes=10, hidden=[32])


def curve(
    loss: Sequence[float],
    val_loss: Sequence[float] | None = None,
    accuracy: Sequence[float] | None = None,
    val_accuracy: Sequence[float] | None = None,
    steps: int = 10,
) -> list[MetricPoint]:
    """Return the points of epochs with these figures, with two batch points within each."""
    made: list[MetricPoint] = []
    for place, value in enumerate(loss):
        values = {"loss": float(value)}
        for name, other in (
            ("val_loss", val_loss),
            ("accuracy", accuracy),
            ("val_accuracy", val_accuracy),
        ):
            if other is not None:
                values[name] = float(other[place])
        for part in (0.3, 0.7):
            step = int((place + part) * steps)
            made.append(MetricPoint(len(made) + 1, step, place + 1, "batch", {"loss": value}, 0.0))
        step = (place + 1) * steps
        made.append(MetricPoint(len(made) + 1, step, place + 1, "epoch", values, 0.0))
    return made


def say(
    points: Sequence[MetricPoint],
    *,
    events: Sequence[Event] = (),
    baseline: Baseline | None = TEN_CLASSES,
    layers: Sequence[Sequence[LayerValues]] = (),
    design: Design = DESIGN,
    is_over: bool = False,
    **settings: Any,
) -> dict[str, Diagnosis]:
    """Return what is said of such a run, by kind."""
    looks = [LayerSnapshot(n, 10 * n, tuple(look)) for n, look in enumerate(layers, 1)]
    found = diagnose(
        points,
        events,
        settings=TrainingSettings("digits", **settings).to_dict(),
        parameters=design.parameters,
        baseline=baseline,
        snapshots=looks,
        is_over=is_over,
    )
    return {one.kind: one for one in found}


def falling(start: float, end: float, epochs: int, pace: float = 0.5) -> np.ndarray:
    """Return a loss that falls from start towards end, by a factor an epoch."""
    return end + (start - end) * pace ** np.arange(epochs)


def layer(
    name: str, gradient: float, *, weight: float = 0.1, dead: float = 0.0, activation: str = "relu"
) -> LayerValues:
    """Return a dense layer with weights and gradients of a usual size."""
    spreads = [Spread(0.0, size, -size, size, (1,)) for size in (weight, gradient)]
    return LayerValues(
        name,
        "Dense",
        activation,
        Spread(0.5, 0.5, 0, 1, (1,)),
        max(0.5, dead),
        dead,
        {"kernel": spreads[0]},
        {"kernel": spreads[1]},
        10 * weight,
        10 * gradient,
    )
