"""Exports wait their turn: one at a time, in a worker of their own, and none is lost.

An export is written down before it is begun, so that a page that was closed, a server that was
started again, and another page that asks for the same all find it.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from designer.engine.export_outcome import give_up_on, write_down
from designer.engine.export_records import (
    READY,
    RUNNING,
    ExportRecord,
    new_token,
    question_of,
    read_record,
    records,
)
from designer.engine.export_sweeping import orphans, sweep
from designer.engine.lane import Lane
from designer.engine.locking import ProcessLock
from designer.engine.protocol import WorkerError
from designer.errors import ExportError

LONGEST = 900.0
"""Seconds an export may take once it is begun."""

MOST_WAITING = 100
"""Exports that wait; more are refused, so that nobody's turn is hours away."""

MOST_OF_ONE = 25
"""Exports of one asker that wait; more are refused, so that others get their turn too."""

MOST_ATTEMPTS = 2
"""How often an export is begun if the server ends, in no good order, while it is made."""

LOOK_SECONDS = 60.0
"""Seconds between two looks for what is old. A worker that had nothing to do since the last one is
let go: it holds what the largest model needed."""


@dataclass(frozen=True)
class ExportStatus:
    """An export at this moment.

    Attributes:
        record: what was asked for, and what came of it.
        state: ``"waiting"``, ``"running"``, ``"ready"`` or ``"failed"``.
        place: how many are before it; 0 if it is its turn, or was.
        seconds: since it was begun; 0 if it is not under way.
    """

    record: ExportRecord
    state: str
    place: int = 0
    seconds: float = 0.0


@dataclass
class _Live:
    record: ExportRecord
    lock: ProcessLock
    out: Path | None = None
    future: Future[Any] | None = None
    begun: float = 0.0
    given_up: bool = False


class ExportQueue:
    """The exports of one server. Safe to share between threads.

    Args:
        lane: of the workers that make them.
        job: what is asked of a worker.
        longest: seconds an export may take once it is begun.
    """

    def __init__(self, lane: Lane, job: str = "export", longest: float = LONGEST):
        self._lane = lane
        self._job = job
        self._longest = longest
        self._lock = threading.RLock()
        self._live: dict[str, _Live] = {}  # in the order of their turns
        self._closed = threading.Event()
        self._idle_looks = 0
        self._tidy()
        threading.Thread(target=self._look_after, name="exports-sweeper", daemon=True).start()

    def ask(self, job: Mapping[str, Any], *, title: str, file_name: str, asker: str) -> str:
        """Ask for an export, and return the token it is known by.

        The same export asked for again is the same: it is not made twice.

        Args:
            job: arguments of the job ``"export"``, JSON values, without ``out``.
            title: what is exported, in words.
            file_name: what the file is to be called; its ending says whether it is a package.
            asker: who asks.

        Raises:
            ExportError: too many wait already, of everybody or of the one who asks, or the disk
                cannot be written.
        """
        question = question_of(job, file_name)
        with self._lock:
            self._check_open()
            same = self._find(question)
            if same is not None:
                return self._join(same, asker).token
            if len(self._live) >= MOST_WAITING:
                raise ExportError(
                    f"{len(self._live)} exports wait already, the most there may be. Ask again"
                    " when some of them are done."
                )
            mine = sum(asker in one.record.askers for one in self._live.values())
            if mine >= MOST_OF_ONE:
                raise ExportError(
                    f"{mine} of your exports wait already, the most that one may have. Ask again"
                    " when some of them are done, or cancel those you do not need."
                )
            token = new_token()
            record = ExportRecord(
                token, question, title, file_name, dict(job), time.time(), (asker,)
            )
            lock: ProcessLock | None = None
            try:
                record.folder.mkdir()
                lock = ProcessLock(record.lock)
                lock.take()
                record.save()
                self._begin(_Live(record, lock))
            except (OSError, WorkerError) as error:
                if lock is not None:
                    lock.give()
                record.remove()
                if isinstance(error, WorkerError):
                    raise
                raise ExportError(
                    f"The export cannot be kept ({error.strerror or type(error).__name__}):"
                    " whoever runs the server has to make room for it. Then ask again."
                ) from error
        sweep(self._tokens())
        return token

    def look(self, token: str) -> ExportStatus | None:
        """Return how an export stands; ``None`` if there is none, or none any more."""
        with self._lock:
            live = self._live.get(token)
            if live is not None:
                return self._status(live)
        record = read_record(token)
        if record is None or (record.state == READY and not record.is_there):
            return None
        return ExportStatus(record, record.state)

    def find(self, job: Mapping[str, Any], file_name: str, asker: str) -> ExportStatus | None:
        """Return the export that somebody has asked for already, if it is there: the last one."""
        question = question_of(job, file_name)
        return next(
            (one for one in self.of(asker) if one.record.question == question),
            None,
        )

    def of(self, asker: str) -> list[ExportStatus]:
        """Return the exports that somebody asked for, the newest first."""
        mine = [record for record in records() if asker in record.askers]
        found = [self.look(record.token) for record in mine]
        return sorted(
            (one for one in found if one is not None),
            key=lambda one: one.record.asked,
            reverse=True,
        )

    def give_up(self, token: str, asker: str) -> None:
        """Say that somebody does not want an export any more.

        Once nobody wants it, one that waits is not begun, one under way is ended, and what was
        made of it is thrown away.
        """
        with self._lock:
            live = self._live.get(token)
            record = live.record if live is not None else read_record(token)
            if record is None or asker not in record.askers:
                return
            left = tuple(one for one in record.askers if one != asker)
            if left:
                self._keep(replace(record, askers=left))
                return
            if live is None:
                record.remove()
                return
            live.given_up = True
            future = live.future
        if future is not None:
            self._lane.cancel(future)

    def close(self) -> None:
        """End it. What waits or is under way is taken up again by the next one."""
        with self._lock:
            if self._closed.is_set():
                return
            self._closed.set()
            live = list(self._live.values())
            self._live.clear()
        for one in reversed(live):  # the one under way last, or the next would begin
            if one.future is not None:
                self._lane.cancel(one.future)
            one.record.clear()
            if one.begun:  # that it was not made is not its own fault
                with contextlib.suppress(OSError):
                    replace(one.record, attempts=one.record.attempts - 1).save()
            one.lock.give()
        self._lane.close()

    def _begin(self, live: _Live) -> None:
        """Put an export at the end of the queue.

        Raises:
            OSError: there is no room for it; nothing is changed.
            WorkerError: the lane is closed; nothing is changed.
        """
        record = live.record
        live.out = record.new_place() / record.file_name
        job = {**record.job, "out": str(live.out)}
        self._live[record.token] = live
        try:
            live.future = self._lane.submit(
                self._job, job, self._longest, begun=lambda: self._has_begun(live)
            )
        except WorkerError:
            del self._live[record.token]
            raise
        live.future.add_done_callback(lambda future: self._ended(live, future))

    def _has_begun(self, live: _Live) -> None:
        """Write down that the turn of an export has come, before it can end the server."""
        with self._lock:
            if not self._closed.is_set():
                live.begun = time.time()
                self._keep(replace(live.record, attempts=live.record.attempts + 1))

    def _ended(self, live: _Live, future: Future[Any]) -> None:
        """Write down what came of an export."""
        with self._lock:
            if self._closed.is_set():
                return
            record = live.record
            try:
                if live.given_up or future.cancelled():
                    record.remove()
                    return
                write_down(record, future, live.out)
            finally:
                self._live.pop(record.token, None)
                live.lock.give()
        sweep(self._tokens())

    def _status(self, live: _Live) -> ExportStatus:
        assert live.future is not None
        if live.begun or live.future.running():  # or done already, but not written down yet
            seconds = time.time() - live.begun if live.begun else 0.0
            return ExportStatus(live.record, RUNNING, 0, seconds)
        before = list(self._live).index(live.record.token)
        return ExportStatus(live.record, live.record.state, before)

    def _find(self, question: str) -> ExportRecord | None:
        for live in self._live.values():
            if live.record.question == question and not live.given_up:
                return live.record
        for record in records():
            if record.question == question and record.is_there:
                return record
        return None

    def _join(self, record: ExportRecord, asker: str) -> ExportRecord:
        if asker in record.askers:
            return record
        return self._keep(replace(record, askers=(*record.askers, asker)))

    def _keep(self, record: ExportRecord) -> ExportRecord:
        with contextlib.suppress(OSError):
            record.save()
        if record.token in self._live:
            self._live[record.token].record = record
        return record

    def _tidy(self) -> None:
        """Throw away what is old; take up what a process that is gone has left undone."""
        sweep(self._tokens())
        with self._lock:
            if not self._closed.is_set():
                for record, lock in orphans(self._live):
                    self._take_up(record, lock)

    def _take_up(self, record: ExportRecord, lock: ProcessLock) -> None:
        """Begin again what another process has left undone, unless it is what ended that one."""
        try:
            if record.attempts < MOST_ATTEMPTS:
                self._begin(_Live(record, lock))
                return
            give_up_on(record)
        except (OSError, WorkerError):
            pass  # it is looked for again in a while
        lock.give()

    def _tokens(self) -> list[str]:
        with self._lock:
            return list(self._live)

    def _check_open(self) -> None:
        if self._closed.is_set():
            raise ExportError("The server is being stopped: ask again when it is back.")

    def _look_after(self) -> None:
        """Throw away, again and again, what has become old; let an idle worker go."""
        while not self._closed.wait(LOOK_SECONDS):
            with contextlib.suppress(OSError):
                self._tidy()
            self._idle_looks = 0 if self._tokens() else self._idle_looks + 1
            if self._idle_looks >= 2:
                self._lane.rest()
