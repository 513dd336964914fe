"""The command line: every command, its JSON, its exit status, and one line for bad input."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from designer import Design, summarize
from designer.__main__ import main
from designer.datasets import CATALOGUE
from designer.exports import formats
from designer.exports.litert import LiteRT
from designer.templates import templates

ROOT = Path(__file__).resolve().parents[2]

SUMMARY_KEYS = {
    "template",
    "total_params",
    "trainable_params",
    "non_trainable_params",
    "multiply_adds",
    "layers",
}
LAYER_KEYS = {
    "name",
    "class_name",
    "path",
    "inputs",
    "output_shape",
    "params",
    "trainable_params",
    "multiply_adds",
}


def run(*arguments: str) -> int:
    """Run a command in this process and return its exit status."""
    try:
        return main(arguments)
    except SystemExit as end:
        return int(end.code or 0)


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """Return the JSON that a command prints, alone, on standard output."""
    assert run(*arguments, "--json") == 0
    return json.loads(capsys.readouterr().out)


# --- templates, datasets, summary -------------------------------------------------------------


def test_templates_and_data_sets_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert [one["name"] for one in answer(capsys, "templates")] == list(templates())
    assert [one["name"] for one in answer(capsys, "datasets")] == list(CATALOGUE)
    assert run("templates") == 0
    text = capsys.readouterr().out
    assert all(name in text for name in templates())
    assert "default 26; a whole number from 2 to 100,000" in text
    assert run("datasets") == 0
    text = capsys.readouterr().out
    assert all(name in text for name in CATALOGUE)
    assert "downloads 11.5 MB" in text


@pytest.mark.parametrize(
    ("arguments", "parameters"),
    [
        (["dnn"], 261),
        (["dnn", "--set", "task=binary"], 261),
        (["dnn", "--set", "task=multiclass"], 215),
        (["dnn", "--set", "task=multilabel"], 227),
        (["dnn", "--set", "task=multitask"], 227),
        (["image_dnn"], 669_706),
        (["cnn"], 8_402_618),
        (["vgg16"], 138_357_544),
        (["vgg19"], 143_667_240),
        (["resnet34"], 21_542_376),
        (["resnet50"], 25_636_712),
        (["resnet50", "--set", "version=v1.5"], 25_636_712),
        (["resnet50", "--set", "version=v2"], 25_613_800),
        (["resnet101"], 44_707_176),
        (["resnet101", "--set", "version=v2"], 44_675_560),
        (["resnet152"], 60_419_944),
        (["resnet152", "--set", "version=v2"], 60_380_648),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_the_networks_of_the_book(
    capsys: pytest.CaptureFixture[str], arguments: list[str], parameters: int
) -> None:
    told = answer(capsys, "summary", *arguments)
    assert told["total_params"] == parameters
    assert set(told) == SUMMARY_KEYS
    assert told["template"] == arguments[0]
    assert told["trainable_params"] + told["non_trainable_params"] == told["total_params"]
    assert sum(layer["params"] for layer in told["layers"]) == told["total_params"]
    assert sum(layer["multiply_adds"] for layer in told["layers"]) == told["multiply_adds"]
    for layer in told["layers"]:
        assert set(layer) == LAYER_KEYS
        assert layer["output_shape"][0] is None


def test_the_resnet_of_the_paper(capsys: pytest.CaptureFixture[str]) -> None:
    told = answer(capsys, "summary", "resnet34", "--set", "variant=paper")
    assert told["trainable_params"] == 21_797_672


def test_values_are_json_where_they_parse_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    settings = {
        "groups": '[{"filters": 64, "blocks": 2}]',
        "input_shape": "[32, 32, 3]",
        "classes": "10",
        "padding": "valid",
    }
    arguments = [part for pair in settings.items() for part in ("--set", "=".join(pair))]
    told = answer(capsys, "summary", "cnn", *arguments)
    design = Design.from_template(
        "cnn",
        groups=[{"filters": 64, "blocks": 2}],
        input_shape=[32, 32, 3],
        classes=10,
        padding="valid",
    )
    assert told == summarize(design).to_dict()


def test_a_summary_can_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("summary", "dnn") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["Layer", "Class", "Output", "shape", "Parameters", "Multiply-adds"]
    assert len({len(line) for line in lines[:5]}) == 1, "columns are aligned"
    assert "dnn: 261 parameters (261 trainable, 0 not), 240 multiply-adds" in lines[-1]


def test_a_design_file_is_a_design(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    file.write_text(Design.from_template("dnn", hidden=[3]).to_json())
    changed = answer(capsys, "summary", str(file), "--set", "hidden=[4]")
    expected = summarize(Design.from_template("dnn", hidden=[4])).to_dict()
    assert changed == expected


def test_every_format_and_every_way_of_writing_it_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Another(LiteRT):
        name = "another"
        labels = True

    known = {**formats(), "another": Another()}
    monkeypatch.setattr("designer.exports.formats", lambda: known)
    assert run("export", "--help") == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "code, notebook, svg or another --out" in told
    assert "none, dynamic or int8: how weights are made smaller (litert and another)" in told
    assert "labelled or plain: what signatures return (saved_model, package and another)" in told


def test_help_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--help") == 0
    help_text = capsys.readouterr().out
    for command in ("templates", "datasets", "summary", "build", "train", "export"):
        assert command in help_text
        assert run(command, "--help") == 0


# --- bad input --------------------------------------------------------------------------------

SHRUNK = ["--set", "input_shape=[2,2,1]"]
HUGE = ["--set", "hidden=[65536,65536]"]

BAD_INPUT = [
    (["summary", "resnet5"], "Did you mean 'resnet50'?"),
    (["summary", "cnn", "--set", "colour=red"], "colour: the template 'cnn' has no such"),
    (["summary", "cnn", "--set", "classes=many"], "classes: received 'many'; a whole number"),
    (["summary", "cnn", "--set", "classes"], "NAME=VALUE works"),
    (["summary", "cnn", *SHRUNK], "'group1_pool' (groups[0].pool_size) cannot be built"),
    (["summary", "cnn", "--set", 'groups=[{"cardinality": 3}]'], "groups[0].cardinality"),
    (["summary", "cnn", "--set", "groups=[[[["], "groups: received '[[[['"),
    (["summary", "no/such/file.json"], "no/such/file.json: the design file cannot be read"),
    (["summary", "NEWER"], "made by a newer Model Designer"),
    (["summary", "ELSEWHERE"], "This is not a design"),
    (["summary", "BINARY"], "it is not JSON"),
    (["summary"], "required: design"),
    (["fly", "cnn"], "invalid choice: 'fly'"),
    ([], "required: COMMAND"),
    (["build", "dnn", *HUGE], "At most 500,000,000 are built here"),
    (["build", "cnn", *SHRUNK], "cannot be built"),
    (["train", "cnn"], "one of the arguments --dataset --data is required"),
    (["train", "cnn", "--dataset", "mnits"], "Did you mean 'mnist'?"),
    (["train", "cnn", "--dataset", "iris"], "iris is a table"),
    (["train", "dnn", "--dataset", "iris", "--set", "task=regression"], "no task 'regression'"),
    (["train", "cnn", "--dataset", "mnist_5k", "--set", "classes=7"], "Set classes=10."),
    (["train", "cnn", "--dataset", "mnist_5k", "--epochs", "0"], "epochs must be a whole number"),
    (["train", "cnn", "--dataset", "mnist_5k", "--epochs", "x"], "invalid int value: 'x'"),
    (["train", "dnn", "--dataset", "iris", "--batch-size", "-1"], "batch_size must be"),
    (["train", "dnn", "--dataset", "iris", "--learning-rate", "nan"], "learning_rate must be"),
    (["train", "dnn", "--dataset", "iris", *HUGE], "At most 500,000,000 are built here"),
    (["train", "cnn", "--dataset", "mnist_5k", *SHRUNK], "cannot be built"),
    (["export", "cnn", "--format", "onyx", "--out", "m"], "There is no export format 'onyx'"),
    (["export", "cnn", "--out", "m"], "required: --format"),
    (["export", "cnn", "--format", "keras", "--quantize", "int8"], "the format litert works"),
    (["export", "cnn", "--format", "litert", "--quantize", "int8"], "an untrained design has no"),
    (["export", "cnn", "--format", "litert", "--quantize", "int4"], "no quantization 'int4'"),
    (
        ["export", "cnn", "--format", "litert", "--outputs", "labelled"],
        "package can name the classes",
    ),
    (["export", "cnn", "--format", "package", "--outputs", "names"], "no kind of outputs 'names'"),
    (["export", "cnn", "--format", "keras", "--checkpoint", "best"], "checkpoints are of runs"),
    (["export", "cnn", "--format", "keras", "--checkpoint", "first"], "no checkpoint 'first'"),
    (["export", "cnn", "--format", "weights", "--out", "m.tflite"], "is of another format"),
    (["export", "cnn", "--format", "package", "--out", "m.keras"], "which makes a .zip"),
    (["export", "resnet5", "--format", "keras", "--out", "m"], "Did you mean 'resnet50'?"),
    (["export", "cnn-mnist-zzzz", "--format", "keras", "--out", "m"], "There is no run"),
    (["export", "cnn", *SHRUNK, "--format", "keras", "--out", "m"], "cannot be built"),
]

FILES = {
    "NEWER": b'{"format": "model-designer-design", "version": 99, "template": "cnn"}',
    "ELSEWHERE": b'{"layers": [1, 2, 3]}',
    "BINARY": b"\x89PNG\x00\xff",
}


@pytest.mark.parametrize(("arguments", "message"), BAD_INPUT, ids=lambda value: str(value)[:60])
def test_bad_input_is_one_clear_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, arguments: list[str], message: str
) -> None:
    for name, content in FILES.items():
        (tmp_path / f"{name}.json").write_bytes(content)
    given = [str(tmp_path / f"{word}.json") if word in FILES else word for word in arguments]
    assert run(*given) == 2
    printed = capsys.readouterr()
    assert message in printed.err
    assert printed.err.count("\n") == 1
    assert printed.err.endswith("\n")
    if given[:1] != ["train"]:
        assert printed.out == ""


def test_what_would_not_fit_is_refused_before_an_export(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "m.keras"
    assert run("export", "dnn", *HUGE, "--format", "keras", "--out", str(out)) == 2
    printed = capsys.readouterr().err
    assert "At most 500,000,000 are built here" in printed
    assert printed.count("\n") == 1
    assert not out.exists()


LIGHTLY = """
import contextlib, io, json, sys
from designer.__main__ import main
for arguments in json.loads(sys.argv[1]):
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        with contextlib.suppress(SystemExit):
            main(arguments)
    heavy = {"tensorflow", "keras", "streamlit"} & set(sys.modules)
    assert not heavy, (arguments, heavy)
"""


def test_neither_a_summary_nor_bad_input_loads_anything_heavy() -> None:
    light = [["summary", name, "--json"] for name in templates()]
    light += [["templates"], ["templates", "--json"], ["datasets"], ["datasets", "--json"]]
    light += [arguments for arguments, _ in BAD_INPUT]
    done = subprocess.run(
        [sys.executable, "-c", LIGHTLY, json.dumps(light)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr


def test_it_is_a_module_with_an_exit_status() -> None:
    done = designer("summary", "nothing")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("designer: There is no template 'nothing'.")
    assert done.stderr.count("\n") == 1


def test_a_reader_that_has_had_enough_is_no_accident() -> None:
    line = f"{sys.executable} -m designer summary resnet152 | head -1"
    done = subprocess.run(line, shell=True, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.startswith("Layer")
    assert done.stderr == ""


# --- for real ---------------------------------------------------------------------------------


def designer(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "designer", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
    )


@pytest.mark.keras
def test_build_tells_what_summary_tells() -> None:
    done = designer("build", "resnet18", "--json", "--set", "classes=10")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert set(told) == SUMMARY_KEYS
    expected = summarize(Design.from_template("resnet18", classes=10)).to_dict()
    assert [layer["output_shape"] for layer in told["layers"]] == [
        layer["output_shape"] for layer in expected["layers"]
    ]
    for key in SUMMARY_KEYS - {"layers"}:
        assert told[key] == expected[key]


@pytest.mark.keras
def test_train_and_export_a_run(tmp_path: Path) -> None:
    trained = designer(
        *("train", "dnn", "--dataset", "iris", "--epochs", "2", "--batch-size", "16"),
        *("--set", "hidden=[8]", "--json"),
    )
    assert trained.returncode == 0, trained.stderr
    told = json.loads(trained.stdout.splitlines()[-1])
    assert told["state"] == "finished"
    assert told["run"].startswith("dnn-iris-")
    assert {"loss", "val_loss", "test_loss", "test_accuracy"} <= set(told["metrics"])
    assert "epoch 2/2" in trained.stderr
    assert "classes: " in trained.stderr, "what followed from the data is told"

    package = tmp_path / "iris.zip"
    exported = designer(
        "export", told["run"], "--format", "saved_model", "--out", str(package), "--json"
    )
    assert exported.returncode == 0, exported.stderr
    proof = json.loads(exported.stdout.splitlines()[-1])
    assert package.stat().st_size == proof["bytes"]
    assert proof["largest_difference"] <= 1e-5
    assert proof["examples"] > 0

    small = designer(
        *("export", told["run"], "--format", "litert", "--quantize", "int8", "--json"),
        *("--checkpoint", "last", "--out", str(tmp_path / "iris")),
    )
    assert small.returncode == 0, small.stderr
    proof = json.loads(small.stdout)
    assert proof["path"] == str(tmp_path / "iris.tflite")
    assert {"path", "largest_difference", "verified_in"} <= set(proof)
    assert [set(row["figures"]) for row in proof["comparison"]] == [{"accuracy"}] * 3
    assert "deprecated" not in small.stderr

    again = designer(
        "export", told["run"], "--set", "hidden=[3]", "--format", "keras", "--out", "m"
    )
    assert again.returncode == 2
    assert "leave --set out" in again.stderr


@pytest.mark.keras
def test_export_an_untrained_design(tmp_path: Path) -> None:
    out = tmp_path / "small.keras"
    done = designer(
        "export", "dnn", "--set", "task=multitask", "--format", "keras", "--out", str(out)
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{out}: ")
    assert "largest difference" in done.stdout
    assert out.stat().st_size > 1000


def test_an_export_without_a_name_is_called_after_what_it_is_of(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("export", "cnn", "--format", "svg") == 0
    assert capsys.readouterr().out.startswith("cnn.svg: ")
    assert run("export", "cnn", "--format", "design", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["path"] == "cnn.json"
    assert told["verified_in"] == "read back: the same design"
    Path("mine.v2.json").write_text(Design.from_template("vgg16").to_json())
    assert run("export", "mine.v2.json", "--format", "svg") == 0
    assert {file.name for file in tmp_path.iterdir()} == {
        "cnn.svg", "cnn.json", "mine.v2.json", "mine.v2.svg",
    }  # fmt: skip


# --- diff -------------------------------------------------------------------------------------


def test_diff_says_words_totals_and_layers(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("diff", "resnet50", "resnet50", "--set-b", "version=v1.5") == 0
    text = capsys.readouterr().out
    assert "B  resnet50 version=v1.5\n" in text
    assert "version v1 → v1.5: the stride moves to the 3 × 3 convolution" in text
    assert "▲ 231,211,008 more (+6.0%)" in text
    assert "  = 41 layers alike\n  ~ group2_block1_conv1  Conv2D  strides 2 × 2 → 1 × 1" in text


def test_diff_of_one_design_is_short(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("diff", "cnn", "cnn") == 0
    text = capsys.readouterr().out
    assert "The same design." in text
    assert text.count("= the same") == 8


def test_diff_as_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    file.write_text(Design.from_template("cnn", classes=10).to_json())
    told = answer(capsys, "diff", "cnn", str(file), "--set", "dropout=0.5")
    assert told["words"] == ["classes 26 → 10"]
    assert told["b"]["parameters"]["dropout"] == 0.5
    assert told["counts"]["changed"] == 1
    assert {one["name"] for one in told["totals"]} >= {"total_params", "multiply_adds", "depth"}
    assert len(told["layers"]) == len(summarize(Design.from_template("cnn", dropout=0.5)).layers)


def test_diff_compares_what_cannot_be_built(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("diff", "cnn", "cnn", "--set-b", "input_shape=[2,2,1]") == 0
    assert "! B cannot be built" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ("cnn",),
        ("cnn", "resnet5"),
        ("cnn", "missing.json"),
        ("cnn", "cnn", "--set-a", "colour=red"),
        ("cnn", "cnn", "--set-b", "filters"),
    ],
)
def test_diff_refuses_bad_input_in_one_line(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    assert run("diff", *arguments) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 1
