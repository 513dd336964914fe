"""Notebooks: their structure, and that every cell of one runs and the model learns."""

from __future__ import annotations

import json
from typing import Any

import pytest

from designer import Design
from designer.code import notebook, styles, why_not, write_notebook
from designer.code.sample_data import data_code, data_set_for, data_words
from designer.templates import templates


def sources(made: dict[str, Any], kind: str = "code") -> list[str]:
    return ["".join(cell["source"]) for cell in made["cells"] if cell["cell_type"] == kind]


@pytest.mark.parametrize("template", templates())
def test_the_structure_is_the_formats(template: str) -> None:
    design = Design.from_template(template)
    for style in styles():
        if why_not(design, style):
            continue
        made = json.loads(write_notebook(design, style))
        assert (made["nbformat"], made["nbformat_minor"]) == (4, 5)
        assert len({cell["id"] for cell in made["cells"]}) == len(made["cells"])
        for cell in made["cells"]:
            assert all(line.endswith("\n") for line in cell["source"][:-1])
            assert set(cell) >= {"cell_type", "metadata", "source", "id"}
            if cell["cell_type"] == "code":
                assert cell["outputs"] == []
                assert cell["execution_count"] is None
        for source in sources(made):
            compile(source, "cell", "exec")


def test_the_format_is_the_official_one() -> None:
    nbformat = pytest.importorskip("nbformat")
    text = write_notebook(Design.from_template("cnn"), "list", "layer")
    nbformat.validate(nbformat.reads(text, as_version=4))


@pytest.mark.parametrize(
    ("template", "parameters", "name"),
    [
        ("dnn", {"task": "multiclass", "classes": 3}, "iris"),
        ("dnn", {"task": "multiclass", "classes": 3, "input_shape": [13]}, "wine"),
        ("dnn", {"task": "binary", "input_shape": [30]}, "breast_cancer"),
        ("dnn", {"task": "regression", "input_shape": [10]}, "diabetes"),
        ("dnn", {"task": "regression", "input_shape": [8]}, "california_housing"),
        ("image_dnn", {}, "mnist"),
        ("cnn", {"input_shape": [8, 8, 1], "classes": 10}, "digits"),
        ("resnet18", {"input_shape": [32, 32, 3], "classes": 10}, "cifar10"),
    ],
)
def test_a_real_data_set_where_one_fits(template, parameters, name) -> None:
    design = Design.from_template(template, **parameters)
    info = data_set_for(design)
    assert info is not None
    assert info.name == name
    assert "random" not in data_words(design).lower()


def test_made_up_data_say_so() -> None:
    design = Design.from_template("cnn")
    assert data_set_for(design) is None
    assert "Made at random" in data_words(design)
    assert "# Made at random" in data_code(design)


SMALL = {"hidden": [16], "batch_normalization": "after"}


@pytest.mark.keras
@pytest.mark.parametrize(
    ("template", "parameters", "style"),
    [
        ("dnn", {"task": "multiclass", "classes": 3, **SMALL}, "add"),
        ("dnn", {"task": "binary", "input_shape": [30], "l2": 0.001, **SMALL}, "list"),
        ("dnn", {"task": "regression", "input_shape": [10], **SMALL}, "reuse"),
        ("dnn", {"task": "multitask", "classes": [4, 2], **SMALL}, "functional"),
        ("cnn", {"input_shape": [8, 8, 1], "classes": 10, "hidden": [16],
                 "loss": "sparse_categorical_crossentropy"}, "reuse"),
        ("cnn", {"input_shape": [12, 10, 3], "task": "multilabel", "hidden": []}, "list"),
    ],
)  # fmt: skip
def test_every_cell_runs(template, parameters, style, monkeypatch) -> None:
    monkeypatch.setenv("MPLBACKEND", "Agg")
    pytest.importorskip("matplotlib")
    design = Design.from_template(template, **parameters)
    names: dict[str, Any] = {"__name__": "notebook"}
    for source in sources(notebook(design, style)):
        exec(compile(source, "cell", "exec"), names)
    losses = names["history"].history["loss"]
    assert len(losses) == 5
    assert losses[-1] < losses[0]
