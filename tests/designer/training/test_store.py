"""The run store: many processes at once, states that only move forward, dead workers."""

from __future__ import annotations

import math
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from designer.errors import RunError
from designer.paths import home, run_folder
from designer.training.processes import ProcessIdentity
from designer.training.runs import Progress
from designer.training.settings import SettingsError, TrainingSettings
from designer.training.store import NewPoint, RunStore

DESIGN = {"template": "dnn", "parameters": {}}
SETTINGS = TrainingSettings(dataset="diabetes")


def test_a_run_goes_from_queued_to_finished(store: RunStore) -> None:
    run = store.create(DESIGN, SETTINGS)
    assert run.id.startswith("dnn-diabetes-")
    assert (run.state, run.progress.epochs, run.settings) == ("queued", 10, SETTINGS.to_dict())
    assert store.claim(run.id)
    assert not store.claim(run.id), "a run can be claimed once"
    assert store.mark_running(run.id, 100, {"keras": "3"})
    store.record(
        run.id,
        [NewPoint(50, 1, "batch", {"loss": 0.5})],
        Progress(1, 10, 50, 100, elapsed=3.0, pace=0.04),
    )
    run = store.run(run.id)
    assert run.state == "running"
    assert run.progress.fraction == 0.5
    assert run.progress.seconds_left == pytest.approx(2.0)
    assert store.end(run.id, "finished", metrics={"loss": 0.1})
    assert not store.end(run.id, "failed", reason="too late"), "a closed run stays closed"
    run = store.run(run.id)
    assert (run.state, run.metrics, run.is_over) == ("finished", {"loss": 0.1}, True)
    assert [run.id for run in store.runs()] == [run.id]
    assert store.runs(["queued"]) == []


def test_metrics_are_read_from_where_one_stopped(store: RunStore) -> None:
    run = store.create(DESIGN, SETTINGS).id
    store.record(run, [NewPoint(step, 1, "batch", {"loss": 1 / step}) for step in (1, 2, 3)])
    points = store.metrics(run)
    assert [point.step for point in points] == [1, 2, 3]
    store.record(run, [NewPoint(4, 1, "epoch", {"loss": 0.1, "val_loss": 0.2})])
    (later,) = store.metrics(run, after=points[-1].row)
    assert (later.step, later.kind, later.values) == (4, "epoch", {"loss": 0.1, "val_loss": 0.2})
    assert store.metrics(run, kind="epoch") == [later]


def test_a_figure_that_is_not_a_number_survives(store: RunStore) -> None:
    run = store.create(DESIGN, SETTINGS).id
    store.record(run, [NewPoint(1, 1, "batch", {"loss": math.inf, "mae": math.nan})])
    (point,) = store.metrics(run)
    assert math.isnan(point.values["loss"])
    assert math.isnan(point.values["mae"])


def test_unknown_runs_and_bad_addresses_are_named(store: RunStore) -> None:
    with pytest.raises(RunError, match="no run 'nope'"):
        store.run("nope")
    with pytest.raises(RunError, match="no run 'nope'"):
        store.rename("nope", "a name")
    with pytest.raises(RunError, match="cannot be opened"):
        RunStore("sqlite:////nowhere/at/all/runs.sqlite")
    with pytest.raises(RunError, match="MODEL_DESIGNER_STORE"):
        RunStore("nonsense")
    with pytest.raises(SettingsError, match="batch_size"):
        store.create(DESIGN, {"dataset": "iris", "batch_size": 0})


def test_a_store_of_an_earlier_version_gets_the_columns_it_lacks(tmp_path: Path) -> None:
    store = RunStore(f"sqlite:///{tmp_path / 'runs.sqlite'}")
    run = store.create(DESIGN, SETTINGS).id
    store.close()
    with sqlite3.connect(store.address.removeprefix("sqlite:///")) as connection:
        connection.execute("ALTER TABLE runs DROP COLUMN pace")
        connection.execute("ALTER TABLE runs DROP COLUMN result")
        connection.execute("DROP TABLE events")
        connection.execute(
            "CREATE TABLE requests (id INTEGER PRIMARY KEY, run TEXT REFERENCES runs(id))"
        )
        connection.execute("INSERT INTO requests VALUES (1, ?)", [run])
    newer = RunStore(store.address)
    assert newer.run(run).progress.pace == 0
    newer.record(run, progress=Progress(1, 10, 1, 10, pace=0.5))
    assert newer.run(run).progress.pace == 0.5
    assert newer.run(run).result == ""
    newer.add_event(run, "started")
    newer.delete(run)


APPEND = """
import sys
from designer.training.store import NewPoint, RunStore
address, run, first = sys.argv[1:]
store = RunStore(address)
mine = run or store.create({"template": "dnn"}, {"dataset": "iris"}).id
for step in range(100):
    store.record(mine, [NewPoint(int(first) + step, 1, "batch", {"loss": 0.5})])
"""


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_several_processes_open_and_append_at_once(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    # Nothing is there yet: all race to make it.
    address = f"sqlite:///{tmp_path / 'new.sqlite'}"
    if kind == "postgresql":
        address = request.getfixturevalue("new_postgresql")()
    writers = [
        subprocess.Popen([sys.executable, "-c", APPEND, address, "", str(1000 * n)])
        for n in range(6)
    ]
    assert [writer.wait(60) for writer in writers] == [0] * 6
    store = RunStore(address)
    assert len(store.runs()) == 6
    shared = store.runs()[0].id
    writers = [
        subprocess.Popen([sys.executable, "-c", APPEND, address, shared, str(1000 * n)])
        for n in range(10, 14)
    ]
    assert [writer.wait(60) for writer in writers] == [0] * 4
    steps = [point.step for point in store.metrics(shared)]
    assert len(steps) == len(set(steps)) == 500


def test_events_points_and_files_of_a_run_go_with_it(store: RunStore) -> None:
    run = store.create(DESIGN, SETTINGS).id
    store.rename(run, "  the first  ")
    store.annotate(run, "Too few epochs?")
    store.add_event(run, "learning_rate", 20, 2, learning_rate=0.1)
    store.record(run, [NewPoint(step, 1, "batch", {"loss": 0.5}) for step in (10, 20, 30)])
    (run_folder(run) / "model.keras").write_text("x")
    assert (store.run(run).title, store.run(run).note) == ("the first", "Too few epochs?")
    assert store.events(run)[0].details == {"learning_rate": 0.1}
    store.forget_after(run, 10, 2)
    assert [point.step for point in store.metrics(run)] == [10]
    assert store.events(run) == [], "it will fall again"
    store.claim(run)
    with pytest.raises(RunError, match="is starting: stop it first"):
        store.delete(run)
    store.end(run, "failed", reason="No luck.")
    store.delete(run)
    assert not (home() / "runs" / run).exists()
    with pytest.raises(RunError, match="no run"):
        store.run(run)
    with pytest.raises(RunError, match="deleted"):
        store.control(run)


def test_an_epoch_told_of_where_the_checkpoint_stands_is_told_once(store: RunStore) -> None:
    run = store.create(DESIGN, SETTINGS).id
    for step in (10, 20):
        store.record(run, [NewPoint(step, step // 10, "batch", {"loss": 0.5})])
        store.record(run, [NewPoint(step, step // 10, "epoch", {"loss": 0.4, "val_loss": 0.5})])
        store.add_event(run, "learning_rate", step, step // 10, learning_rate=0.1)
    # All steps of epoch 2 were done at the checkpoint, but its validation was not.
    store.forget_after(run, 20, 2)
    points = [(point.kind, point.epoch, point.step) for point in store.metrics(run)]
    assert points == [("batch", 1, 10), ("epoch", 1, 10), ("batch", 2, 20)]
    assert [event.epoch for event in store.events(run)] == [1]
    store.forget_after(run, 10, 2)
    assert [point.step for point in store.metrics(run)] == [10, 10], "epoch 1 is done"


def test_the_queue_is_that_of_this_home(
    store: RunStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first, second = store.create(DESIGN, SETTINGS).id, store.create(DESIGN, SETTINGS).id
    assert [run.id for run in store.queue()] == [first, second]
    monkeypatch.setenv("MODEL_DESIGNER_HOME", str(tmp_path / "elsewhere"))
    assert store.queue() == []
    assert not store.someone_waits()


def test_a_reused_process_number_is_not_the_worker() -> None:
    me = ProcessIdentity.current()
    assert not me.is_gone()
    assert ProcessIdentity(me.host, me.pid, me.started - 3600).is_gone()
    assert not ProcessIdentity("another machine", 1, 0.0).is_gone()
    ended = subprocess.Popen([sys.executable, "-c", ""])
    identity = ProcessIdentity(me.host, ended.pid, time.time())
    ended.wait()
    assert identity.is_gone()
