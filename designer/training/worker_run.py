"""Executes a run: data, model, training, final figures (TensorFlow; workers only)."""

from __future__ import annotations

import _thread
import logging
import math
import os
import platform
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from designer.datasets import dataset_info
from designer.design import Design
from designer.errors import RunError
from designer.keras_model import build_model
from designer.paths import run_folder
from designer.summary import Summary
from designer.training import checkpoint, concluding
from designer.training import runs as states
from designer.training.asking import CHECKPOINT_FILE
from designer.training.augmenting import Vary, augmenter, pixel_bounds
from designer.training.boundary import BoundaryWriter
from designer.training.checking import check_run
from designer.training.checkpoint import Place
from designer.training.conducting import EARLY, Conductor
from designer.training.data_unit import answering, fold
from designer.training.failures import in_words
from designer.training.kept_examples import keep_examples
from designer.training.layer_statistics import MOST_EXAMPLES as MOST_LOOKED_AT
from designer.training.layer_statistics import LayerWatch
from designer.training.learning_rate import LearningRate
from designer.training.listening import Listener
from designer.training.loop import Measuring, TrainingLoop
from designer.training.optimizing import compile_for_run, compile_plainly
from designer.training.preparing import Parts, prepare
from designer.training.recorder import Recorder
from designer.training.runs import Progress, Run
from designer.training.scaled_targets import figure_factors
from designer.training.settings import TrainingSettings
from designer.training.sinks import SinkThread, sinks_of
from designer.training.store import HELD_BY_NOBODY, RunStore

SECONDS_AFTER_A_STOP = 3.0
"""How long validation and test of a stopped run may each take, on a part of the data if need
be: someone waits."""

HOLD_SECONDS = 600.0
"""How long a paused run keeps its worker and its memory, if nobody else needs them."""

_log = logging.getLogger(__name__)


def execute(
    run_id: str,
    *,
    held: bool = False,
    interrupted: Callable[[], bool] = lambda: False,
    on_progress: Callable[[Progress, Mapping[str, float]], None] | None = None,
) -> dict[str, Any]:
    """Execute a run to its end or its pause; the store tells the story.

    It goes on from its last checkpoint, if it has one.

    Args:
        run_id: a queued run of the default store. One that is not queued any more (it was
            stopped while it waited, or another process has it) is left alone.
        held: whether this process holds the run already, and must outlive it (the command
            line); a worker may end itself when there is no other way to heed a stop.
        interrupted: asked a few times a second; true stops the run politely.
        on_progress: called with the progress and the newest figures a few times a second.

    Returns:
        ``run`` and ``state``, JSON values.

    Raises:
        RunError: there is no such run, or the store cannot be opened.
    """
    store = RunStore()
    try:
        if held or store.claim(run_id):
            give_up = _thread.interrupt_main if held else _end_process
            listener = Listener(store, run_id, interrupted=interrupted, give_up=give_up)
            execution = _Execution(store, store.run(run_id), listener, held, on_progress)
            try:
                execution.go()
            except BaseException as error:
                _note_failure(store, run_id, error)
            finally:
                listener.close()
                execution.close()
        return {"run": run_id, "state": store.run(run_id).state}
    finally:
        store.close()
        keras.backend.clear_session()


def conclude(run_id: str) -> dict[str, Any]:
    """Make the final figures of a run that was stopped while no worker held it.

    Returns:
        ``run`` and ``result``, JSON values.
    """
    store = RunStore()
    try:
        run = store.run(run_id)
        if store.claim_result(run):
            try:
                training = _Training.begin(run)
                place, best = training.restored()
                figures = dict(run.metrics) or _last_figures(store, run_id)
                store.keep_result(run_id, training.concluded(place, best, figures, stopped=True))
            except Exception as error:
                _log.exception("The final figures of run %s could not be made.", run_id)
                store.keep_result(run_id, result=in_words(error))
        return {"run": run_id, "result": store.run(run_id).result}
    finally:
        store.close()
        keras.backend.clear_session()


def _end_process() -> None:
    os._exit(0)


def _note_failure(store: RunStore, run_id: str, error: BaseException) -> None:
    run = store.run(run_id)
    if run.is_over and not isinstance(error, Exception):
        return  # stopped while the network was still being built
    _log.exception("The run %s failed.", run_id)
    if run.is_over:
        store.keep_result(run_id, result=in_words(error))
    else:
        store.end(run_id, states.FAILED, reason=in_words(error))
    if not isinstance(error, Exception):
        raise error


@dataclass
class _Training:
    """A run's network and data, ready to train."""

    run: Run
    design: Design
    settings: TrainingSettings
    summary: Summary
    parts: Parts
    model: keras.Model
    rate: LearningRate
    measuring: Measuring
    steps: int
    boundary: BoundaryWriter

    @classmethod
    def begin(cls, run: Run) -> _Training:
        """Load the data and build the model of a run, always in the same way."""
        design, settings, summary = check_run(run.design, run.settings)
        parts = prepare(design, settings)
        keras.utils.set_random_seed(settings.seed)
        model = build_model(design)
        steps = -(-len(parts.train.indices) // settings.batch_size)
        rate = compile_for_run(model, design, settings, steps, parts.targets)
        train = parts.train
        boundary = BoundaryWriter(run.id, parts.preprocessing, train.features, train.labels)
        measuring = Measuring(model, figure_factors(design, parts.targets))
        return cls(run, design, settings, summary, parts, model, rate, measuring, steps, boundary)

    @property
    def path(self) -> Path:
        """The file of the checkpoint."""
        return run_folder(self.run.id) / CHECKPOINT_FILE

    @property
    def many(self) -> int:
        """How many examples are measured at once."""
        return concluding.examples_at_once(self.summary, self.settings.batch_size)

    def vary(self) -> Vary | None:
        """Return what varies the pictures it learns from; ``None`` if nothing does."""
        augmentation = self.settings.augmentation
        if not augmentation.is_on:
            return None
        pixel_range = dataset_info(self.settings.dataset).pixel_range
        low, high = pixel_bounds(self.parts.preprocessing, pixel_range)
        return augmenter(augmentation, self.design["input_shape"], low, high)

    def restored(self) -> tuple[Place, list[np.ndarray] | None]:
        """Bring the model to the run's checkpoint.

        Raises:
            RunError: there is none, or it cannot be used.
        """
        if not self.path.is_file():
            raise RunError("It ended before its first checkpoint: there is nothing to measure.")
        # Metrics have variables only once something has been measured.
        examples = self.parts.examples(self.parts.validation, 1)
        examples.begin_pass(None)
        self.model.test_step(examples.batch(tf.constant(0)))
        self.model.reset_metrics()
        place, best = checkpoint.restore(self.path, self.model)
        self.rate.factor = place.rate_factor
        return place, best

    def concluded(
        self,
        place: Place,
        best: list[np.ndarray] | None,
        known: Mapping[str, float],
        *,
        stopped: bool,
    ) -> dict[str, float]:
        """Measure, predict and save the model of a run that is over; return its figures."""
        at_end = place.done == 0 and place.epoch - 1 == place.best_epoch
        other = None if at_end else best
        keep_best = self.settings.keep == "best" and other is not None
        if keep_best:
            assert other is not None
            last = checkpoint.copies_of(self.model.variables)
            concluding.assign(self.model, other)
            other = last
        figures = concluding.final_figures(
            self.measuring,
            self.parts,
            self.many,
            known,
            SECONDS_AFTER_A_STOP if stopped else None,
            validate=(stopped and place.done > 0) or keep_best,
        )
        # Measured as in the curve; from here on the model is one that answers in the data's unit.
        other = self._fold(other)
        # What comes after the models may fail, and they are what people wait for.
        concluding.save_models(
            self.model,
            self.design,
            self.run.id,
            self.parts,
            keep=self.settings.keep,
            other=other,
        )
        seconds = SECONDS_AFTER_A_STOP if stopped else concluding.LONGEST_ASKING
        outputs = concluding.answers(self.model, self.parts, self.many, seconds)
        info = dataset_info(self.settings.dataset)
        epoch = max(1, place.epoch - (place.done == 0))
        step = (place.epoch - 1) * self.steps + place.done
        self.boundary.write(self.model, step, epoch)
        concluding.keep_answers(self.run.id, info, self.design["task"], self.parts, outputs)
        self._keep_examples(seconds if stopped else math.inf)
        return figures

    def _keep_examples(self, seconds: float) -> None:
        """Keep what later exports are checked with; a run has its model without it."""
        try:
            keep_examples(self.run.id, self.design, self.settings, self.parts, seconds)
        except Exception:
            _log.exception("The run %s keeps no examples for its exports.", self.run.id)

    def _fold(self, other: list[np.ndarray] | None) -> list[np.ndarray] | None:
        """Put the scaling of the targets into the model, and into its other weights."""
        targets = self.parts.targets
        if targets is None:
            return other
        if other is not None:
            kept = checkpoint.copies_of(self.model.variables)
            concluding.assign(self.model, other)
            fold(self.model, self.design, targets)
            other = checkpoint.copies_of(self.model.variables)
            concluding.assign(self.model, kept)
        fold(self.model, self.design, targets)
        compile_plainly(self.model, self.design, afresh=True)
        return other


class _Execution:
    """One go at a run, from its claim to its end or its pause."""

    def __init__(
        self,
        store: RunStore,
        run: Run,
        listener: Listener,
        held: bool,
        on_progress: Callable[[Progress, Mapping[str, float]], None] | None,
    ):
        self._store = store
        self._run = run
        self._listener = listener
        self._held = held
        self._on_progress = on_progress
        self._sinks: SinkThread | None = None
        self._watch: LayerWatch | None = None

    def close(self) -> None:
        """Let others who take the run's figures have the last of them."""
        if self._sinks is not None:
            run = self._store.run(self._run.id)
            self._sinks.close(run.state, run.metrics)

    def go(self) -> None:
        store, run = self._store, self._run
        training = _Training.begin(run)
        place, best = Place(), None
        if training.path.is_file():
            place, best = training.restored()
        begun_at = (place.epoch - 1) * training.steps + place.done
        store.forget_after(run.id, begun_at, place.epoch)
        self._sinks = sinks_of(store, run, training.settings)
        recorder = Recorder(
            store,
            run.id,
            training.settings.epochs,
            training.steps,
            elapsed=place.elapsed,
            on_progress=self._on_progress,
            also=self._sinks.write if self._sinks else None,
        )

        def kept() -> bool:
            if not place.done:  # whether this epoch was the best is not known yet
                return False
            conductor.keep_place()
            return True

        conductor = Conductor(
            store,
            run.id,
            training.model,
            training.rate,
            training.steps,
            recorder,
            self._listener,
            training.path,
            place,
            best,
            self._look_inside(training, kept),
        )
        loop = TrainingLoop(
            training.model,
            training.parts.examples(training.parts.train, training.settings.batch_size),
            training.parts.examples(training.parts.validation, training.many),
            training.measuring,
            training.settings.seed,
            training.vary(),
        )
        store.mark_running(run.id, training.settings.epochs * training.steps, versions())
        store.add_event(run.id, "resumed" if begun_at else "started", begun_at, place.epoch)
        while True:
            halt = loop.fit(place, conductor)
            if halt != "pause":
                break
            after = self._pause(place, conductor, recorder)
            if after == "left":
                return
            if after == "stop":
                halt = "stop"
                break
        self._end(training, place, conductor, recorder, halt)

    def _look_inside(
        self, training: _Training, kept: Callable[[], bool]
    ) -> Callable[[int, int], None]:
        """Return what looks inside the layers, as long as somebody wants to see.

        Args:
            training: the network and its data.
            kept: writes a checkpoint, before something long; false if this is no moment for one.
        """
        part = training.parts.train
        watch = self._watch = LayerWatch(
            self._store,
            self._run.id,
            training.model,
            training.parts.preprocessing.apply(part.features[:MOST_LOOKED_AT]),
            training.parts.labels_of(part, MOST_LOOKED_AT),
        )
        answers = answering(training.model, training.parts.targets)

        def look(epoch: int, step: int) -> None:
            wanted = self._listener.revision.watch_layers
            if not (wanted and watch.is_new):
                watch.maybe(wanted, epoch, step)
            elif kept():
                with self._listener.nothing_to_lose():
                    watch.maybe(wanted, epoch, step)
            training.boundary.on_moment(answers, step, epoch)

        return look

    def _pause(self, place: Place, conductor: Conductor, recorder: Recorder) -> str:
        """Keep the place and wait; return ``"go on"``, ``"stop"``, or ``"left"`` if the worker
        is needed elsewhere."""
        store, run = self._store, self._run.id
        begun = time.monotonic()
        asked = self._listener.halt == "pause"
        conductor.keep_place()
        source = states.PAUSING if asked else states.RUNNING
        if store.move(run, [source], states.PAUSED, pause_after=0):
            progress = recorder.progress
            store.add_event(run, "paused", progress.step, progress.epoch)
        while True:
            self._listener.look()
            state = self._listener.revision.state
            if state in (states.RUNNING, states.FAILED):
                recorder.wait_was(time.monotonic() - begun)
                store.add_event(run, "resumed", recorder.progress.step, place.epoch)
                return "go on"
            if self._listener.halt == "stop":
                return "stop"
            unneeded = time.monotonic() - begun < HOLD_SECONDS and not store.someone_waits()
            if (
                state == states.PAUSED
                and not (self._held or unneeded)
                and store.move(
                    run, [states.PAUSED], states.PAUSED, held_by=os.getpid(), **HELD_BY_NOBODY
                )
            ):
                return "left"
            time.sleep(0.1)

    def _end(
        self,
        training: _Training,
        place: Place,
        conductor: Conductor,
        recorder: Recorder,
        halt: str,
    ) -> None:
        store, run = self._store, self._run.id
        conductor.keep_place()
        if halt == "stop":
            store.end(
                run,
                states.STOPPED,
                reason=f"Stopped on request in epoch {recorder.progress.epoch}.",
                metrics=recorder.latest,
                result=states.PENDING,
            )
        elif self._watch is not None:
            step = (place.epoch - 1) * training.steps
            wanted = self._listener.revision.watch_layers
            self._watch.maybe(wanted, place.epoch - 1, step, last=True)
        # People are not kept waiting for what follows a stop; all else ends when all is done.
        figures = training.concluded(place, conductor.best, recorder.latest, stopped=halt == "stop")
        if halt == "stop":
            store.keep_result(run, figures)
            return
        reason = conductor.early_stop if halt == EARLY else None
        store.end(run, states.FINISHED, reason=reason, metrics=figures, result=states.READY)


def versions() -> dict[str, str]:
    """Return the versions that a run depends on."""
    try:
        ours = version("model-designer")
    except PackageNotFoundError:
        ours = "not installed"
    return {
        "python": platform.python_version(),
        "tensorflow": tf.__version__,
        "keras": keras.__version__,
        "model_designer": ours,
    }


def _last_figures(store: RunStore, run: str) -> dict[str, float]:
    figures: dict[str, float] = {}
    for point in store.metrics(run):
        figures |= point.values
    return figures
