"""Goes along with a training loop: writes, heeds what people want, keeps the place and the best
(TensorFlow; workers only)."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np

from designer.training import checkpoint
from designer.training.checkpoint import Place
from designer.training.improvement import improves
from designer.training.learning_rate import LearningRate
from designer.training.listening import Listener
from designer.training.recorder import Recorder
from designer.training.store import RunStore

CHECKPOINT_VARIABLE = "MODEL_DESIGNER_CHECKPOINT_SECONDS"
CHECKPOINT_SECONDS = 5.0

CHECKPOINT_SHARE = 0.01
"""The largest part of the time that goes into writing checkpoints."""

EARLY = "early"


def checkpoint_seconds() -> float:
    """Return the shortest time between two checkpoints of a run that just goes on:
    ``$MODEL_DESIGNER_CHECKPOINT_SECONDS``, or 5."""
    text = os.environ.get(CHECKPOINT_VARIABLE, "")
    return float(text) if text.isdigit() and int(text) > 0 else CHECKPOINT_SECONDS


class Conductor:
    """What a run's worker does between two calls of the compiled steps.

    Args:
        store: the run store.
        run: the run.
        model: compiled, its optimizer built.
        rate: the learning rate of its optimizer.
        steps: steps an epoch.
        recorder: writes the points.
        listener: hears what people want.
        path: of the checkpoint.
        place: where training stands.
        best: the variables after the best epoch; ``None`` if that is now, or not known yet.
        look: called after each call and each epoch with the epoch and the steps done; it is to
            cost nothing when there is nothing to look at.
    """

    def __init__(
        self,
        store: RunStore,
        run: str,
        model: keras.Model,
        rate: LearningRate,
        steps: int,
        recorder: Recorder,
        listener: Listener,
        path: Path,
        place: Place,
        best: list[np.ndarray] | None,
        look: Callable[[int, int], None] = lambda epoch, step: None,
    ):
        self._store = store
        self._run = run
        self._model = model
        self._rate = rate
        self._steps = steps
        self._recorder = recorder
        self._listener = listener
        self._path = path
        self._place = place
        self._look = look
        self._heard = listener.revision
        self._settings = listener.settings
        self._least_pause = self._pause = checkpoint_seconds()
        self._kept: float | None = None  # before the first steps there is nothing to keep
        self.best = best
        """The variables after the best epoch; ``None``: as they are now."""
        self.early_stop = ""
        """Why training stopped early, in words."""

    def epochs(self) -> int:
        self._take_over_changes()
        return self._settings.epochs

    def after_call(self, place: Place, values: dict[str, float]) -> str:
        self._listener.begin()
        step = (place.epoch - 1) * self._steps + place.done
        self._recorder.batch(step, place.epoch, values)
        self._look(place.epoch, step)
        self._take_over_changes()
        if self._kept is None:
            self._kept = time.monotonic()
        elif time.monotonic() - self._kept >= self._pause:
            self.keep_place()
        return self._listener.halt

    def while_measuring(self) -> str:
        return self._listener.halt

    def after_epoch(self, place: Place, values: dict[str, float]) -> str:
        epoch, step = place.epoch - 1, (place.epoch - 1) * self._steps
        self._recorder.epoch(step, epoch, values)
        self._look(epoch, step)
        monitored = values[self._settings.monitor]
        if improves(self._settings.monitor, monitored, place.best):
            place.best, place.best_epoch, place.without_improvement = monitored, epoch, 0
            self._recorder.change(best_epoch=epoch)
            self.best = checkpoint.copies_of(self._model.variables)
        else:
            place.without_improvement += 1
        self._fall_on_plateau(place, monitored, epoch, step)
        self._take_over_changes()
        if self._listener.halt:
            return self._listener.halt
        patience = self._settings.early_stopping
        if patience is not None and place.without_improvement >= patience:
            self._stop_early(place, epoch, step, patience)
            return EARLY
        if self._listener.pause_after and epoch >= self._listener.pause_after:
            return "pause"
        return ""

    def keep_place(self) -> None:
        """Write a checkpoint; all points up to it are written before, so that none is missing."""
        begun = time.monotonic()
        self._place.elapsed = self._recorder.elapsed
        self._place.rate_factor = self._rate.factor
        self._recorder.change(attempts=0)
        self._recorder.flush(durable=True)
        checkpoint.save(self._path, self._model, self._place, self.best)
        self._kept = time.monotonic()
        self._pause = max(self._least_pause, (self._kept - begun) / CHECKPOINT_SHARE)

    def _take_over_changes(self) -> None:
        if self._listener.revision is self._heard:
            return
        self._heard = self._listener.revision
        settings = self._listener.settings
        if settings != self._settings:
            self._rate.change(settings)
            self._recorder.change_epochs(settings.epochs)
            self._settings = settings

    def _fall_on_plateau(self, place: Place, value: float, epoch: int, step: int) -> None:
        if self._settings.schedule != "plateau":
            return
        if improves(self._settings.monitor, value, place.plateau_best):
            place.plateau_best, place.plateau_wait = value, 0
            return
        place.plateau_wait += 1
        if place.plateau_wait >= self._settings.schedule_epochs and self._rate.fall():
            place.plateau_wait = 0
            self._store.add_event(
                self._run, "learning_rate", step, epoch, learning_rate=self._rate.at(step)
            )

    def _stop_early(self, place: Place, epoch: int, step: int, patience: int) -> None:
        # More than its patience, where it was only switched on under way.
        waited = epoch - place.best_epoch if place.best_epoch else patience
        after = f"for {waited:,} epochs" if waited > 1 else "in the last epoch"
        self.early_stop = (
            f"Stopped early after epoch {epoch}: {self._settings.monitor} did not improve {after}"
            + (f" (best in epoch {place.best_epoch})." if place.best_epoch else ".")
        )
        self._store.add_event(self._run, "early_stop", step, epoch, best_epoch=place.best_epoch)
