"""The dense network of the book's first chapter, and the one on pictures."""

from __future__ import annotations

from typing import Any

import pytest

from designer import Design, summarize


def layers_of(name: str, **parameters: Any) -> list[tuple[str, str]]:
    design = Design.from_template(name, **parameters)
    return [(layer.class_name, layer.name) for layer in design.graph.layers[1:]]


@pytest.mark.parametrize(
    ("task", "features", "units"),
    [("regression", 13, [1]), ("binary", 13, [1]), ("multiclass", 4, [5]), ("multilabel", 3, [7]),
     ("multitask", 3, [5, 2])],
)  # fmt: skip
def test_inputs_and_outputs_follow_the_task(task: str, features: int, units: list[int]) -> None:
    design = Design.from_template("dnn", task=task)
    assert design["input_shape"] == (features,)
    layers = summarize(design).layers
    assert [layer.output_shape[1] for layer in layers if layer.path == "task"] == units  # type: ignore[index]


def test_several_outputs_of_a_regression() -> None:
    design = Design.from_template("dnn", outputs=3)
    assert summarize(design).layers[-1].output_shape == (None, 3)


def test_normalization_and_dropout_around_the_activation() -> None:
    assert layers_of("dnn", hidden=[8], batch_normalization="before", dropout=0.2) == [
        ("Dense", "hidden1"),
        ("BatchNormalization", "hidden1_batch_norm"),
        ("ReLU", "hidden1_activation"),
        ("Dropout", "hidden1_dropout"),
        ("Dense", "outputs"),
    ]
    assert layers_of("dnn", hidden=[8], batch_normalization="after", activation="tanh") == [
        ("Dense", "hidden1"),
        ("BatchNormalization", "hidden1_batch_norm"),
        ("Dense", "outputs"),
    ]
    assert layers_of("dnn", hidden=[8], batch_normalization="before", activation="linear") == [
        ("Dense", "hidden1"),
        ("BatchNormalization", "hidden1_batch_norm"),
        ("Dense", "outputs"),
    ]


def test_no_hidden_layers_is_a_design_too() -> None:
    assert layers_of("dnn", hidden=[]) == [("Dense", "outputs")]


def test_dropout_before_the_activation_as_the_book_codes_it() -> None:
    assert layers_of("image_dnn", dropout=0.5) == [
        ("Flatten", "flatten"),
        ("Dense", "hidden1"),
        ("Dropout", "hidden1_dropout"),
        ("ReLU", "hidden1_activation"),
        ("Dense", "hidden2"),
        ("Dropout", "hidden2_dropout"),
        ("ReLU", "hidden2_activation"),
        ("Dense", "outputs"),
    ]
    after = layers_of("image_dnn", dropout=0.5, dropout_position="after")
    assert after[1:3] == [("Dense", "hidden1"), ("Dropout", "hidden1_dropout")]
    assert len(after) == 6


def test_a_picture_with_channels_is_flattened_too() -> None:
    design = Design.from_template("image_dnn", input_shape=[32, 32, 3])
    assert summarize(design).layers[1].output_shape == (None, 3072)
