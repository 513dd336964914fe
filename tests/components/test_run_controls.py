"""What can be asked of a run, in every state it can be in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from components.run_controls import buttons, reasons_against
from components.run_words import progress_words, status
from designer import Design
from designer.training import Run, RunStore, TrainingSettings
from designer.training.asking import request_pause, request_stop
from tests.components.runs import DNN, begun_run, finished_run


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunStore]:
    monkeypatch.setenv("MODEL_DESIGNER_HOME", str(tmp_path))
    made = RunStore(f"sqlite:///{tmp_path / 'runs.sqlite'}")
    yield made
    made.close()


def queued(store: RunStore) -> str:
    return store.create(Design.from_template("dnn", **DNN), TrainingSettings("iris")).id


def offered(run: Run) -> dict[str, bool]:
    """Return label → whether it can be asked for."""
    return {one["label"]: not one["against"] for one in buttons(run)}


def test_a_run_under_way_can_be_asked_for_anything(store: RunStore) -> None:
    run = store.run(begun_run(store, done=2))
    assert offered(run) == {"Pause": True, "One epoch": True, "Stop": True, "Start again": True}
    assert reasons_against(run) == {}
    assert status(run).words == "Training"
    assert progress_words(run) == "Epoch 2 of 10 · 2 s so far · about 8 s left"


def test_a_run_that_is_pausing_can_go_on_at_once(store: RunStore) -> None:
    run = begun_run(store, done=2.5)
    request_pause(store, run)
    assert offered(store.run(run)) == {
        "Resume": True, "One epoch": False, "Stop": True, "Start again": True,
    }  # fmt: skip
    store.move(run, ["pausing"], "paused")
    assert offered(store.run(run))["One epoch"]
    assert status(store.run(run)).detail == "In epoch 3; Resume goes on from here."


def test_a_run_that_is_stopping_is_left_alone(store: RunStore) -> None:
    run = begun_run(store, done=2)
    request_stop(store, run)
    known = store.run(run)
    assert offered(known) == {
        "Pause": False, "One epoch": False, "Stop": False, "Start again": True,
    }  # fmt: skip
    assert reasons_against(known)["change"] == "It is stopping; a moment."


def test_a_finished_run_goes_on_only_with_more_epochs(store: RunStore) -> None:
    run = finished_run(store)
    against = reasons_against(store.run(run))
    assert against["resume"].startswith("All its 3 epochs are done. Change gives it more")
    assert against["stop"] == "It is finished already."
    assert "change" not in against
    settings = {**store.run(run).settings, "epochs": 5}
    store.record(run, settings=settings, epochs=5)
    assert "resume" not in reasons_against(store.run(run))


def test_the_final_figures_come_first(store: RunStore) -> None:
    run = begun_run(store, done=2)
    store.end(run, "stopped", reason="Stopped on request in epoch 2.", result="pending")
    known = store.run(run)
    assert status(known).detail == "The final figures are being made."
    assert set(reasons_against(known)) == {"stop", "resume", "one_epoch", "change"}
    store.keep_result(run, result="The test data are gone.")
    assert status(store.run(run)).detail == "The test data are gone."
    assert set(reasons_against(store.run(run))) == {"stop"}


def test_an_interrupted_run_says_so_and_can_be_resumed(store: RunStore) -> None:
    run = begun_run(store, done=2)
    store.record(run, pid=2**22 - 3, process_started=1.0)  # a process that is not there
    known = store.run(run)
    assert status(known).words == "Interrupted"
    assert "worker process is gone" in status(known).detail
    assert offered(known)["Resume"]


def test_the_place_in_the_queue_is_told(store: RunStore) -> None:
    runs = [queued(store) for _ in range(11)]
    queue = [run.id for run in store.queue()]
    assert queue == runs
    details = [status(store.run(run), queue).detail for run in runs]
    assert details[0] == "It is the next in the queue of 11."
    assert details[2] == "It is the third in the queue of 11."
    assert details[10] == "It is number 11 in the queue of 11."
    store.record(runs[0], reason="It waits for 2.1 GB of memory.")
    assert status(store.run(runs[0]), queue).detail == (
        "It is the next in the queue of 11. It waits for 2.1 GB of memory."
    )
    assert offered(store.run(runs[0])) == {
        "Pause": True, "One epoch": True, "Stop": True, "Start again": True,
    }  # fmt: skip
