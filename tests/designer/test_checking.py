"""Whether Keras agrees, and that a difference would be seen."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from designer import Design, DesignError, summarize
from designer.checking import check, compare


def test_equal_summaries_do_not_differ() -> None:
    ours = summarize(Design.from_template("cnn")).to_dict()
    assert compare(ours, copy.deepcopy(ours)) == []


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("params", 7, "hidden1: params is 140 here, 7 in Keras"),
        ("trainable_params", 7, "hidden1: trainable_params is 140 here, 7 in Keras"),
        ("multiply_adds", 7, "hidden1: multiply_adds is 130 here, 7 in Keras"),
        ("output_shape", [None, 7], "hidden1: output_shape is [None, 10] here, [None, 7] in Keras"),
        ("class_name", "Conv2D", "hidden1: class_name is Dense here, Conv2D in Keras"),
        ("inputs", ["other"], "hidden1: inputs is ['inputs'] here, ['other'] in Keras"),
    ],
)
def test_every_kind_of_difference_is_said(field: str, value: Any, words: str) -> None:
    ours = summarize(Design.from_template("dnn")).to_dict()
    theirs = copy.deepcopy(ours)
    theirs["layers"][1][field] = value
    assert compare(ours, theirs) == [words]


def test_a_layer_or_a_total_that_differs_is_said() -> None:
    ours = summarize(Design.from_template("dnn")).to_dict()
    theirs = copy.deepcopy(ours)
    theirs["layers"][1]["name"] = "other"
    theirs["total_params"] = 1262
    assert compare(ours, theirs) == [
        "total_params: 261 here, 1,262 in Keras",
        "hidden1: not in Keras's model",
        "other: only in Keras's model",
    ]


@pytest.mark.keras
@pytest.mark.parametrize("name", ["dnn", "resnet50"])
def test_keras_agrees(name: str) -> None:
    design = Design.from_template(name)
    result = check(design.to_dict())
    ours = summarize(design)
    assert result["agrees"] is True
    assert result["differences"] == []
    assert result["total_params"] == ours.total_params
    assert result["trainable_params"] == ours.trainable_params
    assert result["layers"] == len(ours.layers)
    assert "Param #" in result["summary_text"]
    assert f"Total params: {ours.total_params:,}" in result["summary_text"]
    assert all(layer.name in result["summary_text"] for layer in ours.layers[:4])
    json.dumps(result)  # it travels from a worker process


@pytest.mark.keras
def test_a_difference_would_be_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    from designer.layers import rule_for

    monkeypatch.setattr(type(rule_for("Dense")), "multiply_adds", lambda *_: 1)
    result = check(Design.from_template("dnn").to_dict())
    assert result["agrees"] is False
    assert "hidden1: multiply_adds is 1 here, 130 in Keras" in result["differences"]


@pytest.mark.keras
def test_what_cannot_be_built_is_refused() -> None:
    with pytest.raises(DesignError, match="group5_pool"):
        check(Design.from_template("vgg16", input_shape=[16, 16, 3]).to_dict())
    with pytest.raises(DesignError, match="not a design"):
        check({})
