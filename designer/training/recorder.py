"""Writes a run's points and progress into the store, and hears what is asked of the run.

Points are gathered and written a few times a second, so that training never waits for the
database step by step; the very first is written at once, because someone is waiting for it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from designer.training.runs import BATCH, EPOCH, Progress
from designer.training.store import NewPoint, RunStore

WRITE_SECONDS = 0.2
"""The shortest time between two writes, and between two looks for requests."""


class Recorder:
    """The training loop's ears and pen.

    Args:
        store: where to write.
        run: the run.
        epochs: epochs in all.
        steps: steps in all.
        interrupted: asked a few times a second; true asks the run to stop.
        on_progress: called with the progress and the newest values after each write.
    """

    def __init__(
        self,
        store: RunStore,
        run: str,
        epochs: int,
        steps: int,
        *,
        interrupted: Callable[[], bool] = lambda: False,
        on_progress: Callable[[Progress, Mapping[str, float]], None] | None = None,
    ):
        self._store = store
        self._run = run
        self._interrupted = interrupted
        self._on_progress = on_progress
        self._begun = time.monotonic()
        self._first: tuple[float, int] | None = None
        self._written = 0.0
        self._waiting: list[NewPoint] = []
        self._requests_seen = 0
        self._stop_is_asked = False
        self.progress = Progress(epochs=epochs, steps=steps)
        self.latest: dict[str, float] = {}
        """The newest figure of each name: a stopped epoch's own, where there is one."""

    def batch(self, step: int, epoch: int, values: Mapping[str, float]) -> None:
        """Note the figures after a step; kept when a write is due."""
        self.latest |= values
        if self._note(step, epoch):
            self._waiting.append(NewPoint(step, epoch, BATCH, values))
            self._write(values)

    def epoch(self, step: int, epoch: int, values: Mapping[str, float]) -> None:
        """Note the figures of a whole epoch; always kept."""
        self.latest |= values
        self._waiting.append(NewPoint(step, epoch, EPOCH, values))
        if self._note(step, epoch):
            self._write(values)

    def flush(self) -> None:
        """Write what is still waiting."""
        self._write(self.latest)

    def stop_is_asked(self) -> bool:
        """Return whether someone wants the run to end (the store is asked with each write)."""
        if not self._stop_is_asked and time.monotonic() - self._written >= WRITE_SECONDS:
            self._write({})
        return self._stop_is_asked

    def _note(self, step: int, epoch: int) -> bool:
        """Renew the progress; return whether a write is due."""
        now = time.monotonic()
        known = self.progress
        if self._first is None:
            self._first = (now, step)
        since, steps_since = now - self._first[0], step - self._first[1]
        pace = since / steps_since if steps_since else 0.0
        self.progress = Progress(epoch, known.epochs, step, known.steps, now - self._begun, pace)
        return now - self._written >= WRITE_SECONDS

    def _write(self, values: Mapping[str, float]) -> None:
        self._store.record(self._run, self._waiting, self.progress)
        self._waiting = []
        self._listen()
        # Taken after the write: a slow database then slows training by its own time only.
        self._written = time.monotonic()
        if self._on_progress is not None and values:
            self._on_progress(self.progress, values)

    def _listen(self) -> None:
        for request in self._store.requests(self._run, after=self._requests_seen):
            self._requests_seen = request.row
            if request.kind == "stop":
                self._stop_is_asked = True
        if not self._stop_is_asked and self._interrupted():
            self._store.request_stop(self._run)
            self._stop_is_asked = True
