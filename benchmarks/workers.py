"""An engine for a measurement, whose workers are ready and at rest."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil

from designer.engine import LocalEngine


@contextmanager
def ready_engine() -> Iterator[LocalEngine]:
    """Yield an engine whose workers have started and rest; at the end, they are gone."""
    engine = LocalEngine()
    try:
        engine.warm()
        engine.submit("ping", timeout=180).result()
        pids = [pid for group in engine.worker_pids().values() for pid in group]
        _wait_for_rest(pids)
        yield engine
    finally:
        pids = [pid for group in engine.worker_pids().values() for pid in group]
        engine.close()
        _wait_for_end(pids)


def _wait_for_rest(pids: list[int], seconds: float = 180.0) -> None:
    """Wait until processes have used next to no processor time for a second."""
    processes = [psutil.Process(pid) for pid in pids]
    until = time.monotonic() + seconds
    used = -1.0
    while time.monotonic() < until:
        now = sum(sum(process.cpu_times()[:2]) for process in processes)
        if now - used < 0.05:
            return
        used = now
        time.sleep(1.0)
    raise RuntimeError("The workers did not come to rest.")


def _wait_for_end(pids: list[int], seconds: float = 30.0) -> None:
    """Wait until processes are gone; they end by themselves once their engine is closed."""
    processes = []
    for pid in pids:
        with suppress(psutil.NoSuchProcess):
            processes.append(psutil.Process(pid))
    _, alive = psutil.wait_procs(processes, timeout=seconds)
    for process in alive:
        process.kill()
