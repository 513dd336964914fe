"""The end of a run: its figures on the test examples, its predictions, its model on disk
(TensorFlow; workers only)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import keras
import numpy as np

from designer.design import Design
from designer.paths import run_folder
from designer.summary import Summary
from designer.training import predictions
from designer.training.loop import Measuring
from designer.training.optimizing import compile_plainly
from designer.training.preparing import Parts
from designer.training.taking_home import (
    EXAMPLES_FILE,
    MODEL_FILE,
    MOST_EXAMPLES,
    OTHER_MODEL_FILES,
    PREPROCESSING_FILE,
)

MOST_PREDICTED = 2_000
"""Test examples looked through for right and wrong ones to show."""


def examples_at_once(summary: Summary, batch_size: int) -> int:
    """Return how many examples to measure at once: many where they are cheap."""
    return max(batch_size, min(512, 100_000_000 // max(1, summary.activation_bytes)))


def final_figures(
    measuring: Measuring,
    parts: Parts,
    many: int,
    known: Mapping[str, float],
    seconds: float | None,
    *,
    validate: bool,
) -> dict[str, float]:
    """Return the figures a run ends with: those known, and those of validation and test.

    Args:
        measuring: of the model.
        parts: the data.
        many: examples at once.
        known: figures of the training, and of its last validation.
        seconds: how long each part may be measured; ``None`` for all of it.
        validate: whether the known validation is not of these weights.
    """
    figures = dict(known)
    if validate:
        validated = measuring.measure(parts.examples(parts.validation, many), seconds)
        figures |= {f"val_{name}": value for name, value in validated.items()}
    tested = measuring.measure(parts.examples(parts.test, many), seconds)
    return figures | {f"test_{name}": value for name, value in tested.items()}


def predict(
    model: keras.Model, summary: Summary, parts: Parts, batch_size: int
) -> predictions.Predictions:
    """Return test examples worth showing, with what the model says of them."""
    test = parts.test
    count = min(len(test.indices), MOST_PREDICTED)
    if summary.multiply_adds > 100_000_000:
        count = min(count, 64)  # seconds of arithmetic otherwise
    batches: list[list[np.ndarray]] = []
    for first in range(0, count, batch_size):
        features = parts.preprocessing.apply(test.features[first : min(first + batch_size, count)])
        outputs = model(features, training=False)
        outputs = outputs if isinstance(outputs, list | tuple) else [outputs]
        batches.append([keras.ops.convert_to_numpy(output) for output in outputs])
    joined = [np.concatenate(head) for head in zip(*batches, strict=True)]
    labels = [head[:count] for head in test.labels] if isinstance(test.labels, list) else (
        test.labels[:count]
    )  # fmt: skip
    return predictions.choose(
        summary.design["task"], test.indices[:count], test.features[:count], labels, joined
    )


def save_models(
    model: keras.Model,
    design: Design,
    run: str,
    parts: Parts,
    *,
    keep: str,
    other: Sequence[np.ndarray] | None,
) -> None:
    """Write the models of a run and what an export needs; the one that is kept comes last.

    Args:
        model: with the weights that are kept.
        design: its design.
        run: the run.
        parts: its data.
        keep: ``"last"`` or ``"best"``: which of the two the weights are.
        other: the weights of the other; ``None`` if they are the same.
    """
    folder = run_folder(run)
    (folder / PREPROCESSING_FILE).write_text(json.dumps(parts.preprocessing.to_dict()))
    np.save(folder / EXAMPLES_FILE, parts.preprocessing.apply(parts.test.features[:MOST_EXAMPLES]))
    compile_plainly(model, design)
    for name in OTHER_MODEL_FILES.values():
        (folder / name).unlink(missing_ok=True)
    if other is not None:
        kept = [np.array(variable) for variable in model.variables]
        assign(model, other)
        _save(model, run, OTHER_MODEL_FILES["best" if keep == "last" else "last"])
        assign(model, kept)
    _save(model, run, MODEL_FILE)


def assign(model: keras.Model, values: Sequence[np.ndarray]) -> None:
    """Give a model's variables values, in their order."""
    for variable, value in zip(model.variables, values, strict=True):
        variable.assign(value)


def _save(model: keras.Model, run: str, name: str) -> None:
    """Write a model, whole or not at all."""
    folder = run_folder(run)
    unfinished = folder / f"unfinished-{name}"
    try:
        model.save(unfinished)
        unfinished.replace(folder / name)
    finally:
        unfinished.unlink(missing_ok=True)  # a full disk leaves half a file
