"""Pooling by hand, over windows and over whole maps."""

from __future__ import annotations

from typing import Any

import pytest

from designer.layers import LayerFault, rule_for
from designer.layers.base import Shape


def config(pool: int, strides: int, padding: str = "valid") -> dict[str, Any]:
    return {"pool_size": (pool, pool), "strides": (strides, strides), "padding": padding}


@pytest.mark.parametrize("class_name", ["MaxPooling2D", "AveragePooling2D"])
@pytest.mark.parametrize(
    ("given", "shape", "output"),
    [
        (config(2, 2), (64, 64, 16), (32, 32, 16)),
        (config(2, 2), (7, 5, 3), (3, 2, 3)),
        (config(3, 2, "same"), (112, 112, 64), (56, 56, 64)),
        (config(3, 2), (114, 114, 64), (56, 56, 64)),
        (config(1, 3), (7, 7, 1), (3, 3, 1)),
        (config(9, 2, "same"), (1, 1, 1), (1, 1, 1)),
    ],
)
def test_windows(class_name: str, given: dict[str, Any], shape: Shape, output: Shape) -> None:
    rule = rule_for(class_name)
    assert rule.output_shape(given, [shape]) == output
    assert rule.weights(given, [shape]) == ()
    assert rule.multiply_adds(given, [shape], output) == 0
    assert f"The number of maps stays {output[2]}." in rule.explain_shape(given, [shape], output)


def test_a_window_that_does_not_fit_the_shorter_side() -> None:
    with pytest.raises(LayerFault) as caught:
        rule_for("MaxPooling2D").output_shape(config(4, 4), [(3, 2, 8)])
    assert "pool of 4 × 4 does not fit into maps of 3 × 2" in caught.value.message
    assert caught.value.argument == "pool_size"
    assert caught.value.argument_works == "A pool of at most 2 works too."
    assert rule_for("MaxPooling2D").output_shape(config(2, 2), [(3, 2, 8)]) == (1, 1, 8)


@pytest.mark.parametrize("class_name", ["GlobalAveragePooling2D", "GlobalMaxPooling2D"])
def test_whole_maps(class_name: str) -> None:
    rule = rule_for(class_name)
    assert rule.output_shape({}, [(7, 9, 512)]) == (512,)
    assert rule.explain_shape({}, [(7, 9, 512)], (512,)) == "One number for each of the 512 maps."
