"""The keeper of the queue: ``python -m designer.engine.keeper [--warm]``.

A small process (no TensorFlow) that starts the queued runs of its home in worker processes, as
many at once as the machine bears, and puts what was interrupted back into the queue. There is
one a home at work at a time; others stand by. It serves as long as its standard input is open;
when that ends, because its owner is gone, it sees the queue to its end first. So runs need no
page server to go on.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from designer.engine.lane import Lane
from designer.engine.locking import ProcessLock
from designer.memory import RUNTIME_BYTES, room_for_runs, write_bytes
from designer.paths import home
from designer.training import recovering
from designer.training import runs as states
from designer.training.failures import in_words
from designer.training.processes import this_home
from designer.training.runs import Run
from designer.training.store import RunStore

RUNS_VARIABLE = "MODEL_DESIGNER_RUNS_AT_ONCE"
LOOK_SECONDS = 0.1
RECOVER_SECONDS = 0.5

_log = logging.getLogger(__name__)


def runs_at_once() -> int:
    """Return how many runs go on at once: ``$MODEL_DESIGNER_RUNS_AT_ONCE``, or one for every
    two processors, as each run uses several; at most 4."""
    text = os.environ.get(RUNS_VARIABLE, "")
    if text.isdigit() and int(text) > 0:
        return int(text)
    return max(1, min(4, (os.cpu_count() or 2) // 2))


class Keeper:
    """Keeps the queue of one home.

    Args:
        store: the run store.
        slots: how many runs may go on at once.
        preload: whether workers import TensorFlow before they are asked.
    """

    def __init__(self, store: RunStore, slots: int, *, preload: bool):
        self._store = store
        self._slots = slots
        self._lane = Lane("trainer", slots, preload, {})
        self._busy: dict[str, Future[Any]] = {}
        self._concluding: set[str] = set()  # those of the busy whose training is over
        self._killed = _killed_for_memory()
        self._recovered = 0.0
        self._elsewhere = False
        if preload:
            self._lane.warm()

    def look(self) -> bool:
        """Do what there is to do; return whether anything is left to wait for."""
        self._reap()
        if time.monotonic() - self._recovered >= RECOVER_SECONDS:
            self._recover()
            self._recovered = time.monotonic()
        waits = self._store.someone_waits()
        if waits:
            self._start(self._store.queue())
        return bool(waits or self._busy or self._elsewhere)

    def close(self) -> None:
        """Let the workers go."""
        self._lane.close()

    def _others(self) -> list[Run]:
        """Return the runs of this home that workers of somebody else are at."""
        return [
            run
            for run in self._store.runs(states.UNDER_WAY)
            if run.id not in self._busy and run.home in ("", this_home())
        ]

    def _start(self, waiting: list[Run]) -> None:
        under_way = [
            run for run in self._store.runs(states.UNDER_WAY) if run.home in ("", this_home())
        ]
        free = self._slots - len(self._busy)
        free -= sum(run.id not in self._busy for run in under_way)
        for run in waiting:
            if free <= 0:
                return
            if run.id in self._busy:
                continue
            room = room_for_runs(
                (run.memory, run.process.pid if run.process else None) for run in under_way
            )
            needed = run.memory - (RUNTIME_BYTES if self._lane.pids() else 0)
            if needed > room:
                reason = (
                    f"Waits for memory: it needs about {write_bytes(run.memory)},"
                    f" {write_bytes(max(0, room))} are free."
                )
                if run.reason != reason:
                    self._store.record(run.id, reason=reason)
                continue
            self._busy[run.id] = self._lane.submit("train", {"run_id": run.id}, None)
            return  # the next one when this one has taken its memory

    def _reap(self) -> None:
        for run_id, future in list(self._busy.items()):
            if future.done():
                self._after(run_id, future.exception())
                del self._busy[run_id]
                self._concluding.discard(run_id)

    def _after(self, run_id: str, error: BaseException | None) -> None:
        """See to a run whose job is over; what fails here is tried again the next time."""
        if error is None:
            return
        _log.warning("The worker of %s: %s", run_id, error)
        run = self._store.run(run_id)
        if run.is_interrupted:
            killed = _killed_for_memory()
            recovering.recover(self._store, run, out_of_memory=killed > self._killed)
            self._killed = killed
            self._lane.warm()
        elif run.state in states.UNDER_WAY:
            self._store.end(run_id, states.FAILED, reason=in_words(error))
        elif run_id in self._concluding and run.result == states.PENDING:
            # After a training that was given up, the figures are made by another worker.
            self._store.keep_result(run_id, result=in_words(error))

    def _recover(self) -> None:
        others = self._others()
        self._elsewhere = bool(others)
        for run in others:
            if run.is_interrupted:
                _log.warning("The run %s was interrupted.", run.id)
                recovering.recover(self._store, run)
        if len(self._busy) < self._slots:
            for run in self._store.without_result():
                if run.id not in self._busy:
                    self._concluding.add(run.id)
                    self._busy[run.id] = self._lane.submit("conclude", {"run_id": run.id}, None)
                    return


def _killed_for_memory() -> int:
    """Return how many processes the system has ended for want of memory; 0 where it keeps no
    count."""
    count = 0
    for path in (Path("/proc/vmstat"), Path("/sys/fs/cgroup/memory.events")):
        try:
            for line in path.read_text().splitlines():
                name, _, value = line.partition(" ")
                if name == "oom_kill":
                    count += int(value)
        except (OSError, ValueError):
            continue
    return count


def serve(store: RunStore, is_owned: Callable[[], bool], *, preload: bool) -> bool:
    """Keep the queue until nobody owns this process and nothing is left to do.

    Returns:
        whether it was this process that kept it: ``False`` if another is at work.
    """
    lock = ProcessLock(home() / "keeper.lock")
    while not lock.take():
        if not is_owned():
            return False
        time.sleep(RECOVER_SECONDS)
    keeper = Keeper(store, runs_at_once(), preload=preload)
    try:
        while True:
            try:
                left = keeper.look()
            except Exception:
                _log.exception("The queue could not be looked at; the next look may do better.")
                left = True
                time.sleep(1)
            if not left and not is_owned():
                return True
            time.sleep(LOOK_SECONDS)
    finally:
        keeper.close()
        lock.give()


def main(arguments: list[str]) -> int:
    """Serve; return the exit status."""
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO)
    owned = threading.Event()
    owned.set()

    def wait_for_the_end() -> None:
        sys.stdin.buffer.read()
        owned.clear()

    threading.Thread(target=wait_for_the_end, name="owner", daemon=True).start()
    store = RunStore()
    # A run that is queued just as the lock is given back would wait for nobody.
    while serve(store, owned.is_set, preload="--warm" in arguments) and store.someone_waits():
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
