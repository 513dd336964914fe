"""Exports wait their turn: one at a time, in a worker of their own, and none is lost.

An export is written down before it is begun, so that a page that was closed, a server that was
started again, and another page that asks for the same all find it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from designer.engine.export_records import (
    FAILED,
    READY,
    RUNNING,
    ExportRecord,
    exports_folder,
    new_token,
    read_record,
    records,
)
from designer.engine.export_sweeping import orphans, sweep
from designer.engine.lane import Lane
from designer.engine.locking import ProcessLock
from designer.errors import DesignerError, ExportError

LONGEST = 900.0
"""Seconds an export may take once it is begun."""

MOST_WAITING = 100
"""Exports that wait; more are refused, so that nobody's turn is hours away."""

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
            ExportError: too many wait already, or the disk cannot be written.
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
            token = new_token()
            record = ExportRecord(
                token, question, title, file_name, dict(job), time.time(), (asker,)
            )
            try:
                record.folder.mkdir()
                lock = ProcessLock(record.lock)
                lock.take()
                record.save()
            except OSError as error:
                record.remove()
                raise ExportError(
                    f"The export cannot be kept: {error.strerror or error}. Make room in"
                    f" {exports_folder()}."
                ) from error
            self._begin(_Live(record, lock))
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
            one.lock.give()
        self._lane.close()

    def _begin(self, live: _Live) -> None:
        """Put an export at the end of the queue."""
        record = live.record
        out = record.new_place() / record.file_name
        self._live[record.token] = live
        live.future = self._lane.submit(self._job, {**record.job, "out": str(out)}, self._longest)
        live.future.add_done_callback(lambda future: self._ended(live, future))

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
                self._write_down(record, future)
            finally:
                self._live.pop(record.token, None)
                live.lock.give()
        sweep(self._tokens())

    def _write_down(self, record: ExportRecord, future: Future[Any]) -> None:
        error = future.exception()
        ended = replace(record, ended=time.time(), state=FAILED)
        if error is None:
            result = future.result()
            file = Path(result["path"]).relative_to(record.folder)
            ended = replace(ended, state=READY, result=result, file=file.as_posix())
        else:
            said = str(error) if isinstance(error, DesignerError) else f"It failed: {error}"
            ended = replace(ended, error=said)
        try:
            ended.save()
        except OSError as problem:  # nothing can be promised that is not written down
            with contextlib.suppress(OSError):
                replace(
                    record, ended=time.time(), state=FAILED, error=f"The disk is full: {problem}"
                ).save()
        ended.clear()

    def _status(self, live: _Live) -> ExportStatus:
        assert live.future is not None
        if live.future.running():
            live.begun = live.begun or time.time()
            return ExportStatus(live.record, RUNNING, 0, time.time() - live.begun)
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
                    self._begin(_Live(record, lock))

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


def question_of(job: Mapping[str, Any], file_name: str) -> str:
    """Return what is the same for two who ask for the same.

    The record of a run follows from its model's file; of a run that went on since, that is
    another.
    """
    told: dict[str, Any] = {"job": dict(job), "file_name": file_name}
    if model := job.get("model_file"):
        told["job"].pop("record", None)
        with contextlib.suppress(OSError):
            known = Path(model).stat()
            told["model"] = [known.st_mtime_ns, known.st_size]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
