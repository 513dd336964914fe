"""What a diagnosis looks at: the curves of a run as arrays, and what was chosen."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from designer.diagnosing.baseline import Baseline
from designer.training.layer_values import LayerSnapshot
from designer.training.runs import EPOCH, Event, MetricPoint

USUAL_RATES = {"sgd": 0.01}
"""The learning rate that Keras's optimizers begin with, where it is not 0.001."""

A_CHANGE = 1.5
"""From which factor another learning rate counts as a new beginning."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """The facts of a run.

    Attributes:
        epochs: the number of each epoch measured.
        loss: of the training part in each of them.
        val_loss: of the validation part; ``nan`` where it was not measured.
        points: step, epoch and loss of every point, batches too, in the order made.
        accuracies: for each head, training and validation accuracy by epoch.
        settings: of the run, as ``TrainingSettings.to_dict`` gives them.
        parameters: of the design.
        baseline: what a constant answer reaches.
        snapshots: what was seen inside the layers, in order.
        rate: the learning rate now.
        changed: the epoch of the last large change of the learning rate; 0 for none.
        is_over: whether the run has ended.
    """

    epochs: np.ndarray
    loss: np.ndarray
    val_loss: np.ndarray
    points: tuple[np.ndarray, np.ndarray, np.ndarray]
    accuracies: tuple[tuple[np.ndarray, np.ndarray], ...]
    settings: Mapping[str, Any]
    parameters: Mapping[str, Any]
    baseline: Baseline = field(default_factory=Baseline)
    snapshots: Sequence[LayerSnapshot] = ()
    rate: float = 0.001
    changed: int = 0
    is_over: bool = False

    @property
    def watched(self) -> np.ndarray:
        """The validation loss, or the training loss where there is no other."""
        return self.val_loss if np.isfinite(self.val_loss).any() else self.loss

    @property
    def usual_rate(self) -> float:
        """The learning rate that the optimizer begins with, if nobody says otherwise."""
        return USUAL_RATES.get(str(self.parameters.get("optimizer")), 0.001)

    @property
    def first_loss(self) -> float:
        """About the loss of a network that knows nothing yet; 0 where it is not known.

        One that learns scaled targets begins at their mean; any other, where its outputs are 0.
        """
        loss, start = self.baseline.loss or 0.0, self.baseline.start or 0.0
        at_mean = self.settings.get("target_scaling") == "auto"
        if self.parameters.get("task") == "regression" and at_mean:
            return loss or start
        return max(start, loss)

    @property
    def since_change(self) -> np.ndarray:
        """Which epochs count where a trend is sought: those at the present learning rate."""
        return np.flatnonzero(self.epochs > self.changed)


def gather(
    points: Sequence[MetricPoint],
    events: Sequence[Event],
    settings: Mapping[str, Any],
    parameters: Mapping[str, Any],
    baseline: Baseline | None,
    snapshots: Sequence[LayerSnapshot],
    is_over: bool,
) -> Evidence:
    """Put the facts of a run together.

    The loss of a network with a penalty on its weights is more than that of its answers, and says
    nothing beside the loss of a constant one: there, only the shares of the classes count.
    """
    known_baseline = baseline or Baseline()
    if parameters.get("l2"):
        known_baseline = replace(known_baseline, loss=None, start=None)
    with_loss = [point for point in points if "loss" in point.values]
    ends = {point.epoch: point for point in with_loss if point.kind == EPOCH}
    epochs = [ends[number] for number in sorted(ends)]

    def curve(name: str) -> np.ndarray:
        return np.array([point.values.get(name, math.nan) for point in epochs], float)

    names = ["accuracy"]
    if parameters.get("task") == "multitask":
        names = [f"outputs{number}_accuracy" for number in range(1, len(parameters["classes"]) + 1)]
    known = [name for name in names if epochs and name in epochs[-1].values]
    rate, changed = _learning_rate(events, settings, parameters)
    return Evidence(
        epochs=np.array([point.epoch for point in epochs], int),
        loss=curve("loss"),
        val_loss=curve("val_loss"),
        points=(
            np.array([point.step for point in with_loss], int),
            np.array([point.epoch for point in with_loss], int),
            np.array([point.values["loss"] for point in with_loss], float),
        ),
        accuracies=tuple((curve(name), curve(f"val_{name}")) for name in known),
        settings=settings,
        parameters=parameters,
        baseline=known_baseline,
        snapshots=snapshots,
        rate=rate,
        changed=changed,
        is_over=is_over,
    )


def _learning_rate(
    events: Sequence[Event], settings: Mapping[str, Any], parameters: Mapping[str, Any]
) -> tuple[float, int]:
    """Return the learning rate now, and the last epoch in which it changed much."""
    rate = settings.get("learning_rate")
    if rate is None:
        rate = USUAL_RATES.get(str(parameters.get("optimizer")), 0.001)
    told = [event for event in events if event.details.get("learning_rate")]
    known, changed = None, 0
    for event in told:
        new = float(event.details["learning_rate"])
        if known is None or max(new / known, known / new) >= A_CHANGE:
            known, changed = new, event.epoch
    return (float(told[-1].details["learning_rate"]) if told else float(rate)), changed
