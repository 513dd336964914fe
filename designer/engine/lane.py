"""A queue of jobs and the worker processes that do them."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from designer.engine.process import WorkerProcess
from designer.engine.protocol import WorkerError


@dataclass
class _Task:
    job: str
    arguments: dict[str, Any]
    timeout: float | None
    begun: Callable[[], None] | None
    future: Future[Any] = field(default_factory=Future)
    worker: WorkerProcess | None = None  # that is at it
    is_taken_back: bool = False


class Lane:
    """A queue of tasks and the workers that do them, each with a thread that looks after it."""

    def __init__(self, name: str, count: int, preload: bool, environment: dict[str, str]):
        self._preload = preload
        self.name = name
        self.is_closed = False
        self._environment = environment
        self._tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._workers: list[WorkerProcess | None] = [None] * count
        self._under_way: list[_Task | None] = [None] * count
        self._threads: list[threading.Thread] = []

    def submit(
        self,
        job: str,
        arguments: dict[str, Any],
        timeout: float | None,
        begun: Callable[[], None] | None = None,
    ) -> Future[Any]:
        """Put a task at the end of the queue; ``begun`` is called when its turn has come."""
        task = _Task(job, arguments, timeout, begun)
        with self._lock:
            if self.is_closed:
                raise WorkerError("The engine is closed.")
            self._tasks.put(task)
            self._start_threads()
        return task.future

    def cancel(self, future: Future[Any]) -> None:
        """Take a task back: one that waits is not begun; the worker of one under way is killed,
        and its future fails."""
        if future.cancel():
            return
        with self._lock:
            for task in self._under_way:
                if task is not None and task.future is future:
                    task.is_taken_back = True
                    if task.worker is not None:
                        task.worker.kill()

    def rest(self) -> None:
        """Let workers go that have nothing to do; new ones come with the next tasks."""
        with self._lock:
            for place, worker in enumerate(self._workers):
                if worker is not None and self._under_way[place] is None and self._tasks.empty():
                    worker.release()
                    self._workers[place] = None

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

    def _worker(self, place: int, task: _Task | None = None) -> WorkerProcess:
        """Return the live worker of a place, a new one if there is none; it is to do ``task``."""
        with self._lock:
            if self.is_closed:
                raise WorkerError("The engine is closed.")
            if task is not None and task.is_taken_back:
                raise WorkerError("It was taken back before it was begun.")
            worker = self._workers[place]
            if worker is None or not worker.is_alive:
                name = self.name if place == 0 else f"{self.name}{place + 1}"
                worker = WorkerProcess(name, warm=self._preload, environment=self._environment)
                self._workers[place] = worker
            if task is not None:
                task.worker = worker
            return worker

    def _serve(self, place: int) -> None:
        while True:
            task = self._tasks.get()
            if task is None:
                return
            self._under_way[place] = task
            try:
                if task.future.set_running_or_notify_cancel():
                    self._do(place, task)
            finally:
                self._under_way[place] = None

    def _do(self, place: int, task: _Task) -> None:
        try:
            if task.begun is not None:
                task.begun()
            worker = self._worker(place, task)
            result = worker.do(task.job, task.arguments, task.timeout)
        except Exception as error:
            task.future.set_exception(error)
        else:
            task.future.set_result(result)
