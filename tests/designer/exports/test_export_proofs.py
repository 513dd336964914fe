"""Exports made for real, loaded in fresh processes: seconds each, so they are shared."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from designer.datasets.preprocessing import Preprocessing
from designer.design import Design
from designer.errors import ExportError, MemoryLimitError
from designer.exports import ExportResult, export, export_model, format_named
from designer.exports.keras_format import KerasFile
from designer.exports.saved_model import SavedModel
from designer.summary import summarize

pytestmark = pytest.mark.keras

CNN = Design.from_template(
    "cnn", input_shape=[12, 10, 1], classes=3, groups=[{"filters": 4}], hidden=[8]
)
TWO_HEADS = Design.from_template("dnn", task="multitask", input_shape=[3], classes=[5, 2])
PREPROCESSING = Preprocessing.fit(
    np.random.default_rng(3).integers(0, 256, (6, 28, 20, 3)).astype(np.uint8), (12, 10, 1)
)
CLASSES = ['it\'s a "cat"', "dög | é", "bird"]


def trained(design: Design, file: Path, seed: int = 7):
    """Write a model whose weights are not those an untrained export has; return it."""
    import keras

    from designer.keras_model import build_model, compile_model

    keras.utils.set_random_seed(seed)
    model = build_model(design)
    compile_model(model, design)
    model.save(file)
    return model


def predictions(model, inputs: np.ndarray) -> list[np.ndarray]:
    import tensorflow as tf

    return [np.asarray(output) for output in tf.nest.flatten(model(inputs, training=False))]


def run_readme(folder: Path) -> dict[str, np.ndarray]:
    """Run every block of Python of a README in a fresh process that lacks ``designer``."""
    blocks = re.findall(r"```python\n(.*?)```", (folder / "README.md").read_text(), re.DOTALL)
    script = "\n".join(
        [
            "import sys",
            "sys.modules['designer'] = None",
            *blocks,
            "extra = {}",
            "if 'raw' in globals(): extra['raw'] = raw",
            "if 'by_name' in globals():",
            "    extra['signature'] = np.asarray(by_name['probabilities'])",
            "    extra['layer'] = np.asarray(tf.nest.flatten(from_layer)[0])",
            "outs = {f'out{i}': output for i, output in enumerate(outputs)}",
            "np.savez('told.npz', inputs=inputs, **outs, **extra)",
        ]
    )
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, "-P", "-c", script],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    with np.load(folder / "told.npz") as told:
        return {"stdout": done.stdout, **{name: told[name] for name in told.files}}


def no_leftovers(folder: Path) -> bool:
    return not list(folder.glob(".*"))


@pytest.fixture(scope="module")
def package(tmp_path_factory) -> tuple[ExportResult, Path, object]:
    """A trained convolutional network as a SavedModel package, with notes; unzipped."""
    folder = tmp_path_factory.mktemp("package")
    model = trained(CNN, folder / "model.keras")
    np.save(folder / "held.npy", np.random.default_rng(1).random((20, 12, 10, 1), np.float32))
    notes = {
        "dataset": "some pictures",
        "class_names": [CLASSES],
        "preprocessing": PREPROCESSING.to_dict(),
        "metrics": {"test_accuracy": 0.98765},
    }
    result = export_model(
        CNN.to_dict(),
        folder / "model.keras",
        "saved_model",
        folder / "new" / "deep" / "cats.zip",
        "Cats\nand dogs",
        notes=notes,
        examples=folder / "held.npy",
    )
    with zipfile.ZipFile(result.path) as archive:
        archive.extractall(folder / "unzipped")
    return result, folder / "unzipped", model


@pytest.fixture(scope="module")
def keras_package(tmp_path_factory) -> tuple[dict, Path]:
    """An untrained network with two heads as a Keras package, made as a worker makes it."""
    folder = tmp_path_factory.mktemp("keras_package")
    result = export(TWO_HEADS.to_dict(), "keras", str(folder / "two.zip"))
    with zipfile.ZipFile(result["path"]) as archive:
        archive.extractall(folder / "unzipped")
    return result, folder / "unzipped"


@pytest.fixture(scope="module")
def saved_folder(tmp_path_factory) -> ExportResult:
    """The same untrained network as a SavedModel folder."""
    out = tmp_path_factory.mktemp("saved_folder") / "two"
    out.mkdir()  # an empty folder is taken
    return export_model(TWO_HEADS.to_dict(), None, "saved_model", out, seed=0)


def test_the_result_tells_what_was_made_and_proven(package):
    result, _, _ = package
    path = Path(result.path)
    assert path.name == "cats.zip"
    assert result.bytes == path.stat().st_size
    assert result.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert 0 <= result.largest_difference <= result.allowed_difference <= 1e-5
    assert result.examples == 20
    assert result.format == "saved_model"
    assert re.fullmatch(
        r"a fresh Python process with tensorflow 2\.[\d.]+, without keras",
        result.verified_in,
    )
    assert no_leftovers(path.parent)


def test_a_package_holds_the_model_a_readme_and_the_design(package):
    _, folder, _ = package
    assert (folder / "saved_model" / "saved_model.pb").is_file()
    assert Design.from_json((folder / "design.json").read_text()) == CNN
    text = (folder / "README.md").read_text()
    assert text.startswith("# Cats and dogs\n")
    for part in (
        "trained on some pictures",
        "`(batch, 12, 10, 1)`",
        "Colours become grey",
        "28 × 20 pixels are resized to 12 × 10",
        "| accuracy | 0.9877 |",
        "tensorflow 2.",
        " parameters, ",
        "largest difference",
    ):
        assert part in text


def test_the_readme_of_a_package_runs_as_it_is(package):
    _, folder, model = package
    told = run_readme(folder)
    assert told["raw"].shape == (3, 28, 20, 3)
    np.testing.assert_allclose(told["inputs"], PREPROCESSING.apply(told["raw"]), atol=1e-6)
    (expected,) = predictions(model, told["inputs"])
    np.testing.assert_allclose(told["out0"], expected, atol=1e-6)
    np.testing.assert_allclose(told["signature"], expected, atol=1e-6)
    np.testing.assert_allclose(told["layer"], expected, atol=1e-6)
    assert CLASSES[int(expected[0].argmax())] in told["stdout"]


def test_a_keras_package_with_two_heads_runs_as_it_is(keras_package):
    import keras

    result, folder = keras_package
    assert result["largest_difference"] <= result["allowed_difference"]
    json.dumps(result)
    told = run_readme(folder)
    model = keras.models.load_model(folder / "model.keras")
    for number, expected in enumerate(predictions(model, told["inputs"])):
        np.testing.assert_allclose(told[f"out{number}"], expected, atol=1e-6)
    assert "untrained" in (folder / "README.md").read_text()


def test_a_keras_file_is_known_again_by_its_design(keras_package):
    with zipfile.ZipFile(keras_package[1] / "model.keras") as archive:
        assert Design.from_json(archive.read("design.json")) == TWO_HEADS


def test_a_folder_is_the_saved_model_itself(saved_folder):
    import tensorflow as tf

    folder = Path(saved_folder.path)
    assert {"saved_model.pb", "variables", "README.md", "design.json"} <= {
        file.name for file in folder.iterdir()
    }
    (folder.parent / "usual").mkdir()
    assert folder.stat().st_mode == (folder.parent / "usual").stat().st_mode
    loaded = tf.saved_model.load(str(folder))
    for size in (1, 5):
        outputs = loaded.serve(tf.zeros((size, 3)))
        assert [tuple(output.shape) for output in outputs] == [(size, 5), (size, 2)]
    assert "tf.saved_model.load('.')" in (folder / "README.md").read_text()
    listed = subprocess.run(
        "find . -type f | sed 's|^./||' | LC_ALL=C sort | xargs sha256sum | sha256sum",
        shell=True,
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    assert listed.stdout.split()[0] == saved_folder.sha256
    assert no_leftovers(folder.parent)


def test_untrained_exports_of_one_seed_are_the_same_whatever_the_format(
    keras_package, saved_folder
):
    import keras
    import tensorflow as tf

    inputs = np.random.default_rng(5).normal(size=(4, 3)).astype(np.float32)
    one = keras.models.load_model(keras_package[1] / "model.keras")
    other = tf.saved_model.load(saved_folder.path)
    for a, b in zip(predictions(one, inputs), other.serve(inputs), strict=True):
        np.testing.assert_array_equal(a, np.asarray(b))


def test_resnet18_is_exported_and_proven(tmp_path):
    design = Design.from_template("resnet18", input_shape=[64, 64, 3], classes=10, variant="paper")
    result = export_model(design.to_dict(), None, "saved_model", tmp_path / "resnet18.zip")
    assert result.largest_difference <= result.allowed_difference
    with zipfile.ZipFile(result.path) as archive:
        assert archive.testzip() is None
        assert "saved_model/variables/variables.index" in archive.namelist()
    weights = summarize(design).weight_bytes  # they are in it once, not twice
    assert weights < result.bytes < 1.05 * weights


def test_an_export_with_other_weights_is_refused(tmp_path, monkeypatch):
    honest = SavedModel.write

    def tampered(self, model, design, path, how):
        kept = model.get_weights()
        model.set_weights([weight * 1.001 + 1e-3 for weight in kept])
        honest(self, model, design, path, how)
        model.set_weights(kept)

    monkeypatch.setattr(SavedModel, "write", tampered)
    with pytest.raises(ExportError, match=r"by up to \S+, where \S+ is allowed"):
        export_model(TWO_HEADS.to_dict(), None, "saved_model", tmp_path / "a" / "b.zip")
    assert list(tmp_path.iterdir()) == []  # not even the folder made for it


def test_an_export_that_does_not_load_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(
        KerasFile, "write", lambda self, model, design, path, how: path.write_bytes(b"PK nothing")
    )
    with pytest.raises(ExportError, match="could not load it"):
        export_model(TWO_HEADS.to_dict(), None, "keras", tmp_path / "two.keras")
    assert list(tmp_path.iterdir()) == []


def test_a_check_that_takes_too_long_is_ended(tmp_path):
    with pytest.raises(ExportError, match=r"after 0.01 s"):
        export_model(TWO_HEADS.to_dict(), None, "keras", tmp_path / "two", check_seconds=0.01)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path, monkeypatch):
    import tensorflow as tf

    kept = tmp_path / "two.keras"
    with zipfile.ZipFile(kept, "w") as archive:  # an earlier export
        archive.writestr("design.json", TWO_HEADS.to_json())
    before = kept.read_bytes()

    def full(self, model, design, path, how):
        path.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(KerasFile, "write", full)
    with pytest.raises(ExportError, match=r"two\.keras cannot be written: the disk is full"):
        export_model(TWO_HEADS.to_dict(), None, "keras", kept)
    assert [file.name for file in tmp_path.iterdir()] == ["two.keras"]
    assert kept.read_bytes() == before

    def full_in_tensorflow(self, model, design, path, how):
        raise tf.errors.ResourceExhaustedError(None, None, "x; No space left on device")

    monkeypatch.setattr(SavedModel, "write", full_in_tensorflow)
    with pytest.raises(ExportError, match="No space left"):
        export_model(TWO_HEADS.to_dict(), None, "saved_model", tmp_path / "two.zip")


def test_a_model_that_diverged_still_exports_and_replaces_an_earlier_export(tmp_path):
    model = trained(TWO_HEADS, tmp_path / "model.keras")
    model.set_weights([np.full_like(weight, np.nan) for weight in model.get_weights()])
    model.save(tmp_path / "model.keras")
    out = tmp_path / "two.keras"
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("design.json", CNN.to_json())
    result = export_model(TWO_HEADS.to_dict(), tmp_path / "model.keras", "keras", tmp_path / "two")
    assert result.path == str(out)
    assert result.largest_difference == 0  # what is not a number is so on both sides
    with zipfile.ZipFile(out) as archive:
        assert Design.from_json(archive.read("design.json")) == TWO_HEADS
    assert sorted(file.name for file in tmp_path.iterdir()) == ["model.keras", "two.keras"]


def test_a_saved_model_that_does_not_fit_its_design_is_refused(tmp_path):
    trained(TWO_HEADS, tmp_path / "model.keras")
    other = TWO_HEADS.replace(hidden=[4])
    with pytest.raises(ExportError, match="Export the design that was trained"):
        export_model(other.to_dict(), tmp_path / "model.keras", "keras", tmp_path / "out")
    (tmp_path / "model.keras").write_bytes(b"nothing")
    with pytest.raises(ExportError, match="cannot be loaded"):
        export_model(other.to_dict(), tmp_path / "model.keras", "keras", tmp_path / "out")
    assert [file.name for file in tmp_path.iterdir()] == ["model.keras"]


def test_what_would_not_fit_in_memory_is_refused_before_anything_starts(tmp_path, monkeypatch):
    from designer.exports import asking, fresh_process

    def nothing_may_start(*_, **__):
        raise AssertionError("a process was started")

    monkeypatch.setattr(fresh_process.subprocess, "Popen", nothing_may_start)
    monkeypatch.setattr(asking, "available_bytes", lambda: 10_000_000)
    with pytest.raises(MemoryLimitError, match="To export this design"):
        export_model(TWO_HEADS.to_dict(), None, "keras", tmp_path / "out.keras")
    huge = Design.from_template("dnn", hidden=[1_000_000, 100_000])
    with pytest.raises(MemoryLimitError, match="parameters"):
        export_model(huge.to_dict(), None, "keras", tmp_path / "out.keras")
    assert format_named("keras").tolerance == 1e-5
    assert list(tmp_path.iterdir()) == []
