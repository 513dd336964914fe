"""Convolutions by hand."""

from __future__ import annotations

from typing import Any

import pytest

from designer.layers import LayerFault, rule_for
from designer.layers.base import Shape

rule = rule_for("Conv2D")


def config(**changes: Any) -> dict[str, Any]:
    return {"filters": 16, "kernel_size": (3, 3), "strides": (2, 2), "padding": "same", **changes}


@pytest.mark.parametrize(
    ("changes", "shape", "output"),
    [
        ({}, (128, 128, 1), (64, 64, 16)),  # the sign-letter network of the book
        ({}, (5, 4, 1), (3, 2, 16)),
        ({"padding": "valid"}, (128, 128, 1), (63, 63, 16)),
        ({"padding": "valid", "strides": (1, 1)}, (3, 3, 1), (1, 1, 16)),
        ({"padding": "valid", "strides": (3, 1), "kernel_size": (2, 5)}, (9, 9, 1), (3, 5, 16)),
        ({"strides": (255, 255)}, (1, 1, 1), (1, 1, 16)),
    ],
)
def test_output_shapes(changes: dict[str, Any], shape: Shape, output: Shape) -> None:
    assert rule.output_shape(config(**changes), [shape]) == output


def test_valid_is_keras_s_own_default_padding() -> None:
    given = config()
    del given["padding"]
    assert rule.output_shape(given, [(128, 128, 1)]) == (63, 63, 16)


def test_weights_and_multiply_adds() -> None:
    kernel, bias = rule.weights(config(), [(128, 128, 3)])
    assert (kernel.name, kernel.shape, kernel.count) == ("kernel", (3, 3, 3, 16), 432)
    assert (bias.name, bias.shape, bias.trainable) == ("bias", (16,), True)
    assert rule.multiply_adds(config(), [(128, 128, 3)], (64, 64, 16)) == 64 * 64 * 432
    (alone,) = rule.weights(config(use_bias=False), [(128, 128, 3)])
    assert alone == kernel


def test_cardinality_divides_the_weights_and_the_work() -> None:
    (kernel, _) = rule.weights(config(groups=4), [(8, 8, 8)])
    assert kernel.shape == (3, 3, 2, 16)
    assert rule.multiply_adds(config(groups=4), [(8, 8, 8)], (4, 4, 16)) == 16 * 288


def test_a_kernel_that_does_not_fit() -> None:
    with pytest.raises(LayerFault) as caught:
        rule.output_shape(config(padding="valid", kernel_size=(5, 5)), [(9, 4, 1)])
    assert caught.value.argument == "kernel_size"
    assert "kernel of 5 × 5 does not fit into maps of 9 × 4" in caught.value.message
    assert caught.value.argument_works == "A kernel of at most 4 works too."


@pytest.mark.parametrize(
    ("cardinality", "channels", "problem"),
    [
        (3, 3, "the 16 filters cannot be split into 3 equal parts"),
        (8, 4, "the 4 channels coming in cannot be split into 8"),
    ],
)
def test_cardinality_must_divide_both(cardinality: int, channels: int, problem: str) -> None:
    with pytest.raises(LayerFault) as caught:
        rule.output_shape(config(groups=cardinality), [(8, 8, channels)])
    assert caught.value.argument == "groups"
    assert problem in caught.value.message
    works = caught.value.works.split(": any of ")[1].removesuffix(" works.").split(", ")
    for number in works:
        assert rule.output_shape(config(groups=int(number)), [(8, 8, channels)]) == (4, 4, 16)


def test_explanations_without_bias_and_of_one_place() -> None:
    assert rule.explain_params(config(use_bias=False), [(8, 8, 3)]) == (
        "3 × 3 × 3 channels × 16 filters = 432"
    )
    assert rule.explain_shape(config(strides=(1, 1)), [(8, 8, 3)], (8, 8, 16)) == (
        "Each side: padding 'same' and strides of 1 keep 8. One map for each of 16 filters."
    )
