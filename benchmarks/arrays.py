"""The very arrays that a run of ours trains on, for a plain Keras script."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from designer import Design
from designer.compiling import compile_settings
from designer.datasets import Preprocessing, encode_labels, load, split
from designer.training import TrainingSettings


@dataclass(frozen=True)
class Arrays:
    """A file of arrays and how many training examples it holds."""

    file: Path
    training: int


def write_arrays(design: Design, settings: TrainingSettings, file: Path) -> Arrays:
    """Split, scale and encode as a run does, and write the parts to an ``.npz`` file."""
    dataset = load(settings.dataset, design["task"])
    fractions = (1 - settings.validation - settings.test, settings.validation, settings.test)
    parts = split(dataset.labels, fractions, settings.seed)
    scaling = Preprocessing.fit(
        dataset.features,
        design["input_shape"],
        method=None if settings.scaling == "auto" else settings.scaling,
        rows=parts.train,
        pixel_range=dataset.info.pixel_range,
    )
    kept: dict[str, np.ndarray] = {}
    for name, rows in (("train", parts.train), ("validation", parts.validation)):
        taken = dataset.take(rows)
        labels = encode_labels(taken.labels, dataset.view, compile_settings(design).loss)
        kept |= {f"x_{name}": scaling.apply(taken.features), f"y_{name}": np.asarray(labels)}
    np.savez(file, allow_pickle=False, **kept)
    return Arrays(file, len(parts.train))
