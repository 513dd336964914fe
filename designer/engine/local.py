"""Jobs and runs in processes of this machine."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from designer.engine.export_queue import ExportQueue
from designer.engine.keeper import RUNS_VARIABLE
from designer.engine.keeping import OwnedKeeper
from designer.engine.lane import Lane
from designer.engine.queueing import queue_run
from designer.training.database import ADDRESS_VARIABLE
from designer.training.settings import TrainingSettings
from designer.training.store import RunStore

if TYPE_CHECKING:
    from designer.design import Design


class LocalEngine:
    """Processes of this machine: a helper for short jobs, one each for large files that come in
    and exports that go out, and a keeper that starts the queued runs in workers of its own
    (``designer.engine.keeper``).

    Each is started when first needed, or ahead of need by ``warm()``; one that dies is
    replaced. Safe to share between threads.

    Args:
        store: address of the run store; ``None`` takes the default one.
        trainers: how many runs may go on at once; ``None`` for what the machine bears.
        preload: whether workers import TensorFlow as they start, before they are asked.
    """

    def __init__(self, store: str | None = None, trainers: int | None = None, preload: bool = True):
        self._store_address = store
        self._store: RunStore | None = None
        self._lock = threading.RLock()
        environment = {ADDRESS_VARIABLE: store} if store else {}
        self._helper = Lane("helper", 1, preload, environment)
        # Whoever waits for a check of Keras is not kept waiting by somebody's large file.
        self._reader = Lane("reader", 1, False, environment)
        # Nor whoever waits for examples by a check: they need no TensorFlow.
        self._fetcher = Lane("fetcher", 1, False, environment)
        self._exporter = Lane("exporter", 1, preload, environment)
        self._exports: ExportQueue | None = None
        if trainers is not None:
            environment = environment | {RUNS_VARIABLE: str(trainers)}
        self._keeper = OwnedKeeper(environment, warm=preload)

    @property
    def store(self) -> RunStore:
        """The run store, opened when first needed. Whoever reads it wants its runs to go on:
        the keeper is started with it."""
        with self._lock:
            if self._store is None:
                self._store = RunStore(self._store_address)
        self._keeper.ensure()
        return self._store

    @property
    def exports(self) -> ExportQueue:
        """The exports, which wait their turn; what an earlier process left is taken up when they
        are first asked for."""
        with self._lock:
            if self._exports is None:
                self._exports = ExportQueue(self._exporter)
            return self._exports

    def warm(self) -> None:
        """Start the workers now, without waiting for them, so that they are ready when asked; see
        to the exports that an earlier process left."""
        self._helper.warm()
        with contextlib.suppress(OSError):  # whoever asks for an export is told
            self.exports.look("")
        self._keeper.ensure()

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
        lanes = {"own_data": self._reader, "dataset": self._fetcher, "export": self._exporter}
        lane = lanes.get(job, self._helper)
        return lane.submit(job, arguments, timeout)

    def train(
        self, design: Design | Mapping[str, Any], settings: TrainingSettings | Mapping[str, Any]
    ) -> str:
        """Queue a run, to be started when its turn comes, and return its id.

        Raises:
            DesignerError: what ``designer.training.checking.check_run`` refuses.
            RunError: the run store cannot be opened.
        """
        return queue_run(self.store, design, settings).id

    def worker_pids(self) -> dict[str, list[int]]:
        """Return the process numbers of the workers that are alive, by name."""
        return {
            "helper": self._helper.pids(),
            "reader": self._reader.pids(),
            "fetcher": self._fetcher.pids(),
            "exporter": self._exporter.pids(),
            "trainer": self._keeper.worker_pids(),
        }

    def close(self) -> None:
        """Let the processes go. Runs under way and queued ones are seen to their end."""
        self._helper.close()
        self._reader.close()
        self._fetcher.close()
        with self._lock:
            if self._exports is not None:
                self._exports.close()
        self._exporter.close()
        self._keeper.close()
        with self._lock:
            if self._store is not None:
                self._store.close()
