"""The end of a run: its figures on the test examples, its predictions, its model on disk
(TensorFlow; workers only)."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence

import keras
import numpy as np

from designer.datasets import DatasetInfo
from designer.design import Design
from designer.evaluating import Subject, write_results
from designer.evaluating.results import MOST_EXAMPLES as MOST_ANSWERED
from designer.paths import run_folder
from designer.summary import Summary
from designer.training.checkpoint import copies_of
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

LONGEST_ASKING = 60.0
"""Seconds that the answers to all test examples may take."""


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


def answers(model: keras.Model, parts: Parts, batch_size: int, seconds: float) -> list[np.ndarray]:
    """Return what a model puts out for test examples, one array a head: for as many of them as
    are kept and can be asked in so many seconds."""
    test = parts.test
    count = min(len(test.indices), MOST_ANSWERED)
    begun = time.monotonic()
    batches: list[list[np.ndarray]] = []
    for first in range(0, count, batch_size):
        features = parts.preprocessing.apply(test.features[first : min(first + batch_size, count)])
        outputs = model(features, training=False)
        outputs = outputs if isinstance(outputs, list | tuple) else [outputs]
        batches.append([keras.ops.convert_to_numpy(output) for output in outputs])
        if time.monotonic() - begun > seconds:
            break
    return [np.concatenate(head) for head in zip(*batches, strict=True)]


def keep_answers(
    run: str, info: DatasetInfo, task: str, parts: Parts, outputs: list[np.ndarray]
) -> None:
    """Keep what the model said of the test examples (see ``designer.evaluating.results``)."""
    view, test = info.view(task), parts.test
    subject = Subject(
        task=task,
        dataset=info.title,
        is_picture=info.kind == "image",
        pixel_range=info.pixel_range,
        class_names=view.heads,
        target_names=view.target_names,
        feature_names=view.feature_names,
    )
    write_results(run, subject, test.indices, test.features, test.labels, outputs)


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
        kept = copies_of(model.variables)
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
