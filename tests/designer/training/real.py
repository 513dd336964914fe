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


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def keeper_of(worker: int) -> int:
    parent = psutil.Process(worker).parent()
    assert parent is not None
    return parent.pid
