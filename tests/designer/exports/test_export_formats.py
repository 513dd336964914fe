"""Every format exported for real and proven in its own fresh process; seconds each."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest

from designer.design import Design
from designer.errors import ExportError
from designer.exports import ExportResult, check_export, export, export_model, format_named, formats
from designer.exports.base import Runtime
from designer.exports.how import QUANTIZATIONS
from designer.exports.litert import LiteRT
from designer.exports.ours import is_ours
from designer.importing import open_file
from designer.summary import summarize
from tests.designer.exports.making import PICTURE, TABLE, Case, case, outputs_of

pytestmark = pytest.mark.keras

needs_onnx = pytest.mark.skipif(
    bool(format_named("onnx").missing()), reason=format_named("onnx").missing() or "it is there"
)
HAS_LITERT = importlib.util.find_spec("ai_edge_litert") is not None
RUNTIMES = {
    "keras": r"keras 3\.[\d.]+ and tensorflow 2\.[\d.]+$",
    "weights": r"keras 3\.[\d.]+ and tensorflow 2\.[\d.]+$",
    "litert": r"ai-edge-litert \S+ and numpy \S+, without tensorflow or keras$"
    if HAS_LITERT
    else r"tensorflow \S+ and numpy \S+, without keras$",
    "onnx": r"onnxruntime \S+ and numpy \S+, without tensorflow or keras$",
}


@pytest.fixture(scope="module")
def picture(tmp_path_factory) -> Case:
    return case(tmp_path_factory.mktemp("picture"), "cnn", "multiclass", (28, 20, 3), **PICTURE)


@pytest.fixture(scope="module")
def table(tmp_path_factory) -> Case:
    return case(tmp_path_factory.mktemp("table"), "dnn", "multitask", (5,), **TABLE)


@pytest.mark.parametrize(
    "name",
    ["keras", "weights", "litert", pytest.param("onnx", marks=needs_onnx)],
)
def test_a_bare_file_is_proven_in_a_process_with_its_runtime_alone(name, picture):
    result = picture.export(name, f"{name}-of-pictures")
    assert result.path.endswith(format_named(name).suffix)
    assert result.bytes == Path(result.path).stat().st_size
    assert result.largest_difference <= result.allowed_difference < 1e-5
    assert result.examples == 9 + 40
    assert re.search(RUNTIMES[name], result.verified_in), result.verified_in
    assert (result.quantize, result.outputs, result.signatures) == ("none", "plain", ())
    first, exported = result.comparison
    assert first.model == "Keras model"
    right = outputs_of(picture, picture.raw)[0].argmax(axis=1) == picture.labels[0].argmax(axis=1)
    for row in (first, exported):
        assert row.figures == {"accuracy": pytest.approx(right.mean())}
        assert row.milliseconds > 0
    assert exported.bytes == result.bytes
    json.dumps(result.to_dict())
    assert is_ours(Path(result.path))
    assert open_file(Path(result.path)).design == picture.design
    check_export(picture.design.to_dict(), name, Path(result.path))  # over the earlier one


@pytest.mark.parametrize("name", ["litert", pytest.param("onnx", marks=needs_onnx)])
def test_several_heads_come_in_their_order_from_runtimes_that_sort_them(name, tmp_path):
    design = Design.from_template("dnn", task="multitask", input_shape=[3], classes=[2] * 11)
    result = export_model(design.to_dict(), None, name, tmp_path / "many")
    assert result.largest_difference <= result.allowed_difference


@pytest.mark.parametrize("name", ["litert", pytest.param("onnx", marks=needs_onnx)])
def test_a_convolution_in_groups_is_plain_to_converters(name, tmp_path):
    import tensorflow as tf

    usual = tf.function
    groups = [{"pattern": "resnext", "blocks": 1, "filters": 8}]
    design = Design.from_template("composable", input_shape=[16, 16, 3], groups=groups)
    result = export_model(design.to_dict(), None, name, tmp_path / "grouped")
    assert result.largest_difference <= result.allowed_difference
    assert tf.function is usual


@needs_onnx
def test_an_onnx_file_takes_its_examples_alone_and_holds_its_weights_once(tmp_path):
    import onnx

    design = Design.from_template("image_dnn", hidden=[256])
    result = export_model(design.to_dict(), None, "onnx", tmp_path / "dense")
    graph = onnx.load(result.path).graph
    assert [one.name for one in graph.input] == ["inputs"]
    assert [one.name for one in graph.output] == ["outputs"]
    for one in (*graph.input, *graph.output):
        assert one.type.tensor_type.shape.dim[0].dim_param == "batch"
    assert result.bytes < 1.05 * summarize(design).weight_bytes


def test_of_a_damaged_model_it_is_not_told_that_it_is_not_there(tmp_path):
    (tmp_path / "model.keras").write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(ExportError, match=r"is damaged, or only a part of a file\. Train it again"):
        export_model(
            Design.from_template("dnn").to_dict(), tmp_path / "model.keras", "keras", tmp_path / "a"
        )


def test_a_table_in_every_quantization_beside_its_floats(table):
    sizes = {}
    for quantize in ("dynamic", "int8"):
        result = table.export("litert", quantize, quantize=quantize)
        assert result.quantize == quantize
        keras_row, floats, quantized = result.comparison
        assert set(keras_row.figures) == {"outputs1_accuracy", "outputs2_accuracy"}
        assert keras_row.figures == floats.figures
        assert "floats" in floats.model
        assert QUANTIZATIONS[quantize][0].lower() in quantized.model.lower()
        sizes[quantize] = quantized.bytes
    assert list(table.folder.glob(".*")) == []


def test_quantizing_makes_a_file_smaller_and_whole_numbers_go_in_and_out(tmp_path, capfd):
    one = case(tmp_path, "image_dnn", "multiclass", (28, 28, 1), hidden=[64])
    capfd.readouterr()
    result = one.export("litert", "small", quantize="int8")
    assert "inference_type" not in "".join(capfd.readouterr())  # the converter's own words
    _, floats, quantized = result.comparison
    assert quantized.bytes < 0.4 * floats.bytes
    if not HAS_LITERT:
        return
    from ai_edge_litert.interpreter import Interpreter

    run = Interpreter(result.path).get_signature_runner()
    assert run.get_input_details()["inputs"]["dtype"] == np.int8
    for size in (1, 7):
        given = np.zeros((size, 28, 28), np.int8)
        assert run(inputs=given)["outputs"].shape == (size, 3)


def test_where_there_is_no_small_interpreter_that_of_tensorflow_loads_it(table, monkeypatch):
    runtime = Runtime(("tensorflow",), ("keras", "ai_edge_litert"), ("tensorflow", "numpy"))
    monkeypatch.setattr(LiteRT, "runtime", lambda self: runtime)
    result = table.export("litert", "by-tensorflow", quantize="int8")
    assert "without keras or ai_edge_litert" in result.verified_in


def test_beyond_the_tolerance_of_its_quantization_it_is_refused(table, monkeypatch):
    monkeypatch.setattr(LiteRT, "quantized_tolerances", {"int8": 1e-6})
    with pytest.raises(ExportError, match=r"by up to \S+, where \S+ is allowed"):
        table.export("litert", "refused", quantize="int8")
    assert not (table.folder / "refused.tflite").exists()
    assert list(table.folder.glob(".*")) == []


def test_int8_that_loses_how_years_differ_is_refused_and_dynamic_keeps_it(tmp_path):
    from tests.designer.exports.making import model_of

    one = case(tmp_path, "dnn", "regression", (5,), **TABLE)
    model = model_of(one)
    head = model.layers[-1]
    kernel, _ = head.get_weights()
    head.set_weights([kernel, np.full(2, 2000, np.float32)])  # as targets far from 0 leave it
    model.save(tmp_path / "years.keras")

    def exported(quantize: str) -> ExportResult:
        given = {"notes": one.notes, "quantize": quantize}
        for name in ("calibration", "held_out"):
            given[name] = next(tmp_path.glob(f"{name}.*"))
        out = tmp_path / f"{quantize}.tflite"
        return export_model(one.design.to_dict(), tmp_path / "years.keras", "litert", out, **given)

    assert exported("dynamic").allowed_difference < 1, "not 0.05 of 2000"
    with pytest.raises(ExportError, match=r"deviation of its predictions\).* too few"):
        exported("int8")


def test_int8_without_examples_to_calibrate_with_says_what_is_missing(table, tmp_path):
    for calibration in (None, tmp_path / "gone.npy"):
        with pytest.raises(ExportError, match="int8 learns the ranges"):
            table.export("litert", "never", quantize="int8", calibration=calibration)
    np.save(tmp_path / "wrong.npy", np.zeros((4, 6)))
    with pytest.raises(ExportError, match=r"calibrate with in .*wrong\.npy have the shape"):
        table.export("litert", "never", quantize="int8", calibration=tmp_path / "wrong.npy")


def test_held_out_examples_that_cannot_be_used_are_told(table, tmp_path):
    np.savez(tmp_path / "unlabelled.npz", raw=table.raw)
    np.savez(tmp_path / "other.npz", raw=table.raw[:, :3], label_0=table.raw, label_1=table.raw)
    (tmp_path / "text.npz").write_text("no")
    for name in ("unlabelled", "other", "text", "missing"):
        with pytest.raises(ExportError, match=f"{name}.npz"):
            table.export("keras", "never", held_out=tmp_path / f"{name}.npz")


def test_what_needs_no_weights_is_written_and_proven_by_what_it_is(tmp_path):
    design = Design.from_template("resnet18", input_shape=[32, 32, 3], classes=4)
    told = {}
    for name in ("design", "code", "notebook", "svg"):
        result = export(design.to_dict(), name, str(tmp_path / "it"))
        assert (result["largest_difference"], result["examples"]) == (0, 0)
        assert result["comparison"] == []
        told[name] = result["verified_in"]
        assert is_ours(Path(result["path"])), name
    summary = summarize(design)
    made = f"the {len(summary.layers)} layers and {summary.total_params:,} parameters"
    assert told["design"] == "read back: the same design"
    assert made in told["code"]
    assert made in told["notebook"]
    assert "every cell of code compiles" in told["notebook"]
    assert "shapes" in told["svg"]
    assert Design.from_json((tmp_path / "it.json").read_text()) == design
    assert ElementTree.parse(tmp_path / "it.svg").getroot().tag.endswith("svg")
    assert json.loads((tmp_path / "it.ipynb").read_text())["nbformat"] == 4
    done = subprocess.run(
        [sys.executable, "-P", "it.py"], cwd=tmp_path, capture_output=True, text=True, timeout=200
    )
    assert f"{summary.total_params:,}" in done.stdout


def test_code_that_makes_another_model_is_refused(tmp_path, monkeypatch):
    from designer.exports.code_file import CodeFile

    wrong = CodeFile().text(summarize(Design.from_template("dnn", hidden=[4])))
    monkeypatch.setattr(CodeFile, "text", lambda self, summary: wrong)
    design = Design.from_template("dnn").to_dict()
    with pytest.raises(ExportError, match="parameters where the design"):
        export_model(design, None, "code", tmp_path / "wrong")
    monkeypatch.setattr(CodeFile, "text", lambda self, summary: "import nothing_of_that_name\n")
    with pytest.raises(ExportError, match="nothing_of_that_name"):
        export_model(design, None, "code", tmp_path / "wrong")
    assert list(tmp_path.iterdir()) == []


@needs_onnx
def test_the_process_that_proves_onnx_has_neither_tensorflow_nor_keras(tmp_path):
    from designer.exports.fresh_process import FreshProcess, Program

    for module in ("tensorflow", "keras", "designer"):
        with FreshProcess(format_named("onnx").runtime()) as fresh:
            fresh.ask(tmp_path, [Program(f"import {module}")], tmp_path)
            with pytest.raises(ExportError, match=rf"{module}.* \(exit status 1\)"):
                fresh.answer(120)


def test_a_converter_that_fails_is_one_line_and_leaves_nothing(tmp_path, monkeypatch):
    def fails(self, model, design, path, how):
        raise ValueError("no such operation\nand a long story")

    monkeypatch.setattr(LiteRT, "write", fails)
    with pytest.raises(ExportError, match=r"LiteRT .*no such operation") as caught:
        export_model(Design.from_template("dnn").to_dict(), None, "litert", tmp_path / "x")
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", [one for one in formats() if formats()[one].holds_weights])
def test_every_template_in_every_format_and_quantization(name, tmp_path):
    from designer.templates import templates

    if formats()[name].missing():
        pytest.skip(formats()[name].missing())
    for template in templates():
        design = small(template)
        shape = design["input_shape"]
        generator = np.random.default_rng(0)
        np.save(tmp_path / "calibration.npy", generator.random((50, *shape), np.float32))
        np.save(tmp_path / "examples.npy", generator.random((20, *shape), np.float32))
        for quantize in formats()[name].quantizations:
            result = export_model(
                design.to_dict(),
                None,
                name,
                tmp_path / f"{template}-{quantize}",
                examples=tmp_path / "examples.npy",
                calibration=tmp_path / "calibration.npy",
                quantize=quantize,
            )
            assert result.largest_difference <= result.allowed_difference


def small(template: str) -> Design:
    """Return a template's design with pictures as small as it takes without changing itself."""
    design = Design.from_template(template)
    shape = design["input_shape"]
    if len(shape) == 3:
        design = design.replace(input_shape=[64, 64, shape[2]])
    return design
