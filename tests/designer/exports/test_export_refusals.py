"""What is refused before TensorFlow is asked for, and the pieces that need none of it."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from designer.datasets.preprocessing import Preprocessing
from designer.design import Design
from designer.errors import ExportError
from designer.exports import ExportFormat, export_model, format_named, formats
from designer.exports.contents import Contents, Proof
from designer.exports.fresh_process import FreshProcess, Program
from designer.exports.notes import ExportNotes
from designer.exports.placing import pack, size_and_digest, target_for
from designer.exports.preparation_code import preparation_code, preparation_words
from designer.exports.readme import readme
from designer.exports.verifying import compare, inputs_to_check, spread_of
from designer.summary import summarize
from tests.designer.exports.making import PREPARATIONS

DNN = Design.from_template("dnn")
ENDINGS = {".keras"}


def test_formats_are_found_by_themselves():
    assert list(formats()) == [
        "saved_model", "package", "keras", "weights", "litert", "onnx", "design", "code",
        "notebook", "svg",
    ]  # fmt: skip
    for one in formats().values():
        assert isinstance(one, ExportFormat)
        assert one.title
        assert one.description
        assert one.file_name


def test_importing_exports_brings_no_tensorflow():
    code = (
        "import sys, designer.exports as e; e.formats();"
        "print([m for m in ('tensorflow', 'keras', 'streamlit', 'numpy') if m in sys.modules])"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_an_unknown_format_names_the_nearest():
    with pytest.raises(ExportError, match="Did you mean 'saved_model'"):
        export_model(DNN.to_dict(), None, "savedmodel", Path("x"))


def test_where_an_export_goes_follows_from_the_path(tmp_path):
    saved, keras = format_named("saved_model"), format_named("keras")
    assert target_for(saved, tmp_path / "a", ENDINGS).is_folder
    assert target_for(saved, tmp_path / "a.zip", ENDINGS).is_zip
    assert target_for(keras, tmp_path / "a", ENDINGS).path == tmp_path / "a.keras"
    assert target_for(keras, tmp_path / "a.v2", ENDINGS).path == tmp_path / "a.v2.keras"
    assert target_for(keras, tmp_path / "a.keras", ENDINGS).path == tmp_path / "a.keras"
    assert target_for(keras, tmp_path / "a.ZIP", ENDINGS).is_zip
    with pytest.raises(ExportError, match=r"\.keras is of another format"):
        target_for(saved, tmp_path / "a.keras", ENDINGS)


def test_what_is_not_ours_is_not_overwritten(tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "holiday.jpg").write_bytes(b"x")
    (tmp_path / "text.zip").write_text("not a zip")
    (tmp_path / "link.zip").symlink_to(tmp_path / "nowhere")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("design.json", '{"format": "something else"}')
    with zipfile.ZipFile(tmp_path / "broken.zip", "w") as archive:
        archive.writestr("design.json", "{")
    for name, format, words in (
        ("full", "saved_model", "not empty"),
        ("full", "keras", "is a folder"),
        ("text.zip", "saved_model", "not an export of ours"),
        ("text.zip", "keras", "not an export of ours"),
        ("other.zip", "keras", "not an export of ours"),
        ("broken.zip", "keras", "not an export of ours"),
        ("link.zip", "keras", "is a link"),
        ("text.zip/below.zip", "keras", "cannot be written"),
    ):
        with pytest.raises(ExportError, match=words):
            export_model(DNN.to_dict(), None, format, tmp_path / name)
    assert (tmp_path / "full" / "holiday.jpg").exists()
    assert (tmp_path / "text.zip").read_text() == "not a zip"


def test_too_little_disk_is_told_before_anything_is_written(tmp_path, monkeypatch):
    from designer.exports import placing

    monkeypatch.setattr(placing.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 1000})())
    with pytest.raises(
        ExportError, match=r"needs about .* of disk; .* has 1000 B left|has 1\.0 KB"
    ):
        export_model(DNN.to_dict(), None, "keras", tmp_path / "new" / "a.keras")
    assert list(tmp_path.iterdir()) == []


def test_a_run_without_a_model_is_told(tmp_path):
    with pytest.raises(ExportError, match="There is no saved model"):
        export_model(DNN.to_dict(), tmp_path / "model.keras", "keras", tmp_path / "a")


def test_examples_of_another_shape_or_kind_are_refused(tmp_path):
    np.save(tmp_path / "wrong.npy", np.zeros((4, 12)))
    np.save(tmp_path / "none.npy", np.zeros((0, 13)))
    np.save(tmp_path / "number.npy", np.array(3.0))
    np.save(tmp_path / "objects.npy", np.array([{}], object), allow_pickle=True)
    (tmp_path / "text.npy").write_text("hello")
    for name in ("wrong", "none", "number", "objects", "text", "missing"):
        with pytest.raises(ExportError, match=f"{name}.npy"):
            inputs_to_check((13,), tmp_path / f"{name}.npy")
    np.save(tmp_path / "two.npy", np.ones((2, 13)))
    assert [len(batch) for batch in inputs_to_check((13,), tmp_path / "two.npy")] == [1, 3]
    np.save(tmp_path / "many.npy", np.ones((100, 13)))
    assert [len(batch) for batch in inputs_to_check((13,), tmp_path / "many.npy")] == [1, 3, 60]


def test_predictions_are_compared_head_by_head():
    own = [[np.array([[0.2, 0.8]]), np.array([[1000.0]])]]
    close = [[np.array([[0.2, 0.8]]), np.array([[1000.005]])]]
    difference, allowed = compare(own, close, 1e-5)
    assert difference == pytest.approx(0.005)
    assert allowed == pytest.approx(0.01)
    # The same difference in the head of small numbers is not hidden by the large one.
    with pytest.raises(ExportError, match=r"by up to 0\.005, where 8e-06 is allowed"):
        compare(own, [[np.array([[0.205, 0.8]]), np.array([[1000.0]])]], 1e-5)
    with pytest.raises(ExportError, match="inf"):
        compare(own, [[np.array([[np.nan, 0.8]]), np.array([[1000.0]])]], 1e-5)
    with pytest.raises(ExportError, match="returned 1 outputs where the model returns 2"):
        compare(own, [[np.array([[0.2, 0.8]])]], 1e-5)
    with pytest.raises(ExportError, match="shape"):
        compare(own, [[np.array([[0.2]]), np.array([[1000.0]])]], 1e-5)
    broken = np.array([[np.nan, np.inf]])
    assert compare([[broken]], [[broken.copy()]], 1e-5)[0] == 0


def test_predictions_far_from_0_are_compared_by_how_they_differ():
    years = np.array([[1990.0], [2000.0], [2010.0]])
    spread = spread_of([years[:1], years[1:]], 1e-4)
    assert spread == pytest.approx(2 * years.std())
    assert compare([[years]], [[years + 1]], 0.25, spread=spread) == (1, 0.25 * spread)
    with pytest.raises(ExportError, match=r"up to 10, where 4\.08 is allowed \(0\.25 of twice"):
        compare([[years]], [[np.full((3, 1), 2000.0)]], 0.25, spread=spread)
    # However little they differ, rounding is allowed; of several, the widest counts.
    assert spread_of([np.full((3, 1), 2000.0)], 1e-4) == pytest.approx(0.2)
    assert spread_of([np.full((3, 1), np.nan)], 1e-4) == 1e-3
    assert spread_of([np.hstack([years, years / 100])], 1e-4) == spread


@pytest.mark.keras
def test_a_fresh_process_cannot_use_designer(tmp_path):
    with FreshProcess(format_named("keras").runtime()) as fresh:
        fresh.ask(tmp_path, [Program("import designer")], tmp_path)
        with pytest.raises(ExportError, match=r"designer.* \(exit status 1\)"):
            fresh.answer(60)


@pytest.mark.parametrize(("raw", "wanted", "method"), PREPARATIONS)
def test_the_code_that_prepares_does_what_was_done_in_training(raw, wanted, method):
    features = np.random.default_rng(0).integers(0, 256, (20, *raw)).astype(np.uint8)
    preprocessing = Preprocessing.fit(features, wanted, method=method)
    space: dict = {"np": np}
    exec(preparation_code(preprocessing), space)
    prepared = space["prepare"](features)
    assert prepared.dtype == np.float32
    np.testing.assert_allclose(prepared, preprocessing.apply(features), rtol=1e-5, atol=1e-5)
    assert all(sentence.endswith(".") for sentence in preparation_words(preprocessing))


PROOF = Proof(0.0, 1e-5, 4, "a fresh Python process", {"tensorflow": "2.21.0"})

NOTES = {
    "regression": {"target_names": ["price"]},
    "binary": {"class_names": [["mal", "ben"]]},
    "multiclass": {"class_names": [["a", "b", "c"]]},
    "multilabel": {"class_names": [["a", "b", "c"]]},
    "multitask": {"class_names": [["a", "b", "c"], ["d", "e"]]},
}
CLASSES = {"multiclass": 3, "multilabel": 3, "multitask": [3, 2]}


@pytest.mark.parametrize("with_notes", [True, False])
@pytest.mark.parametrize("task", NOTES)
def test_the_readme_tells_what_the_outputs_of_every_task_mean(task, with_notes, capsys):
    chosen = {"classes": CLASSES[task]} if task in CLASSES else {}
    design = Design.from_template("dnn", task=task, **chosen)
    notes = ExportNotes.from_dict(NOTES[task] if with_notes else None)
    for one in (one for one in formats().values() if one.holds_weights):
        contents = Contents(one, one.file_name, task, summarize(design), notes, True, PROOF)
        text = readme(contents)
        block = text.split("```python\n")[1].split("```")[0]
        # The lines after the loading ones, with a stand-in for the model.
        example = block[block.index("# Three examples") :]
        shapes = {"binary": [1], "regression": [1], "multitask": [3, 2]}.get(task, [3])
        outputs = [np.full((3, units), 0.75, np.float32) for units in shapes]
        exec(example, {"np": np, "predict": lambda inputs, outputs=outputs: outputs})
        told = capsys.readouterr().out
        if with_notes:
            expected = {"regression": "0.75", "binary": "ben", "multitask": "d"}.get(task, "a")
            assert expected in told


def test_notes_about_another_model_are_refused():
    design = Design.from_template("dnn", task="multiclass", classes=3)
    for notes, words in (
        ({"class_names": [["a", "b"]]}, "class names"),
        ({"feature_names": ["x"]}, "feature names"),
        ({"colour": "red"}, "'colour'"),
        (
            {"preprocessing": Preprocessing.fit(np.ones((3, 7)), (7,)).to_dict()},
            "makes inputs of shape",
        ),
    ):
        with pytest.raises(ExportError, match=words):
            export_model(design.to_dict(), None, "keras", Path("never"), notes=notes)
    with pytest.raises(ExportError, match="target names"):
        export_model(DNN.to_dict(), None, "keras", Path("n"), notes={"target_names": ["a", "b"]})


def test_a_package_is_packed_and_digested(tmp_path):
    content = tmp_path / "content"
    (content / "a").mkdir(parents=True)
    (content / "a" / "text").write_text("x" * 10_000)
    (content / "weights.keras").write_bytes(b"y" * 10_000)
    pack(content, tmp_path / "p.zip")
    with zipfile.ZipFile(tmp_path / "p.zip") as archive:
        kinds = {info.filename: info.compress_type for info in archive.infolist()}
    assert kinds == {"a/text": zipfile.ZIP_DEFLATED, "weights.keras": zipfile.ZIP_STORED}
    size, digest = size_and_digest(content)
    assert size == 20_000
    assert len(digest) == 64
