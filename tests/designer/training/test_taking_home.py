"""What a run keeps for exports, and which of its weights can be taken home."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pytest

from designer.datasets import load
from designer.datasets.fingerprint import fingerprint
from designer.datasets.preprocessing import Preprocessing
from designer.design import Design
from designer.errors import DatasetError, RunError
from designer.paths import run_folder
from designer.training import (
    Run,
    RunStore,
    TrainingSettings,
    export_arguments,
    kept_examples,
    preparing,
    run_in_this_process,
)
from designer.training.kept_examples import keep_examples
from designer.training.runs import Progress
from designer.training.store import NewPoint
from designer.training.taking_home import checkpoints_of, has_model

IRIS = Design.from_template("dnn", input_shape=[4], task="multiclass", classes=3)
PREPARED = Preprocessing("none", (4,), (4,), (0.0,) * 4, (1.0,) * 4)


def run_that_kept(*files: str, keep: str = "last", best_epoch: int = 1, step: int = 8) -> Run:
    """Return a run of two epochs of four steps that never was, with files of its models."""
    store = RunStore()
    try:
        run = store.create(IRIS, TrainingSettings("iris", epochs=2, keep=keep))
        points = [
            NewPoint(4 * epoch, epoch, "epoch", {"loss": 1 / epoch, "val_loss": float(epoch)})
            for epoch in (1, 2)
        ]
        store.record(run.id, points, Progress(2, 2, step, 8))
        store.end(run.id, "finished", metrics={"loss": 0.5, "test_loss": 0.7})
        run = replace(store.run(run.id), best_epoch=best_epoch)
    finally:
        store.close()
    folder = run_folder(run.id)
    (folder / "preprocessing.json").write_text(json.dumps(PREPARED.to_dict()))
    for name in files:
        (folder / name).write_bytes(b"weights")
    return run


def model_of(run: Run, checkpoint: str) -> str:
    return Path(export_arguments(run, checkpoint)["model_file"]).name


def test_the_last_step_and_the_best_epoch_are_both_there() -> None:
    run = run_that_kept("model.keras", "model-best.keras")
    assert checkpoints_of(run) == ["last", "best"]
    assert model_of(run, "kept") == model_of(run, "last") == "model.keras"
    assert model_of(run, "best") == "model-best.keras"
    kept, best = export_arguments(run), export_arguments(run, "best")
    assert kept["notes"]["metrics"] == run.metrics
    assert best["notes"]["metrics"] == {"loss": 1.0, "val_loss": 1.0}, "those of its own epoch"
    assert (kept["record"]["checkpoint"], best["record"]["checkpoint"]) == ("last", "best")
    assert best["record"]["metrics"] == run.metrics, "what the run came to is kept in any case"


def test_a_run_that_keeps_the_best_has_the_last_beside_it() -> None:
    run = run_that_kept("model.keras", "model-last.keras", keep="best")
    assert checkpoints_of(run) == ["best", "last"]
    assert model_of(run, "kept") == model_of(run, "best") == "model.keras"
    assert model_of(run, "last") == "model-last.keras"
    assert export_arguments(run, "last")["notes"]["metrics"] == {"loss": 0.5, "val_loss": 2.0}


@pytest.mark.parametrize("keep", ["last", "best"])
def test_where_the_last_epoch_is_the_best_both_are_one_file(keep: str) -> None:
    run = run_that_kept("model.keras", keep=keep, best_epoch=2)
    assert checkpoints_of(run) == [keep, "best" if keep == "last" else "last"]
    for checkpoint in ("kept", "best", "last"):
        assert model_of(run, checkpoint) == "model.keras"
        assert export_arguments(run, checkpoint)["notes"]["metrics"] == run.metrics


def test_weights_that_a_run_has_not_are_told_with_those_it_has() -> None:
    run = run_that_kept("model.keras")
    with pytest.raises(RunError, match=r"no weights of its best epoch; it has: last\."):
        export_arguments(run, "best")
    early = run_that_kept("model.keras", keep="best", best_epoch=0, step=2)
    assert checkpoints_of(early) == ["last"], "it was stopped before its first epoch was over"
    assert export_arguments(early)["record"]["checkpoint"] == "last"
    with pytest.raises(RunError, match="checkpoint: received 'first'; kept, best, last work"):
        export_arguments(run, "first")
    none = run_that_kept()
    assert not has_model(none)
    assert checkpoints_of(none) == []
    with pytest.raises(RunError, match="has no model to export: its files are gone"):
        export_arguments(none)


def test_a_run_of_an_earlier_version_has_neither_examples_nor_a_fingerprint() -> None:
    arguments = export_arguments(run_that_kept("model.keras"))
    assert [arguments[name] for name in ("examples", "calibration", "held_out")] == [None] * 3
    data = arguments["record"]["data"]
    assert "fingerprint" not in data
    assert data["licence"] == "CC BY 4.0 (UCI Machine Learning Repository)"
    json.dumps(arguments, allow_nan=False)


@cache
def kept() -> tuple[Run, preparing.Parts]:
    run = run_that_kept("model.keras")
    settings = TrainingSettings.from_dict(run.settings)
    parts = preparing.prepare(IRIS, settings)
    keep_examples(run.id, IRIS, settings, parts)
    return run, parts


def test_a_run_keeps_examples_as_they_are_and_as_the_model_takes_them() -> None:
    run, parts = kept()
    arguments = export_arguments(run)
    calibration = np.load(arguments["calibration"])
    assert calibration.dtype == np.float32
    expected = parts.preprocessing.apply(np.asarray(parts.train.features)[:100])
    np.testing.assert_array_equal(calibration, expected)
    with np.load(arguments["held_out"]) as held:
        data = load("iris")
        np.testing.assert_array_equal(held["raw"], data.features[parts.test.indices])
        labels = data.labels
        assert isinstance(labels, np.ndarray)
        np.testing.assert_array_equal(held["label_0"].argmax(axis=1), labels[parts.test.indices])
    told = arguments["record"]["data"]
    assert told["parts"] == {"train": 106, "validation": 22, "test": 22}
    assert told["fingerprint"] == fingerprint(load("iris"))


def test_of_data_that_are_gone_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    _, parts = kept()
    run = run_that_kept("model.keras")

    def gone(*_: object) -> None:
        raise DatasetError("it was deleted")

    monkeypatch.setattr(kept_examples, "load", gone)
    keep_examples(run.id, IRIS, TrainingSettings.from_dict(run.settings), parts)
    assert {path.name for path in run_folder(run.id).iterdir()} == {
        "model.keras",
        "preprocessing.json",
    }


def test_someone_who_waits_gets_the_examples_that_there_is_time_for() -> None:
    _, parts = kept()
    run = run_that_kept("model.keras")
    keep_examples(run.id, IRIS, TrainingSettings.from_dict(run.settings), parts, seconds=0)
    arguments = export_arguments(run)
    assert len(np.load(arguments["calibration"])) == 100
    assert arguments["held_out"] is None
    assert "fingerprint" not in arguments["record"]["data"]
    assert arguments["record"]["data"]["parts"]["train"] == 106


def test_a_full_disk_leaves_no_half_of_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    _, parts = kept()
    run = run_that_kept("model.keras")

    def full(file: BinaryIO, **_: object) -> None:
        file.write(b"PK half of an archive")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(OSError, match="No space left"):
        keep_examples(run.id, IRIS, TrainingSettings.from_dict(run.settings), parts)
    assert export_arguments(run)["held_out"] is None
    assert not [path for path in run_folder(run.id).iterdir() if "held_out" in path.name]


@pytest.mark.keras
def test_a_run_has_its_model_though_its_examples_cannot_be_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from designer.training import worker_run

    seen: list[bool] = []

    def full(run: str, *_: object) -> None:
        seen.append((run_folder(run) / "model.keras").is_file())
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(worker_run, "keep_examples", full)
    run = run_in_this_process(IRIS, TrainingSettings("iris", epochs=1))
    assert (run.state, run.reason) == ("finished", None)
    assert seen == [True], "the model comes first"
    assert "test_loss" in run.metrics
    assert Path(export_arguments(run)["model_file"]).is_file()


def test_a_fingerprint_changes_with_a_number_and_with_the_order() -> None:
    data = load("iris")
    usual = fingerprint(data)
    assert fingerprint(data.take(np.arange(150))) == usual
    assert fingerprint(data.take(np.arange(150)[::-1])) != usual
    features = data.features.copy()
    features[17, 2] += 0.1
    assert fingerprint(replace(data, features=features)) != usual
    assert fingerprint(replace(data, features=data.features.astype(np.float64))) != usual


def test_the_record_is_of_the_run_and_of_nobody() -> None:
    run, _ = kept()
    store = RunStore()
    store.annotate(run.id, "a private note")
    store.add_event(run.id, "changed", 4, 2, learning_rate=0.1)
    known = replace(run, note="a private note", metrics={"loss": float("nan")})
    record = export_arguments(known, store=store)["record"]
    store.close()
    assert record["metrics"] == {"loss": None}
    assert record["changed"] == [{"epoch": 2, "learning_rate": 0.1}]
    assert [one["epoch"] for one in record["epochs"]] == [1, 2]
    text = json.dumps(record, allow_nan=False)
    assert "private" not in text
    assert run.home not in text
    assert str(run_folder(run.id)) not in text
