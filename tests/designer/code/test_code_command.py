"""``python -m designer code``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from designer import Design
from designer.__main__ import main
from designer.code import styles, write_code


@pytest.mark.parametrize("style", list(styles()))
def test_the_source_is_printed(style: str, capsys) -> None:
    assert main(["code", "cnn", "--style", style, "--activations", "layer"]) == 0
    shown = capsys.readouterr()
    assert shown.out == write_code(Design.from_template("cnn"), style, "layer")
    assert shown.err == ""


def test_a_design_file_and_changes(tmp_path: Path, capsys) -> None:
    file = tmp_path / "design.json"
    file.write_text(Design.from_template("dnn", hidden=[7]).to_json())
    assert main(["code", str(file), "--set", "task=binary"]) == 0
    wanted = Design.from_template("dnn", hidden=[7]).replace(task="binary")
    assert capsys.readouterr().out == write_code(wanted)


def test_as_json_and_as_a_notebook(capsys) -> None:
    assert main(["code", "dnn", "--json", "--style", "add"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made == {"style": "add", "source": write_code(Design.from_template("dnn"), "add")}
    assert main(["code", "dnn", "--notebook"]) == 0
    assert json.loads(capsys.readouterr().out)["nbformat"] == 4


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["resnet50", "--style", "add"], "'group1_block1_add' takes two inputs"),
        (["resnet50", "--style", "lst"], "Did you mean 'list'"),
        (["cnn", "--activations", "none"], "argument, layer"),
        (["cnn", "--set", "input_shape=[1,1,1]"], "cannot be built"),
        (["cnn2"], "Did you mean 'cnn'"),
    ],
)
def test_what_cannot_be_written_is_one_line(arguments, words, capsys) -> None:
    assert main(["code", *arguments]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert words in shown.err
    assert len(shown.err.splitlines()) == 1
