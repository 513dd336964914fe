"""The signatures of a SavedModel: raw examples and pictures as files in, names of classes out."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from designer.datasets.preprocessing import Preprocessing
from designer.datasets.resizing import resize
from designer.design import Design
from designer.errors import ExportError
from designer.exports import export_model, labelling
from designer.summary import summarize
from tests.designer.exports.making import (
    ODD_NAMES,
    PICTURE,
    PREPARATIONS,
    TABLE,
    TASK,
    Case,
    case,
    outputs_of,
)

pytestmark = pytest.mark.keras


@pytest.fixture(scope="module")
def cases(tmp_path_factory) -> dict[str, Case]:
    """A picture or a table of each task, exported as a SavedModel."""
    made = {}
    for task in TASK:
        folder = tmp_path_factory.mktemp(task)
        if task in ("multiclass", "binary"):
            made[task] = case(folder, "cnn", task, (28, 20, 3), **PICTURE)
        else:
            made[task] = case(folder, "dnn", task, (5,), **TABLE)
        made[task].export("saved_model", "saved")
    return made


def loaded(one: Case):
    import tensorflow as tf

    return tf.saved_model.load(str(one.folder / "saved"))


def called(one: Case, raw: np.ndarray) -> dict[str, np.ndarray]:
    import tensorflow as tf

    model = loaded(one)  # its functions do not keep it
    signature = model.signatures["serving_default"]
    return {name: value.numpy() for name, value in signature(inputs=tf.constant(raw)).items()}


def words(array: np.ndarray) -> list:
    return np.vectorize(lambda text: text.decode(), otypes=[object])(array).tolist()


@pytest.mark.parametrize("size", [1, 7])
def test_raw_pictures_give_the_name_of_their_class(cases, size):
    one = cases["multiclass"]
    named = called(one, one.raw[:size])
    (own,) = outputs_of(one, one.raw[:size])
    np.testing.assert_allclose(named["probabilities"], own, atol=1e-6)
    assert words(named["label"]) == [ODD_NAMES[n] for n in own.argmax(axis=1)]
    np.testing.assert_allclose(named["probability"], own.max(axis=1), atol=1e-6)
    assert words(named["class_names"]) == [ODD_NAMES] * size


def test_of_two_classes_the_one_that_is_said_has_its_own_probability(cases):
    one = cases["binary"]
    named = called(one, one.raw[:7])
    yes = outputs_of(one, one.raw[:7])[0][:, 0]
    assert words(named["label"]) == [ODD_NAMES[int(p >= 0.5)] for p in yes]
    np.testing.assert_allclose(named["probability"], np.maximum(yes, 1 - yes), atol=1e-6)
    np.testing.assert_allclose(named["probabilities"], np.stack([1 - yes, yes], 1), atol=1e-6)


def test_raw_columns_give_every_label_that_applies(cases):
    one = cases["multilabel"]
    named = called(one, one.raw[:7])
    (own,) = outputs_of(one, one.raw[:7])
    expected = np.where(own >= 0.5, np.array(ODD_NAMES), "").tolist()
    assert words(named["labels"]) == expected
    np.testing.assert_allclose(named["probabilities"], own, atol=1e-6)


def test_several_heads_are_told_apart_by_their_names(cases):
    one = cases["multitask"]
    named = called(one, one.raw[:7])
    for head, own in zip(("outputs1", "outputs2"), outputs_of(one, one.raw[:7]), strict=True):
        assert words(named[f"{head}_label"]) == [ODD_NAMES[n] for n in own.argmax(axis=1)]
        np.testing.assert_allclose(named[f"{head}_probabilities"], own, atol=1e-6)


def test_numbers_are_called_as_their_targets_are_even_if_two_are_called_the_same(cases):
    one = cases["regression"]
    named = called(one, one.raw[:7])
    (own,) = outputs_of(one, one.raw[:7])
    assert set(named) == {"größe (m²)", "größe (m²)_2"}
    np.testing.assert_allclose(named["größe (m²)"], own[:, 0], atol=1e-5)
    np.testing.assert_allclose(named["größe (m²)_2"], own[:, 1], atol=1e-5)


def test_the_endpoint_for_prepared_examples_stays(cases):
    for one in cases.values():
        model = loaded(one)
        outputs = model.serve(one.preprocessing.apply(one.raw[:7]))
        outputs = outputs if isinstance(outputs, list | tuple) else [outputs]
        for output, own in zip(outputs, outputs_of(one, one.raw[:7]), strict=True):
            np.testing.assert_allclose(output, own, atol=1e-6)


def test_pictures_as_files_of_any_size_and_kind(cases):
    from PIL import Image

    one = cases["multiclass"]
    generator = np.random.default_rng(2)

    def file(pixels: np.ndarray, kind: str = "PNG", **options) -> bytes:
        stream = io.BytesIO()
        Image.fromarray(pixels).save(stream, format=kind, **options)
        return stream.getvalue()

    same = one.raw[0]
    large = generator.integers(0, 256, (61, 47, 3)).astype(np.uint8)
    grey = generator.integers(0, 256, (9, 14)).astype(np.uint8)
    clear = generator.integers(0, 256, (28, 20, 4)).astype(np.uint8)
    smooth = np.kron(generator.integers(0, 256, (7, 5, 3)), np.ones((8, 8, 1))).astype(np.uint8)
    files = [file(same), file(large), file(grey), file(clear), file(smooth, "JPEG", quality=95)]

    import tensorflow as tf

    model = loaded(one)  # its functions do not keep it
    signature = model.signatures["encoded_pictures"]

    named = signature(pictures=tf.constant(files))
    alpha = clear[..., 3:].astype(np.float32) / 255
    whole = [
        same.astype(np.float32),
        large.astype(np.float32),
        np.repeat(grey[..., np.newaxis], 3, axis=2).astype(np.float32),
        clear[..., :3] * alpha + 255 * (1 - alpha),  # white behind what is transparent
        np.asarray(Image.open(io.BytesIO(files[4])), np.float32),
    ]
    raw = np.stack([resize(picture[np.newaxis], 28, 20)[0] for picture in whole])
    (own,) = outputs_of(one, raw)
    np.testing.assert_allclose(named["probabilities"][:4], own[:4], atol=1e-6)
    # Two readers of JPEG differ by one or two of 255 here and there.
    np.testing.assert_allclose(named["probabilities"][4:], own[4:], atol=2e-3)
    assert words(named["label"].numpy()) == [ODD_NAMES[n] for n in own.argmax(axis=1)]
    alone = signature(pictures=tf.constant(files[1:2]))
    np.testing.assert_allclose(alone["probabilities"], own[1:2], atol=1e-6)


def test_plain_outputs_for_raw_examples_and_a_flat_grey_picture(tmp_path):
    one = case(tmp_path, "image_dnn", "multiclass", (28, 28, 1), hidden=[256])
    result = one.export("saved_model", "saved", outputs="plain")
    data = sum(file.stat().st_size for file in (tmp_path / "saved" / "variables").iterdir())
    assert data < 1.1 * summarize(one.design).weight_bytes  # not once for each function
    assert result.outputs == "plain"
    assert [row["name"] for row in result.signatures] == ["serving_default", "encoded_pictures"]
    named = called(one, one.raw[:7])
    assert set(named) == {"outputs"}
    np.testing.assert_allclose(named["outputs"], outputs_of(one, one.raw[:7])[0], atol=1e-6)


def test_without_a_preparation_the_signature_takes_what_the_model_takes(tmp_path):
    design = Design.from_template("dnn", task="multitask", input_shape=[3], classes=[5, 2])
    result = export_model(design.to_dict(), None, "saved_model", tmp_path / "saved")
    assert result.outputs == "plain"
    (row,) = result.signatures
    assert "float32 (batch, 3)" in row["takes"]
    assert "`outputs2`: float32 (batch, 2)" in row["returns"]


@pytest.mark.parametrize("task", ["multiclass", "regression"])
def test_saved_model_cli_runs_the_signature(cases, task, tmp_path):
    one = cases[task]
    np.save(tmp_path / "raw.npy", one.raw[:3])
    cli = Path(sys.executable).with_name("saved_model_cli")
    common = ["--dir", "saved", "--tag_set", "serve", "--signature_def", "serving_default"]
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, str(cli), *arguments],
            cwd=one.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=200,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    if task == "multiclass":
        shown = run("show", *common)
        assert "dtype: DT_UINT8" in shown
        assert "shape: (-1, 28, 20, 3)" in shown
    run("run", *common, "--inputs", f"inputs={tmp_path}/raw.npy", "--outdir", str(tmp_path))
    (own,) = outputs_of(one, one.raw[:3])
    if task == "multiclass":
        np.testing.assert_allclose(np.load(tmp_path / "probabilities.npy"), own, atol=1e-6)
        told = np.load(tmp_path / "label.npy", allow_pickle=True)
        assert words(told) == [ODD_NAMES[n] for n in own.argmax(axis=1)]
    else:
        np.testing.assert_allclose(np.load(tmp_path / "größe (m²).npy"), own[:, 0], atol=1e-5)


def test_labels_that_are_not_what_the_numbers_say_are_refused(cases, monkeypatch):
    honest = labelling.labelled

    def lying(outputs, design, notes):
        import tensorflow as tf

        named = honest(outputs, design, notes)
        return named | {"label": tf.roll(named["class_names"], 1, axis=1)[:, 0]}

    monkeypatch.setattr(labelling, "labelled", lying)
    with pytest.raises(ExportError, match="label is not the class with the largest probability"):
        cases["multiclass"].export("saved_model", "lying")
    assert not (cases["multiclass"].folder / "lying").exists()


def test_a_signature_that_prepares_otherwise_is_refused(cases, monkeypatch):
    from designer.exports import preparing_in_tensorflow

    honest = preparing_in_tensorflow.prepare
    monkeypatch.setattr(
        preparing_in_tensorflow, "prepare", lambda raw, how: honest(raw, how) * 1.01
    )
    with pytest.raises(ExportError, match="called by its signature 'serving_default'"):
        cases["multiclass"].export("saved_model", "crooked")
    assert list(cases["multiclass"].folder.glob("*crooked*")) == []


@pytest.mark.parametrize(("raw", "wanted", "method"), PREPARATIONS)
def test_preparing_in_a_graph_is_what_was_done_in_training(raw, wanted, method):
    import tensorflow as tf

    from designer.exports.preparing_in_tensorflow import prepare, raw_spec

    generator = np.random.default_rng(0)
    if len(raw) == 3:
        features = generator.integers(0, 256, (20, *raw)).astype(np.uint8)
    else:  # a large shift, which would eat the digits of a float32
        features = (generator.normal(size=(20, *raw)) + 1e6).astype(np.float32)
    fitted = Preprocessing.fit(features, wanted, method=method)
    graph = tf.function(lambda given: prepare(given, fitted), input_signature=[raw_spec(fitted)])
    for size in (1, 7):
        made = graph(tf.constant(features[:size])).numpy()
        assert made.dtype == np.float32
        # Tables exactly; pictures but for the order of sums.
        atol = 0 if len(raw) == 1 else 2e-6 * max(1.0, float(np.abs(made).max()))
        np.testing.assert_allclose(made, fitted.apply(features[:size]), rtol=0, atol=atol)


def test_what_is_missing_in_a_table_is_filled_in_the_graph_too():
    from types import SimpleNamespace

    import tensorflow as tf

    from designer.exports.preparing_in_tensorflow import prepare

    fitted = SimpleNamespace(
        raw_shape=(2,), input_shape=(2,), shift=(1.0, 2.0), scale=(2.0, 4.0), fill=(5.0, 10.0)
    )
    raw = tf.constant([[np.nan, 6.0], [3.0, np.nan]], tf.float32)
    np.testing.assert_array_equal(prepare(raw, fitted), [[2, 1], [1, 2]])
