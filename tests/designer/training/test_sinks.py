"""TensorBoard and MLflow read what a run wrote for them; their own libraries are the judges."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from designer.engine import LocalEngine
from designer.paths import home
from designer.training import TrainingSettings
from designer.training import sinks as sinks_module
from designer.training.checking import check_run
from designer.training.runs import EPOCH
from designer.training.settings import SettingsError
from designer.training.sinks import SinkThread, check_sinks
from designer.training.store import NewPoint, RunStore
from tests.designer.training.real import DNN, end, kill, steps_of, wait

BOTH = TrainingSettings("iris", epochs=3, tensorboard=True, mlflow=True)
POINTS = [NewPoint(step, 1, "batch", {"loss": 1 / step}) for step in (1, 2)]
IRIS = DNN.replace(input_shape=[4], task="multiclass", classes=3)


class Kept:
    def __init__(self, fails: bool = False):
        self.points: list[NewPoint] = []
        self.closed = ""
        self.fails = fails

    def write(self, points: Sequence[NewPoint]) -> None:
        if self.fails:
            raise ConnectionError("no answer")
        self.points += points

    def close(self, state: str, metrics: Mapping[str, float]) -> None:
        self.closed = state


def test_a_missing_package_is_one_clear_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sinks_module, "find_spec", lambda name: None)
    with pytest.raises(SettingsError, match=r"pip install 'model-designer\[mlflow\]'") as caught:
        check_run(IRIS, TrainingSettings("iris", mlflow=True))
    assert caught.value.field == "mlflow"
    check_sinks(TrainingSettings("iris"))
    with pytest.raises(SettingsError, match="true or false, received 1"):
        TrainingSettings.from_dict({"dataset": "iris", "tensorboard": 1})


def test_a_sink_that_fails_is_left_alone_and_the_other_goes_on() -> None:
    good, bad, told = Kept(), Kept(fails=True), []
    thread = SinkThread(
        {"good": lambda: good, "bad": lambda: bad},
        POINTS[:1],
        lambda name, error: told.append((name, str(error))),
    )
    thread.write(POINTS[1:])
    thread.close("finished", {})
    assert good.points == POINTS
    assert (good.closed, bad.closed) == ("finished", "")
    assert told == [("bad", "no answer")]


def test_a_sink_that_hangs_does_not_hold_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sinks_module, "_PATIENCE_AT_THE_END", 0.05)
    never, told = threading.Event(), []

    class Hangs(Kept):
        def write(self, points: Sequence[NewPoint]) -> None:
            never.wait(30)

    thread = SinkThread({"slow": Hangs}, POINTS, lambda name, error: told.append(name))
    thread.close("finished", {})
    assert told == ["slow"]
    never.set()


def read_tensorboard(folder: Path) -> dict[str, list[tuple[int, float]]]:
    """Read with TensorBoard's own reader."""
    reading = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    found = {}
    for part in sorted(folder.iterdir()):
        events = reading.EventAccumulator(str(part), {reading.TENSORS: 0, reading.SCALARS: 0})
        events.Reload()
        for tag in events.Tags()["tensors"]:
            values = [
                (one.step, float(one.tensor_proto.float_val[0])) for one in events.Tensors(tag)
            ]
            found[f"{part.name}/{tag}"] = values
        for tag in events.Tags()["scalars"]:
            found[f"{part.name}/{tag}"] = [(one.step, one.value) for one in events.Scalars(tag)]
    return found


def expected(store: RunStore, run: str, name: str) -> list[tuple[int, float]]:
    points = store.metrics(run, kind=EPOCH)
    return [(point.epoch, pytest.approx(point.values[name], rel=1e-6)) for point in points]


def _wait_until_closed(database: Path) -> None:
    """Wait for the sinks' end: the run is over for those who watch it a little earlier.

    It is read without MLflow, which would set the same tables up a second time meanwhile.
    """
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with (
            contextlib.suppress(sqlite3.OperationalError),
            contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as read,
        ):
            if ("FINISHED",) in read.execute("SELECT status FROM runs").fetchall():
                return
        time.sleep(0.2)
    raise AssertionError("the sinks were never closed")


@pytest.mark.keras
def test_both_have_every_figure_once_after_a_killed_worker(engine: LocalEngine) -> None:
    pytest.importorskip("tensorboard")
    mlflow = pytest.importorskip("mlflow")
    store = engine.store
    run = engine.train(IRIS, BOTH.replace(epochs=150))
    process = wait(store, run, lambda known: known.progress.epoch > 20).process
    assert process is not None
    kill(process.pid)
    known = end(store, run, seconds=120)
    assert known.state == "finished", known.reason
    assert "sink_failed" not in [event.kind for event in store.events(run)]

    _wait_until_closed(home() / "mlflow.sqlite")
    client = mlflow.MlflowClient(f"sqlite:///{home() / 'mlflow.sqlite'}")
    experiment = client.get_experiment_by_name("Model Designer")
    (told,) = client.search_runs([experiment.experiment_id])
    assert told.info.status == "FINISHED"

    logged = read_tensorboard(home() / "runs" / run / "tensorboard")
    assert logged["train/epoch_loss"] == expected(store, run, "loss")
    assert logged["validation/epoch_loss"] == expected(store, run, "val_loss")
    assert [step for step, _ in logged["train/batch_loss"]] == steps_of(store, run)

    assert told.data.params["dataset"] == "iris"
    assert told.data.params["design.classes"] == "3"
    assert told.data.metrics["test_accuracy"] == pytest.approx(known.metrics["test_accuracy"])
    history = sorted(client.get_metric_history(told.info.run_id, "val_loss"), key=lambda m: m.step)
    assert [(one.step, one.value) for one in history] == expected(store, run, "val_loss")
