"""What is asked of a run in each of its states, without a worker to hear it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from designer.errors import RunError
from designer.training import (
    SettingsError,
    TrainingSettings,
    change_settings,
    request_one_epoch,
    request_pause,
    request_resume,
    request_stop,
)
from designer.training.processes import this_home
from designer.training.recovering import recover, recover_all
from designer.training.runs import Progress
from designer.training.store import RunStore

SETTINGS = TrainingSettings(dataset="diabetes")


@pytest.fixture
def run(store: RunStore) -> str:
    return store.create({"template": "dnn"}, SETTINGS).id


CLAIM_AND_DIE = """
import os, sys
from designer.training.store import RunStore
store = RunStore(sys.argv[1])
store.claim(sys.argv[2])
os.kill(os.getpid(), 9)
"""


def interrupt(store: RunStore, run: str) -> None:
    """Have a process claim the run and die."""
    command = [sys.executable, "-c", CLAIM_AND_DIE, store.address, run]
    subprocess.run(command, check=False)
    assert store.run(run).condition == "interrupted"


def test_a_run_that_waits_is_stopped_paused_and_resumed_at_once(store: RunStore, run: str) -> None:
    assert request_pause(store, run).state == "paused"
    assert request_pause(store, run).state == "paused"
    assert store.queue() == []
    assert request_resume(store, run).state == "queued"
    assert request_resume(store, run).state == "queued"
    stopped = request_stop(store, run)
    assert (stopped.state, stopped.result) == ("stopped", "")
    assert stopped.is_complete
    assert request_stop(store, run).reason == "Stopped before it started."
    assert not store.claim(run)
    assert request_resume(store, run).state == "queued", "a stopped run can be taken up again"
    assert store.run(run).reason is None


def test_a_run_under_way_is_asked(store: RunStore, run: str) -> None:
    store.claim(run)
    assert request_pause(store, run).state == "pausing"
    assert request_resume(store, run).state == "running", "the pause is taken back"
    assert request_stop(store, run).state == "stopping"
    assert request_pause(store, run).state == "stopping"
    assert not store.mark_running(run, 10, {}), "stopping is not undone by a late start"
    store.end(run, "stopped", result="pending")
    assert store.run(run).is_over
    assert not store.run(run).is_complete


def test_a_stopped_run_whose_worker_is_gone_waits_for_its_figures(
    store: RunStore, run: str
) -> None:
    interrupt(store, run)
    store.record(run, progress=Progress(2, 10, 30, 200))
    known = request_stop(store, run)
    assert (known.state, known.result) == ("stopped", "pending")
    (found,) = store.without_result()
    assert found.id == run
    assert store.claim_result(found)
    assert not store.claim_result(found), "one process makes them"
    assert store.without_result() == []
    store.keep_result(run, {"test_loss": 1.0})
    assert store.run(run).metrics == {"test_loss": 1.0}


def test_a_finished_run_goes_on_only_with_more_epochs(store: RunStore, run: str) -> None:
    store.record(run, progress=Progress(10, 10, 100, 100))
    store.end(run, "finished")
    with pytest.raises(RunError, match="finished all its 10 epochs"):
        request_resume(store, run)
    with pytest.raises(RunError, match="cannot be paused"):
        request_pause(store, run)
    with pytest.raises(SettingsError, match="10 or more work"):
        change_settings(store, run, epochs=9)
    assert change_settings(store, run, epochs=12).progress.steps == 120
    known = request_one_epoch(store, run)
    assert (known.state, known.pause_after) == ("queued", 11)


def test_an_interrupted_run_is_recovered_as_it_was_meant(store: RunStore) -> None:
    runs = {state: store.create({"template": "dnn"}, SETTINGS).id for state in
            ("starting", "pausing", "stopping", "left")}  # fmt: skip
    for run in runs.values():
        interrupt(store, run)
    for state in ("pausing", "stopping"):
        store.move(runs[state], ["starting"], state)
    recover_all(store, home=this_home())
    states = {wanted: store.run(run).state for wanted, run in runs.items()}
    assert states == {
        "starting": "queued", "pausing": "paused", "stopping": "stopped", "left": "queued",
    }  # fmt: skip
    assert store.run(runs["starting"]).attempts == 1
    interrupt(store, runs["left"])
    known = recover(store, store.run(runs["left"]), out_of_memory=True)
    assert known.state == "failed"
    assert "ran out of memory" in (known.reason or "")


def test_whoever_asks_of_an_interrupted_run_is_heard(store: RunStore, run: str) -> None:
    interrupt(store, run)
    assert request_resume(store, run).state == "queued"
    interrupt(store, run)
    assert request_pause(store, run).state == "paused"
    assert request_resume(store, run).state == "queued"
    interrupt(store, run)
    assert request_stop(store, run).state == "stopped"


def test_only_some_settings_change_under_way(store: RunStore, run: str) -> None:
    with pytest.raises(SettingsError, match="batch_size cannot be changed once") as caught:
        change_settings(store, run, batch_size=8)
    assert caught.value.field == "batch_size"
    with pytest.raises(SettingsError, match="learning_rate must be above 0"):
        change_settings(store, run, learning_rate=-1)
    change_settings(store, run, learning_rate=0.5, early_stopping=3)
    change_settings(store, run, learning_rate=0.5)
    assert store.run(run).settings["early_stopping"] == 3
    (event,) = store.events(run)
    assert event.details == {"learning_rate": 0.5, "early_stopping": 3}
