"""From a run's data set to examples ready to train on: split, scaled, encoded, weighted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from designer.compiling import compile_settings
from designer.datasets import Dataset, Preprocessing, encode_labels, load, split
from designer.design import Design
from designer.training.scaled_targets import ScaledTargets, scaled_targets
from designer.training.settings import TrainingSettings

if TYPE_CHECKING:
    from designer.training.examples import Examples


@dataclass(frozen=True)
class Part:
    """One part of a data set: where its examples lie, raw features, encoded labels, and how much
    each counts (``None``: all the same)."""

    indices: np.ndarray
    features: np.ndarray
    labels: np.ndarray | list[np.ndarray]
    weights: np.ndarray | None = None


@dataclass(frozen=True)
class Parts:
    """A data set, split and ready.

    Labels are in the unit of the data; what is learned of them is ``labels_of``.
    """

    preprocessing: Preprocessing
    train: Part
    validation: Part
    test: Part
    targets: ScaledTargets | None = None

    def labels_of(self, part: Part, count: int | None = None) -> np.ndarray | list[np.ndarray]:
        """Return the labels of a part as they are learned, the first ``count`` of them or all."""
        if isinstance(part.labels, list):
            return [head[:count] for head in part.labels]
        return self.targets.apply(part.labels[:count]) if self.targets else part.labels[:count]

    def examples(self, part: Part, batch_size: int) -> Examples:
        """Return a part as the training loop takes it (imports TensorFlow)."""
        from designer.training.examples import examples_for

        return examples_for(
            part.features, self.labels_of(part), batch_size, self.preprocessing.apply, part.weights
        )


def prepare(design: Design, settings: TrainingSettings) -> Parts:
    """Load a run's data, split them, and learn the scaling from the training part alone.

    Raises:
        DatasetError: the data are gone, or cannot be brought into the design's input.
    """
    dataset = load(settings.dataset, design["task"])
    fractions = (1 - settings.validation - settings.test, settings.validation, settings.test)
    parts = split(dataset.labels, fractions, settings.seed)
    preprocessing = Preprocessing.fit(
        dataset.features,
        design["input_shape"],
        method=None if settings.scaling == "auto" else settings.scaling,
        rows=parts.train,
        pixel_range=dataset.info.pixel_range,
    )
    losses = compile_settings(design).loss
    weights = None
    if settings.class_weights == "balanced":
        weights = balanced_weights(dataset.take(parts.train).labels)
    train = _part(dataset, parts.train, losses, weights)
    return Parts(
        preprocessing,
        train,
        _part(dataset, parts.validation, losses),
        _part(dataset, parts.test, losses),
        scaled_targets(design, settings, train.labels),
    )


def balanced_weights(classes: np.ndarray | tuple[np.ndarray, ...]) -> np.ndarray:
    """Return how much each example counts, so that every class counts the same in all.

    Args:
        classes: the class of each example, int64 (n,).

    Returns:
        float32 (n,), 1 in the mean: n / (number of classes × examples of its class).
    """
    assert isinstance(classes, np.ndarray)
    _, place, counts = np.unique(classes, return_inverse=True, return_counts=True)
    return (len(classes) / (len(counts) * counts[place])).astype(np.float32)


def _part(
    dataset: Dataset, rows: np.ndarray, losses: tuple[str, ...], weights: np.ndarray | None = None
) -> Part:
    taken = dataset.take(rows)
    return Part(rows, taken.features, encode_labels(taken.labels, dataset.view, losses), weights)
