"""Real trainings, small enough for a test: Keras fits, and the points and looks come back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from designer.datasets import Preprocessing, encode_labels, load, split
from designer.design import Design
from designer.diagnosing import Baseline, Diagnosis, baseline, diagnose
from designer.training.layer_values import LayerSnapshot
from designer.training.runs import MetricPoint
from designer.training.settings import TrainingSettings


@dataclass
class Training:
    """What a run would have left."""

    design: Design
    settings: TrainingSettings
    baseline: Baseline
    points: list[MetricPoint] = field(default_factory=list)
    snapshots: list[LayerSnapshot] = field(default_factory=list)

    def diagnoses(self, epochs: int | None = None, *, is_over: bool = False) -> list[Diagnosis]:
        """Return what is said of it, or was after some of its epochs."""
        seen = [point for point in self.points if epochs is None or point.epoch <= epochs]
        looks = [look for look in self.snapshots if epochs is None or look.epoch <= epochs]
        return diagnose(
            seen,
            settings=self.settings.to_dict(),
            parameters=self.design.parameters,
            baseline=self.baseline,
            snapshots=looks,
            is_over=is_over,
        )

    def kinds(self, epochs: int | None = None, *, is_over: bool = False) -> set[str]:
        """Return the kinds of what is said."""
        return {one.kind for one in self.diagnoses(epochs, is_over=is_over)}


def train(
    design: Design,
    settings: TrainingSettings,
    *,
    only: int | None = None,
    relabel: Callable[[np.ndarray], np.ndarray] | None = None,
    rows: Callable[[np.ndarray], np.ndarray] | None = None,
    looks: bool = False,
) -> Training:
    """Train for real.

    Args:
        design: what.
        settings: how.
        only: this many training examples.
        relabel: other labels than the data set's.
        rows: which examples to take, from the labels.
        looks: whether to look inside the layers after each epoch.
    """
    import keras

    from designer.compiling import compile_settings
    from designer.keras_model import build_model, compile_model
    from designer.training.layer_statistics import LayerStatistics

    dataset = load(settings.dataset, design["task"])
    if rows is not None:
        dataset = dataset.take(rows(np.asarray(dataset.labels)))
    labels = np.asarray(dataset.labels) if relabel is None else relabel(np.asarray(dataset.labels))
    parts = split(labels, (0.7, 0.15, 0.15), settings.seed)
    chosen = parts.train if only is None else parts.train[:only]
    preprocessing = Preprocessing.fit(
        dataset.features,
        design["input_shape"],
        rows=chosen,
        pixel_range=dataset.info.pixel_range,
    )
    losses = compile_settings(design).loss
    features = preprocessing.apply(dataset.features)
    encoded = np.asarray(encode_labels(labels, dataset.view, losses))
    keras.utils.set_random_seed(settings.seed)
    model = build_model(design)
    compile_model(model, design, settings.learning_rate)
    made = Training(
        design, settings, baseline(labels, design["task"], losses, len(dataset.view.heads) or 1)
    )
    steps = -(-len(chosen) // settings.batch_size)
    watcher = LayerStatistics(model, features[chosen], encoded[chosen]) if looks else None

    class Record(keras.callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            if not np.isfinite(logs["loss"]):
                step = self.params["steps"] * (self.epoch - 1) + batch + 1
                self._add(step, self.epoch, "batch", logs)
                self.model.stop_training = True

        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            self.epoch = epoch + 1

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            self._add((epoch + 1) * steps, epoch + 1, "epoch", logs)
            if watcher:
                made.snapshots.append(watcher.snapshot(epoch + 1, (epoch + 1) * steps))

        def _add(self, step: int, epoch: int, kind: str, logs: Any) -> None:
            values = {name: float(value) for name, value in logs.items()}
            made.points.append(
                MetricPoint(len(made.points) + 1, step, epoch, kind, values, float(epoch))
            )

    model.fit(
        features[chosen],
        encoded[chosen],
        batch_size=settings.batch_size,
        epochs=settings.epochs,
        validation_data=(features[parts.validation], encoded[parts.validation]),
        callbacks=[Record()],
        verbose=0,
    )
    return made
