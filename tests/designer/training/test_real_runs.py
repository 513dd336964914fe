"""Runs as they really are: worker processes, TensorFlow, real data, real deaths."""

from __future__ import annotations

import signal
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from designer.design import Design
from designer.engine import LocalEngine
from designer.errors import DatasetError, DesignerError, MemoryLimitError, RunError
from designer.evaluating import load_results
from designer.paths import run_folder
from designer.training import (
    TrainingSettings,
    export_arguments,
    request_stop,
)
from tests.designer.training.real import CNN, DNN, ENDLESS, end, wait

pytestmark = pytest.mark.keras


def test_a_dnn_learns_diabetes_and_leaves_all_it_should(engine: LocalEngine) -> None:
    run = engine.train(DNN, TrainingSettings("diabetes", epochs=40, seed=3))
    known = end(engine.store, run)
    assert known.state == "finished", known.reason
    assert known.progress.step == known.progress.steps == 400
    epochs = engine.store.metrics(run, kind="epoch")
    assert [point.epoch for point in epochs] == list(range(1, 41))
    assert set(epochs[0].values) == {"loss", "mae", "val_loss", "val_mae"}
    assert epochs[-1].values["loss"] < epochs[0].values["loss"]
    assert engine.store.metrics(run)[0].step == 1, "a point after the very first step"
    assert set(known.metrics) == {
        f"{of}{m}" for of in ("", "val_", "test_") for m in ("loss", "mae")
    }
    assert (run_folder(run) / "model.keras").stat().st_size > 1000
    assert (run_folder(run) / "preprocessing.json").exists()
    kept = load_results(run)
    assert kept.subject.task == "regression"
    assert len(kept) == kept.tested == 66
    assert kept.raw(0).shape == (10,)

    again = engine.train(DNN, TrainingSettings("diabetes", epochs=40, seed=3))
    end(engine.store, again)
    curve = [point.values for point in engine.store.metrics(again, kind="epoch")]
    assert curve == [point.values for point in epochs], "one seed, one curve"


def test_pictures_are_learned_and_mistakes_shown(engine: LocalEngine) -> None:
    design = Design.from_template("image_dnn", input_shape=[8, 8], hidden=[32], classes=10)
    run = engine.train(design, TrainingSettings("digits", epochs=8, learning_rate=0.01))
    known = end(engine.store, run)
    assert known.state == "finished", known.reason
    assert known.metrics["test_accuracy"] > 0.85
    kept = load_results(run)
    assert kept.raw(0).shape == (8, 8, 1)
    probabilities = kept.outputs[0]
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-4)
    right = np.mean(probabilities.argmax(axis=1) == kept.truths[0])
    assert right == pytest.approx(known.metrics["test_accuracy"], abs=1e-6)


@pytest.mark.parametrize(
    ("task", "parameters"),
    [
        ("binary", {"input_shape": [30]}),
        ("multilabel", {"input_shape": [3], "classes": 7}),
        ("multitask", {"input_shape": [3], "classes": [5, 2]}),
    ],
)
def test_every_task_trains(engine: LocalEngine, task: str, parameters: dict) -> None:
    dataset = "breast_cancer" if task == "binary" else "body_measurements"
    design = Design.from_template("dnn", task=task, **parameters)
    known = end(engine.store, engine.train(design, TrainingSettings(dataset, epochs=2)))
    assert known.state == "finished", known.reason
    assert load_results(known.id).subject.task == task


def test_points_come_at_least_once_a_second(engine: LocalEngine) -> None:
    run = engine.train(CNN, ENDLESS)
    wait(engine.store, run, lambda known: known.progress.elapsed > 3)
    request_stop(engine.store, run)
    end(engine.store, run)
    moments = [point.written for point in engine.store.metrics(run)]
    # Twice the promised second, as other tests may have the processors.
    assert max(after - before for before, after in pairwise(moments)) < 2


def test_divergence_is_told_with_its_likely_cause(engine: LocalEngine) -> None:
    design = DNN.replace(optimizer="sgd")
    run = engine.train(design, TrainingSettings("diabetes", learning_rate=50))
    known = end(engine.store, run)
    assert known.state == "failed"
    assert "learning rate" in (known.reason or "")


def test_a_run_can_be_taken_home(engine: LocalEngine, tmp_path: Path) -> None:
    design = Design.from_template("dnn", input_shape=[4], task="multiclass", classes=3)
    run = end(engine.store, engine.train(design, TrainingSettings("iris", epochs=2)))
    arguments = export_arguments(run)
    assert arguments["notes"]["class_names"] == [["setosa", "versicolor", "virginica"]]
    out = str(tmp_path / "model.zip")
    made = engine.submit("export", **arguments, format="saved_model", out=out).result(120)
    assert Path(made["path"]).is_file()
    with pytest.raises(RunError, match="no model to export"):
        export_arguments(engine.store.create(design, TrainingSettings("iris")))


def test_jobs_of_the_helper(engine: LocalEngine) -> None:
    assert engine.submit("dataset", name="iris").result(60) == {"name": "iris", "examples": 150}
    with pytest.raises(DatasetError, match="no data set"):
        engine.submit("dataset", name="irish").result(60)
    assert engine.submit("check", design=DNN.to_dict()).result(60)["agrees"]
    settings = TrainingSettings("diabetes").to_dict()
    told = engine.submit("estimate", design=DNN.to_dict(), settings=settings).result(60)
    assert told["words"].endswith("an epoch")


def test_what_cannot_go_on_is_refused_before_it_is_queued(engine: LocalEngine) -> None:
    before = len(engine.store.runs())
    with pytest.raises(DatasetError, match="does not fit"):
        engine.train(CNN, TrainingSettings("iris"))
    with pytest.raises(DatasetError, match="no data set 'mnist5k'"):
        engine.train(CNN, TrainingSettings("mnist5k"))
    with pytest.raises(DesignerError, match="batch_size"):
        engine.train(CNN, {"dataset": "mnist_5k", "batch_size": -1})
    huge = Design.from_template("vgg16", classes=10)
    with pytest.raises(MemoryLimitError, match="batch size"):
        engine.train(huge, TrainingSettings("mnist_5k", batch_size=60_000))
    assert len(engine.store.runs()) == before


FOREGROUND = """
from designer.design import Design
from designer.training import TrainingSettings, run_in_this_process
design = Design.from_template("dnn", input_shape=[10])
settings = TrainingSettings("diabetes", epochs=100_000, batch_size=8)
run = run_in_this_process(design, settings, lambda progress, _: print(progress.step, flush=True))
print(run.state, run.reason, "test_loss" in run.metrics)
"""


def test_in_the_foreground_ctrl_c_stops_politely() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", FOREGROUND], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "1"
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    assert process.stdout.read().splitlines()[-1].startswith("stopped Stopped on request in epoch")
    assert process.wait(30) == 0
