"""Jobs and runs in worker processes of this machine."""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from designer.engine.process import WorkerProcess
from designer.engine.protocol import WorkerError
from designer.training.checking import check_run
from designer.training.settings import TrainingSettings
from designer.training.store import ADDRESS_VARIABLE, RunStore

if TYPE_CHECKING:
    from designer.design import Design

_log = logging.getLogger(__name__)


class LocalEngine:
    """Worker processes of this machine: a helper for short jobs, a trainer for runs.

    Each is started when first needed, or ahead of need by ``warm()``; one that dies fails
    the job it had with a clear error and is replaced for the next. Safe to share between
    threads. Runs are queued in the run store: those beyond the first wait their turn.

    Args:
        store: address of the run store; ``None`` takes the default one.
        trainers: how many runs may go on at once.
        preload: whether workers import TensorFlow as they start, before they are asked.
    """

    def __init__(self, store: str | None = None, trainers: int = 1, preload: bool = True):
        self._store_address = store
        self._store: RunStore | None = None
        self._lock = threading.RLock()
        environment = {ADDRESS_VARIABLE: store} if store else {}
        self._helper = _Lane("helper", 1, preload, environment)
        self._trainer = _Lane("trainer", trainers, preload, environment)

    @property
    def store(self) -> RunStore:
        """The run store, opened when first needed.

        What a dead server or worker left in it is put in order then: runs whose worker is
        gone become failed, and queued runs that nobody would start are taken over.
        """
        with self._lock:
            if self._store is None:
                self._store = RunStore(self._store_address)
                self._store.mend_dead_runs()
                for run in self._store.adopt_queued_runs():
                    self._start(run.id)
            return self._store

    def warm(self) -> None:
        """Start the workers now, without waiting for them, so that they are ready when asked."""
        self._helper.warm()
        self._trainer.warm()
        _ = self.store

    def submit(self, job: str, timeout: float | None = None, **arguments: Any) -> Future[Any]:
        """Have the helper do a short job (``designer.engine.jobs.JOBS``).

        Args:
            job: name of the job.
            timeout: seconds it may take once it is begun; its worker is killed then.
            arguments: arguments of the job, JSON values.

        Returns:
            A future with the job's result. It fails with the ``DesignerError`` the job
            raised, or with a ``WorkerError`` when the worker died, hung or met something
            unexpected.
        """
        return self._helper.submit(job, arguments, timeout)

    def train(
        self, design: Design | Mapping[str, Any], settings: TrainingSettings | Mapping[str, Any]
    ) -> str:
        """Queue a run, start it when its turn comes, and return its id.

        Raises:
            DesignerError: what ``designer.training.checking.check_run`` refuses.
            RunError: the run store cannot be opened.
        """
        design, settings, _ = check_run(design, settings)
        run = self.store.create(design, settings).id
        self._start(run)
        return run

    def worker_pids(self) -> dict[str, list[int]]:
        """Return the process numbers of the workers that are alive, by name."""
        return {lane.name: lane.pids() for lane in (self._helper, self._trainer)}

    def close(self) -> None:
        """Let the workers go. A run under way is finished; queued ones stay in the store."""
        self._helper.close()
        self._trainer.close()
        with self._lock:
            if self._store is not None:
                self._store.close()

    def _start(self, run: str) -> None:
        future = self._trainer.submit("train", {"run_id": run}, None)
        future.add_done_callback(lambda done: self._after_run(run, done))

    def _after_run(self, run: str, done: Future[Any]) -> None:
        """Close a run whose worker could not: the reason is known here only."""
        if done.cancelled() or self._trainer.is_closed:
            return
        error = done.exception()
        if error is not None:
            try:
                self.store.end(run, "failed", reason=str(error))
            except Exception:
                _log.exception("The end of run %s could not be written down.", run)


@dataclass
class _Task:
    job: str
    arguments: dict[str, Any]
    timeout: float | None
    future: Future[Any] = field(default_factory=Future)


class _Lane:
    """A queue of tasks and the workers that do them, each with a thread that looks after it."""

    def __init__(self, name: str, count: int, preload: bool, environment: dict[str, str]):
        self._preload = preload
        self.name = name
        self.is_closed = False
        self._environment = environment
        self._tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._workers: list[WorkerProcess | None] = [None] * count
        self._threads: list[threading.Thread] = []

    def submit(self, job: str, arguments: dict[str, Any], timeout: float | None) -> Future[Any]:
        task = _Task(job, arguments, timeout)
        with self._lock:
            if self.is_closed:
                raise WorkerError("The engine is closed.")
            self._tasks.put(task)
            self._start_threads()
        return task.future

    def warm(self) -> None:
        for place in range(len(self._workers)):
            with contextlib.suppress(WorkerError, OSError):
                self._worker(place)

    def pids(self) -> list[int]:
        with self._lock:
            return [w.pid for w in self._workers if w is not None and w.is_alive]

    def close(self) -> None:
        with self._lock:
            if self.is_closed:
                return
            self.is_closed = True
            workers = [worker for worker in self._workers if worker is not None]
        for worker in workers:
            worker.release()
        for _ in self._threads:
            self._tasks.put(None)

    def _start_threads(self) -> None:
        if not self._threads:
            for place in range(len(self._workers)):
                name = f"engine-{self.name}-{place}"
                thread = threading.Thread(target=self._serve, args=(place,), name=name, daemon=True)
                self._threads.append(thread)
                thread.start()

    def _worker(self, place: int) -> WorkerProcess:
        """Return the live worker of a place, a new one if there is none."""
        with self._lock:
            if self.is_closed:
                raise WorkerError("The engine is closed.")
            worker = self._workers[place]
            if worker is None or not worker.is_alive:
                name = self.name if place == 0 else f"{self.name}{place + 1}"
                worker = WorkerProcess(name, warm=self._preload, environment=self._environment)
                self._workers[place] = worker
            return worker

    def _serve(self, place: int) -> None:
        while True:
            task = self._tasks.get()
            if task is None:
                return
            if not task.future.set_running_or_notify_cancel():
                continue
            try:
                worker = self._worker(place)
                result = worker.do(task.job, task.arguments, task.timeout)
            except Exception as error:
                task.future.set_exception(error)
            else:
                task.future.set_result(result)
