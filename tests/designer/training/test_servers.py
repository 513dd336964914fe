"""Servers die, alone or with all they started; a new one finds their runs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable

import psutil
import pytest

from designer.engine import LocalEngine
from designer.paths import run_folder
from designer.training import (
    RunStore,
    TrainingSettings,
    request_pause,
    request_resume,
    request_stop,
)
from designer.training.runs import UNDER_WAY
from tests.designer.training.real import CNN, DNN, end, keeper_of, kill, wait

pytestmark = pytest.mark.keras


@pytest.fixture
def alone() -> None:
    """Wait until no keeper of an earlier test is at work."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        keepers = [
            process
            for process in psutil.process_iter(["cmdline", "environ"])
            if "designer.engine.keeper" in (process.info["cmdline"] or [])
            and (process.info["environ"] or {}).get("MODEL_DESIGNER_HOME")
            == os.environ["MODEL_DESIGNER_HOME"]
        ]
        if not keepers:
            return
        time.sleep(0.1)
    pytest.fail("a keeper of an earlier test is still there")


OWNER = """
import sys, time
from designer.design import Design
from designer.engine import LocalEngine
from designer.training import TrainingSettings
engine = LocalEngine()
design = Design.from_template("cnn", input_shape=[28, 28, 1], classes=10)
print(engine.train(design, TrainingSettings("mnist_5k", epochs=int(sys.argv[1]))), flush=True)
small = Design.from_template("dnn", input_shape=[10])
print(engine.train(small, TrainingSettings("diabetes", epochs=2)), flush=True)
time.sleep(600)
"""


def own(epochs: int) -> tuple[subprocess.Popen[str], str, str]:
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(epochs)], stdout=subprocess.PIPE, text=True
    )
    assert owner.stdout is not None
    return owner, owner.stdout.readline().strip(), owner.stdout.readline().strip()


def test_a_killed_server_leaves_its_runs_going_to_their_end(alone: None) -> None:
    owner, run, waiting = own(epochs=20)
    store = RunStore()
    process = wait(store, run, lambda known: known.progress.step).process
    assert process is not None
    owner.kill()
    owner.wait()
    engine = LocalEngine()  # a new server
    assert engine.store.run(run).process == process, "it finds the run as it is"
    assert end(store, run).state == "finished"
    assert end(store, waiting).state == "finished"
    later = engine.train(DNN, TrainingSettings("diabetes", epochs=2))
    assert end(store, later).state == "finished"
    engine.close()
    deadline = time.monotonic() + 20
    while psutil.pid_exists(process.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not psutil.pid_exists(process.pid), "a worker nobody owns ends after its run"


def test_after_a_power_cut_runs_go_on_from_their_last_checkpoint(alone: None) -> None:
    owner, run, waiting = own(epochs=200)
    store = RunStore()
    checkpoint = run_folder(run) / "checkpoint.npz"
    process = wait(store, run, lambda known: checkpoint.exists()).process
    assert process is not None
    kill(owner.pid, keeper_of(process.pid), process.pid)
    owner.wait()
    known = store.run(run)
    assert (known.state in UNDER_WAY, known.condition) == (True, "interrupted")
    stood = known.progress.step
    time.sleep(1)
    assert store.run(run).progress.step == stood
    engine = LocalEngine()
    engine.warm()
    wait(store, run, lambda known: known.progress.step > stood)
    assert store.run(waiting).state == "queued"
    request_stop(store, run)
    assert end(store, run).state == "stopped"
    epochs = [point.epoch for point in store.metrics(run, kind="epoch")]
    assert epochs == list(range(1, len(epochs) + 1))
    assert [event.kind for event in store.events(run)][:3] == ["started", "recovered", "resumed"]
    assert end(store, waiting).state == "finished"
    engine.close()


def test_a_run_lives_in_postgresql_too(alone: None, new_postgresql: Callable[[], str]) -> None:
    engine = LocalEngine(new_postgresql())
    store = engine.store
    run = engine.train(CNN, TrainingSettings("mnist_5k", epochs=30))
    checkpoint = run_folder(run) / "checkpoint.npz"
    process = wait(store, run, lambda known: checkpoint.exists()).process
    assert process is not None
    kill(process.pid)
    wait(store, run, lambda known: known.process not in (None, process) and known.progress.step)
    request_pause(store, run)
    wait(store, run, lambda known: known.state == "paused")
    request_resume(store, run)
    assert end(store, run).state == "finished"
    epochs = [point.epoch for point in store.metrics(run, kind="epoch")]
    assert epochs == list(range(1, 31))
    engine.close()
