"""Data that people bring along, from a file to a trained network and back out of the disk."""

from __future__ import annotations

import io
import json
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from designer.adapting import adapt
from designer.datasets import Preprocessing, dataset_info, load, load_preview
from designer.datasets.own import Choices, Draft, owner_of_token, owner_of_user, receive
from designer.design import Design
from designer.engine import LocalEngine
from designer.errors import DatasetError
from designer.evaluating import load_results
from designer.looking.packing import pack
from designer.paths import run_folder
from designer.training import (
    Run,
    RunStore,
    TrainingSettings,
    examples,
    export_arguments,
)
from designer.training.forgetting import KEPT_EXAMPLES, forget_data, runs_of
from designer.training.preparing import prepare
from tests.designer.datasets.own.own_files import arrays, packed, picture
from tests.designer.training.real import end

pytestmark = pytest.mark.keras

OWNER = owner_of_token("1234abcd" * 4)
ROOT = Path(__file__).resolve().parents[3]


def table(rows: int = 600) -> bytes:
    """Return a table whose kind follows from its numbers and its colour."""
    numbers = random.Random(0)
    lines = ["id;length;colour;bought;kind;price"]
    for row in range(rows):
        kind = row % 3
        length = f"{3 * kind + numbers.random():.3f}".replace(".", ",")
        colour = numbers.choice(["red", "blue"] if kind else ["white", "blue"])
        gap = "NA" if row % 50 == 7 else length
        lines.append(f"{row};{gap};{colour};2024-02-1{row % 9};kind {kind};{2 * kind + 1}")
    return "\n".join([*lines, "broken;row"]).encode()


def pictures() -> bytes:
    files = {}
    for row in range(60):
        shade = 200 + row % 40
        files[f"train/red/{row}.png"] = picture((shade, 20, 20), (20 + row % 7, 18))
        files[f"train/green/{row}.jpg"] = picture((20, shade, 20), (20, 18 + row % 5), form="JPEG")
    return packed(files | {"train/green/notes.txt": b"none"})


def bring(engine: LocalEngine, content: bytes, name: str, **choices: object) -> str:
    """Bring a file along as the page does: in a worker."""
    received = receive(io.BytesIO(content), name)
    answer = engine.submit("own_data", step="examine", received=received).result(60)
    assert Draft.from_dict(answer).examples > 0
    chosen = Choices(**choices).to_dict()  # type: ignore[arg-type]
    kept = engine.submit(
        "own_data", step="keep", received=received, choices=chosen, owner=OWNER
    ).result(60)
    return kept["name"]


def trained(engine: LocalEngine, template: str, data: str, **settings: object) -> Run:
    design = adapt(Design.from_template(template), dataset_info(data))
    run = engine.train(design, TrainingSettings(data, **settings))  # type: ignore[arg-type]
    known = end(engine.store, run, 180)
    assert known.state == "finished", known.reason
    return known


def test_a_table_is_learned(engine: LocalEngine) -> None:
    data = bring(engine, table(), "flowers.csv", targets=("kind",), kinds={"price": "none"})
    run = trained(engine, "dnn", data, epochs=30, learning_rate=0.01)
    assert run.metrics["test_accuracy"] > 0.95
    notes = export_arguments(run)["notes"]
    assert notes["dataset"] == "flowers"
    assert notes["feature_names"] == [
        "length", "colour = blue", "colour = red", "colour = white", "bought (days since 1970)",
    ]  # fmt: skip
    assert notes["class_names"] == [["kind 0", "kind 1", "kind 2"]]


def test_numbers_are_learned(engine: LocalEngine) -> None:
    data = bring(engine, table(), "f.csv", targets=("price",), kinds={"price": "number"})
    run = trained(engine, "dnn", data, epochs=30, learning_rate=0.01)
    assert run.metrics["test_mae"] < 1

    # Its gaps are filled by what its training part alone has.
    raw = load(data).features
    parts = prepare(Design.from_dict(run.design), TrainingSettings.from_dict(run.settings))
    gaps = np.isnan(raw[:, 0])
    assert gaps.sum() == 12
    assert parts.preprocessing.fill is not None
    expected = np.nanmean(raw[parts.train.indices].astype(np.float64), axis=0)
    assert parts.preprocessing.fill == pytest.approx(expected)
    told = json.loads((run_folder(run.id) / "preprocessing.json").read_text())
    assert Preprocessing.from_dict(told) == parts.preprocessing
    kept = load_results(run.id)
    assert sorted(np.flatnonzero(np.isnan(kept.features[:, 0]))) == sorted(
        place for place, row in enumerate(kept.indices) if gaps[row]
    )
    gap = np.array(raw[np.flatnonzero(gaps)[0]])
    filled = np.where(np.isnan(gap), expected, gap).astype(np.float32)
    said = [
        engine.submit("predict", run=run.id, features=pack(one[np.newaxis])).result(60)["outputs"]
        for one in (gap, filled)
    ]
    assert said[0] == said[1]
    asked = {"run": run.id, "features": pack(gap), "head": 0, "unit": 0}
    told = engine.submit("occlusion", **asked, baseline=list(map(float, filled))).result(60)
    assert np.isfinite(told["falls"]).all()
    assert told["falls"][0] == pytest.approx(0, abs=1e-5), "it stood for what is missing already"


def test_several_numbers_are_learned_at_once_each_in_its_unit(engine: LocalEngine) -> None:
    generator = np.random.default_rng(0)
    lines = ["a,b,pulse,weight"]
    for a, b in generator.normal(size=(400, 2)):
        lines.append(f"{a:.4f},{b:.4f},{700 + 9 * a:.3f},{-70 + 12 * b + 3 * a:.3f}")
    both = ("pulse", "weight")
    data = bring(
        engine, "\n".join(lines).encode(), "both.csv", targets=both,
        kinds=dict.fromkeys(both, "number"),
    )  # fmt: skip
    run = trained(engine, "dnn", data, epochs=40, learning_rate=0.01)
    kept = load_results(run.id)
    off = np.abs(kept.outputs[0] - kept.truths[0]).mean(axis=0)
    assert off.mean() == pytest.approx(run.metrics["test_mae"], rel=1e-3)
    assert (off < 4).all(), "from 0, they would not have come near 700 and -70"


def test_pictures_are_learned_and_forgotten(engine: LocalEngine) -> None:
    data = bring(engine, pictures(), "colours.zip", size=(16, 16))
    assert load_preview(data) is not None
    run = trained(engine, "image_dnn", data, epochs=10, learning_rate=0.01)
    assert run.metrics["test_accuracy"] > 0.9
    assert load_results(run.id).raw(0).shape == (16, 16, 3)
    model = (run_folder(run.id) / "model.keras").read_bytes()
    assert [one.id for one in runs_of(engine.store, data)] == [run.id]

    with pytest.raises(DatasetError, match="somebody else"):
        forget_data(engine.store, data, owner_of_user())
    assert len(load_results(run.id))
    assert forget_data(engine.store, data, OWNER) == 1
    with pytest.raises(DatasetError, match="not here any more"):
        load(data)
    assert engine.store.run(run.id).metrics == run.metrics, "its figures stay"
    assert (run_folder(run.id) / "model.keras").read_bytes() == model
    kept = {path.name for path in run_folder(run.id).iterdir()}
    assert not kept & set(KEPT_EXAMPLES)
    assert "checkpoint.npz" in kept, "weights alone"
    assert export_arguments(run)["examples"] is None
    with pytest.raises(DatasetError, match="not here any more"):
        engine.train(run.design, run.settings)


def test_arrays_are_learned(engine: LocalEngine) -> None:
    rng = np.random.default_rng(0)
    labels = np.arange(400) % 2
    shapes = rng.integers(0, 60, (400, 12, 12)).astype(np.uint8)
    shapes[labels == 1, 3:9, 3:9] += 150
    data = bring(engine, arrays(x=shapes, y=labels), "shapes.npz")
    run = trained(engine, "image_dnn", data, epochs=10, learning_rate=0.01)
    assert run.metrics["test_accuracy"] > 0.95


def test_data_that_are_gone_end_a_run_in_words(engine: LocalEngine) -> None:
    data = bring(engine, table(60), "gone.csv", targets=("kind",))
    design = adapt(Design.from_template("dnn"), dataset_info(data))
    run = engine.store.create(design, TrainingSettings(data))
    forget_data(engine.store, data, OWNER)
    known = end(engine.store, run.id, 120)
    assert known.state == "failed"
    assert "not here any more: it was deleted" in str(known.reason)


def test_pictures_stream_from_disk(engine: LocalEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    data = bring(engine, pictures(), "colours.zip", size=(24, 24))
    design = adapt(Design.from_template("image_dnn"), dataset_info(data))
    settings = TrainingSettings(data, batch_size=16)
    parts = prepare(design, settings)
    assert not isinstance(parts.train.features, np.ndarray), "they stay where they are"
    expected = parts.preprocessing.apply(np.asarray(parts.train.features))
    monkeypatch.setattr(examples, "LARGEST_IN_MEMORY", 0)
    streamed = parts.examples(parts.train, 16)
    assert isinstance(streamed, examples.StreamedExamples)
    order = np.random.default_rng(0).permutation(streamed.count)
    streamed.begin_pass(order)
    import tensorflow as tf

    got = np.concatenate([streamed.batch(tf.constant(n))[0] for n in range(streamed.steps)])
    assert np.array_equal(got, expected[order])


def test_train_takes_a_file_from_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODEL_DESIGNER_HOME", str(tmp_path / "home"))
    (tmp_path / "flowers.csv").write_bytes(table(120))
    (tmp_path / "colours.zip").write_bytes(pictures())

    def train(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "designer", "train", *arguments, "--json"],
            cwd=ROOT, capture_output=True, text=True, timeout=180,
        )  # fmt: skip

    file = str(tmp_path / "flowers.csv")
    done = train("dnn", "--data", file, "--target", "kind", "--epochs", "2")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["state"] == "finished"
    assert "flowers.csv: 1 row does not have the 6 values" in done.stderr
    run = RunStore().run(answer["run"])
    info = dataset_info(run.settings["dataset"])
    assert info.title == "flowers"
    assert info.view().heads == (("kind 0", "kind 1", "kind 2"),)

    refused = train("dnn", "--data", file, "--target", "kind", "--on-problem", "refuse")
    assert refused.returncode == 2
    assert refused.stderr.startswith("designer: Refused: 1 row does not have")
    wrong = train("dnn", "--data", file, "--target", "kin")
    assert wrong.returncode == 2
    assert "There is no column 'kin'. Did you mean 'kind'?" in wrong.stderr

    done = train("image_dnn", "--data", str(tmp_path / "colours.zip"), "--epochs", "1", "--task",
                 "binary")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["state"] == "finished"
