"""Writes a run's points and progress into the store.

Points are gathered and written a few times a second, so that training never waits for the
database step by step; the very first is written at once, because someone is waiting for it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from designer.training.runs import BATCH, EPOCH, Progress
from designer.training.store import NewPoint, RunStore

WRITE_SECONDS = 0.2
"""The shortest time between two writes."""


class Recorder:
    """The training loop's pen.

    Args:
        store: where to write.
        run: the run.
        epochs: epochs in all.
        steps: steps an epoch.
        elapsed: seconds of training before this worker took the run.
        on_progress: called with the progress and the newest values after each write.
        also: given the points that the store has taken; must not keep training waiting.
    """

    def __init__(
        self,
        store: RunStore,
        run: str,
        epochs: int,
        steps: int,
        *,
        elapsed: float = 0.0,
        on_progress: Callable[[Progress, Mapping[str, float]], None] | None = None,
        also: Callable[[Sequence[NewPoint]], None] | None = None,
    ):
        self._store = store
        self._run = run
        self._steps = steps
        self._on_progress = on_progress
        self._also = also
        self._begun = time.monotonic() - elapsed
        self._first: tuple[float, int] | None = None
        self._written = 0.0
        self._waiting: list[NewPoint] = []
        self._changes: dict[str, Any] = {}
        self.progress = Progress(epochs=epochs, steps=epochs * steps, elapsed=elapsed)
        self.latest: dict[str, float] = {}
        """The newest figure of each name: a stopped epoch's own, where there is one."""

    @property
    def elapsed(self) -> float:
        """Seconds of training so far."""
        return time.monotonic() - self._begun

    def wait_was(self, seconds: float) -> None:
        """Leave a pause out of the time of training."""
        self._begun += seconds
        self._first = None

    def change_epochs(self, epochs: int) -> None:
        """Take over another number of epochs."""
        known = self.progress
        self.progress = Progress(
            known.epoch, epochs, known.step, epochs * self._steps, known.elapsed, known.pace
        )

    def change(self, **columns: Any) -> None:
        """Renew other columns of the run with the next write."""
        self._changes |= columns

    def batch(self, step: int, epoch: int, values: Mapping[str, float]) -> None:
        """Note the figures after a step; kept when a write is due."""
        self.latest |= values
        is_due = self._note(step, epoch)
        # A loss that is no number is the last point of its run, and tells why.
        if is_due or not math.isfinite(values.get("loss", 0.0)):
            self._waiting.append(NewPoint(step, epoch, BATCH, values))
            self._write(values)

    def epoch(self, step: int, epoch: int, values: Mapping[str, float]) -> None:
        """Note the figures of a whole epoch; always kept."""
        self.latest |= values
        self._waiting.append(NewPoint(step, epoch, EPOCH, values))
        if self._note(step, epoch):
            self._write(values)

    def flush(self, *, durable: bool = False) -> None:
        """Write what is still waiting; ``durable``, so that it survives a power cut."""
        self._write(self.latest, durable=durable)

    def _note(self, step: int, epoch: int) -> bool:
        """Renew the progress; return whether a write is due."""
        now = time.monotonic()
        known = self.progress
        if self._first is None:
            self._first = (now, step)
        since, steps_since = now - self._first[0], step - self._first[1]
        pace = since / steps_since if steps_since else known.pace
        self.progress = Progress(epoch, known.epochs, step, known.steps, now - self._begun, pace)
        return now - self._written >= WRITE_SECONDS

    def _write(self, values: Mapping[str, float], *, durable: bool = False) -> None:
        self._store.record(
            self._run, self._waiting, self.progress, durable=durable, **self._changes
        )
        if self._also is not None:
            self._also(self._waiting)
        self._waiting, self._changes = [], {}
        # Taken after the write: a slow database then slows training by its own time only.
        self._written = time.monotonic()
        if self._on_progress is not None and values:
            self._on_progress(self.progress, values)
