"""Executes a run: data, model, training, final figures (TensorFlow; workers only)."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from designer.compiling import compile_settings
from designer.datasets import Dataset, Preprocessing, encode_labels, load, split
from designer.design import Design
from designer.keras_model import build_model, compile_model
from designer.paths import run_folder
from designer.summary import Summary
from designer.training import predictions
from designer.training.checking import check_run
from designer.training.examples import Examples, examples_for
from designer.training.failures import in_words
from designer.training.loop import Measuring, TrainingLoop
from designer.training.recorder import Recorder
from designer.training.runs import FAILED, FINISHED, STOPPED, Progress, Run
from designer.training.settings import TrainingSettings
from designer.training.store import RunStore
from designer.training.taking_home import (
    EXAMPLES_FILE,
    MODEL_FILE,
    MOST_EXAMPLES,
    PREPROCESSING_FILE,
)

SECONDS_AFTER_A_STOP = 3.0
"""How long validation and test of a stopped run may each take, on a part of the data if need
be: someone waits."""

MOST_PREDICTED = 2_000
"""Test examples looked through for right and wrong ones to show."""

_log = logging.getLogger(__name__)


def execute(
    run_id: str,
    *,
    interrupted: Callable[[], bool] = lambda: False,
    on_progress: Callable[[Progress, Mapping[str, float]], None] | None = None,
) -> dict[str, Any]:
    """Execute a queued run to its end, whatever that is; the store tells the story.

    Args:
        run_id: a queued run of the default store. One that is not queued any more (it was
            stopped while it waited, or another process has it) is left alone.
        interrupted: asked a few times a second; true stops the run politely.
        on_progress: called with the progress and the newest figures a few times a second.

    Returns:
        ``run`` and ``state``, JSON values.

    Raises:
        RunError: there is no such run, or the store cannot be opened.
    """
    store = RunStore()
    try:
        if store.claim(run_id):
            try:
                _execute(store, store.run(run_id), interrupted, on_progress)
            except BaseException as error:
                _log.exception("The run %s failed.", run_id)
                store.end(run_id, FAILED, reason=in_words(error))
                if not isinstance(error, Exception):
                    raise
        return {"run": run_id, "state": store.run(run_id).state}
    finally:
        store.close()
        keras.backend.clear_session()


def _execute(
    store: RunStore,
    run: Run,
    interrupted: Callable[[], bool],
    on_progress: Callable[[Progress, Mapping[str, float]], None] | None,
) -> None:
    design, settings, summary = check_run(run.design, run.settings)
    parts = _prepare(design, settings)

    keras.utils.set_random_seed(settings.seed)
    model = build_model(design)
    compile_model(model, design, settings.learning_rate)

    measuring = Measuring(model)
    many = _examples_at_once(summary, settings.batch_size)
    training = parts.examples(parts.train, settings.batch_size)
    validation = parts.examples(parts.validation, many)
    loop = TrainingLoop(model, training, validation, measuring, settings.seed)
    steps = settings.epochs * training.steps
    recorder = Recorder(
        store, run.id, settings.epochs, steps, interrupted=interrupted, on_progress=on_progress
    )
    store.mark_running(run.id, steps)
    finished = loop.fit(settings.epochs, recorder)
    recorder.flush()

    patience = None if finished else SECONDS_AFTER_A_STOP
    figures = dict(recorder.latest)
    if not finished:
        validated = measuring.measure(validation, patience)
        figures |= {f"val_{name}": value for name, value in validated.items()}
    tested = measuring.measure(parts.examples(parts.test, many), patience)
    figures |= {f"test_{name}": value for name, value in tested.items()}
    predictions.save(run.id, _predict(model, summary, parts, many))
    _save(model, run.id, parts)
    reason = None if finished else f"Stopped on request in epoch {recorder.progress.epoch}."
    store.end(run.id, FINISHED if finished else STOPPED, reason=reason, metrics=figures)


@dataclass(frozen=True)
class _Part:
    """One part of a data set: where its examples lie, raw features, encoded labels."""

    indices: np.ndarray
    features: np.ndarray
    labels: np.ndarray | list[np.ndarray]


@dataclass(frozen=True)
class _Parts:
    """A data set, split and ready."""

    preprocessing: Preprocessing
    train: _Part
    validation: _Part
    test: _Part

    def examples(self, part: _Part, batch_size: int) -> Examples:
        return examples_for(part.features, part.labels, batch_size, self.preprocessing.apply)


def _prepare(design: Design, settings: TrainingSettings) -> _Parts:
    """Load, split, and learn the scaling from the training part."""
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
    return _Parts(
        preprocessing,
        *(_part(dataset, rows, losses) for rows in (parts.train, parts.validation, parts.test)),
    )


def _part(dataset: Dataset, rows: np.ndarray, losses: tuple[str, ...]) -> _Part:
    taken = dataset.take(rows)
    return _Part(rows, taken.features, encode_labels(taken.labels, dataset.view, losses))


def _examples_at_once(summary: Summary, batch_size: int) -> int:
    """Return how many examples to measure at once: many where they are cheap."""
    return max(batch_size, min(512, 100_000_000 // max(1, summary.activation_bytes)))


def _predict(
    model: keras.Model, summary: Summary, parts: _Parts, batch_size: int
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


def _save(model: keras.Model, run: str, parts: _Parts) -> None:
    """Write the model and what an export of it needs; the model comes last, and whole."""
    folder = run_folder(run)
    (folder / PREPROCESSING_FILE).write_text(json.dumps(parts.preprocessing.to_dict()))
    np.save(folder / EXAMPLES_FILE, parts.preprocessing.apply(parts.test.features[:MOST_EXAMPLES]))
    unfinished = folder / f"unfinished-{MODEL_FILE}"
    try:
        model.save(unfinished)
        unfinished.replace(folder / MODEL_FILE)
    finally:
        unfinished.unlink(missing_ok=True)  # a full disk leaves half a file
