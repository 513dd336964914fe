"""Hears what people want of a run, while its worker is busy training."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator

from designer.training import runs as states
from designer.training.settings import TrainingSettings
from designer.training.store import HELD_BY_NOBODY, Control, RunStore

LISTEN_SECONDS = 0.15
PATIENCE_SECONDS = 0.6
"""How long a run that has nothing to lose may take to heed a stop or a pause by itself."""

_HALTS = {states.STOPPING: "stop", states.STOPPED: "stop", states.PAUSING: "pause"}


class Listener:
    """A thread that looks at the run's row a few times a second.

    As long as no step has been done since the worker took the run, or since a checkpoint, there
    is nothing to lose: should building and tracing a large network keep the worker from heeding
    a stop or a pause, the listener closes the run and ends the process.

    Args:
        store: the run store.
        run: the run.
        interrupted: asked each time; true asks the run to stop.
        give_up: ends this process; ``None`` where it must not be ended.
    """

    def __init__(
        self,
        store: RunStore,
        run: str,
        *,
        interrupted: Callable[[], bool] = lambda: False,
        give_up: Callable[[], None] | None = None,
    ):
        self._store = store
        self._run = run
        self._interrupted = interrupted
        self._give_up = give_up
        self._control = store.control(run)
        self._halt_since: float | None = None
        self._closed = threading.Event()
        self._lock = threading.Lock()
        self._begun = False
        self._thread = threading.Thread(target=self._listen, name="listener", daemon=True)
        self._thread.start()

    @property
    def settings(self) -> TrainingSettings:
        """The settings as people want them now."""
        return TrainingSettings.from_dict(self._control.settings)

    @property
    def pause_after(self) -> int:
        """The epoch at whose end the run is to pause; 0 for none."""
        return self._control.pause_after

    @property
    def halt(self) -> str:
        """``"stop"``, ``"pause"`` or, as long as nobody wants either, ``""``."""
        return _HALTS.get(self._control.state, "")

    @property
    def revision(self) -> Control:
        """What was heard last; another object only if something changed."""
        return self._control

    def begin(self) -> None:
        """Note that a step has been done: from now on the training loop heeds halts."""
        with self._lock:
            self._begun = True

    @contextlib.contextmanager
    def nothing_to_lose(self) -> Iterator[None]:
        """While something long goes on, right after a checkpoint, heed halts by giving up."""
        with self._lock:
            self._begun = False
        try:
            yield
        finally:
            self.begin()

    def look(self) -> None:
        """Look now, instead of a moment later."""
        control = self._store.control(self._run)
        if control != self._control:
            self._control = control

    def close(self) -> None:
        """Listen no more."""
        self._closed.set()
        self._thread.join(timeout=5)

    def _listen(self) -> None:
        while not self._closed.wait(LISTEN_SECONDS):
            # A database that cannot be read now may be readable in a moment.
            with contextlib.suppress(Exception):
                if not self.halt and self._interrupted():
                    from designer.training.asking import request_stop

                    request_stop(self._store, self._run)
                self.look()
                self._lose_patience()

    def _lose_patience(self) -> None:
        if not self.halt:
            self._halt_since = None
            return
        now = time.monotonic()
        if self._halt_since is None:
            self._halt_since = now
        if self._give_up is None or now - self._halt_since < PATIENCE_SECONDS:
            return
        with self._lock:
            if self._begun or self._closed.is_set():
                return
            if self.halt == "pause":
                mine = {"held_by": os.getpid(), **HELD_BY_NOBODY}
                self._store.move(self._run, [states.PAUSING], states.PAUSED, **mine)
                self._store.add_event(self._run, "paused")
            else:
                kept = self._store.run(self._run).progress
                self._store.end(
                    self._run,
                    states.STOPPED,
                    reason=(
                        f"Stopped on request in epoch {kept.epoch}."
                        if kept.step
                        else "Stopped before its first step."
                    ),
                    result=states.PENDING if kept.step else "",
                )
            self._give_up()
