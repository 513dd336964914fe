"""What the tests of real runs share: designs, endless settings, waiting."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

import psutil
import pytest

from designer.design import Design
from designer.training import Run, RunStore, TrainingSettings

DNN = Design.from_template("dnn", input_shape=[10])
CNN = Design.from_template("cnn", input_shape=[28, 28, 1], classes=10)
ENDLESS = TrainingSettings("mnist_5k", epochs=3_000)


def wait(store: RunStore, run: str, until: Callable[[Run], object], seconds: float = 90) -> Run:
    """Return the run when it is as wanted; it fails if it ends before that."""
    deadline = time.monotonic() + seconds
    while not until(known := store.run(run)):
        if time.monotonic() > deadline or known.is_complete:
            pytest.fail(f"{run} is {known.state} ({known.reason}) at {known.progress}")
        time.sleep(0.02)
    return known


def end(store: RunStore, run: str, seconds: float = 90) -> Run:
    """Return the run when it is over and its final figures are made."""
    return wait(store, run, lambda known: known.is_complete, seconds)


def steps_of(store: RunStore, run: str) -> list[int]:
    """Return the steps of a run's points by batch, in the order written."""
    return [point.step for point in store.metrics(run, kind="batch")]


def kill(*pids: int) -> None:
    """Kill processes, all at once, and return when they are gone: the system takes its time to
    end a large one."""
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 30
    while any(_is_there(pid) for pid in pids):
        assert time.monotonic() < deadline, f"{pids} outlive a kill"
        time.sleep(0.01)


def _is_there(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def keeper_of(worker: int) -> int:
    parent = psutil.Process(worker).parent()
    assert parent is not None
    return parent.pid
