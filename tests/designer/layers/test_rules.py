"""The rules as a set: found by themselves, complete, and said in words."""

from __future__ import annotations

import pytest

from designer import Design
from designer.layers import LayerRule, rule_for, rules
from designer.layers.base import LayerFault, times
from designer.templates import templates


def test_every_layer_class_of_every_template_has_a_rule() -> None:
    for name in templates():
        for layer in Design.from_template(name).graph.layers:
            assert rule_for(layer.class_name).class_name == layer.class_name


def test_rules_are_found_by_class_name_and_teach_something() -> None:
    for name, rule in rules().items():
        assert isinstance(rule, LayerRule)
        assert rule.class_name == name
        assert rule.teaches.endswith(".")


def test_an_unknown_class_names_the_nearest() -> None:
    with pytest.raises(KeyError, match="Did you mean 'Conv2D'"):
        rule_for("Conv2d")


def test_sizes_are_written_as_a_product() -> None:
    assert times((7, 7, 1512)) == "7 × 7 × 1,512"


def test_a_fault_says_what_is_wrong_and_what_works() -> None:
    fault = LayerFault("It is wrong.", works="Less works.", argument="units")
    assert str(fault) == "It is wrong. Less works."
    assert (fault.message, fault.works, fault.argument) == ("It is wrong.", "Less works.", "units")


@pytest.mark.parametrize(
    "class_name",
    ["Conv2D", "MaxPooling2D", "AveragePooling2D", "GlobalAveragePooling2D", "GlobalMaxPooling2D",
     "ZeroPadding2D"],
)  # fmt: skip
def test_layers_of_maps_refuse_a_vector(class_name: str) -> None:
    config = {
        "filters": 4, "kernel_size": (3, 3), "strides": (1, 1), "pool_size": (2, 2),
        "padding": (1, 1) if class_name == "ZeroPadding2D" else "same",
    }  # fmt: skip
    with pytest.raises(LayerFault, match=r"needs feature maps .* receives the shape \(13,\)"):
        rule_for(class_name).output_shape(config, [(13,)])


@pytest.mark.parametrize("class_name", ["Activation", "ReLU", "Dropout", "BatchNormalization"])
def test_layers_that_keep_their_input_s_shape(class_name: str) -> None:
    rule = rule_for(class_name)
    for shape in ((13,), (4, 5, 6)):
        assert rule.output_shape({}, [shape]) == shape
        assert rule.multiply_adds({}, [shape], shape) == 0
        assert rule.explain_shape({}, [shape], shape) == "The same shape as its input."


def test_input_and_flatten_and_padding() -> None:
    assert rule_for("InputLayer").output_shape({"shape": (28, 28, 1)}, []) == (28, 28, 1)
    assert rule_for("Flatten").output_shape({}, [(28, 28, 3)]) == (2352,)
    assert rule_for("Flatten").output_shape({}, [(13,)]) == (13,)
    padding = rule_for("ZeroPadding2D")
    assert padding.output_shape({"padding": (3, 1)}, [(224, 100, 3)]) == (230, 102, 3)
    assert padding.explain_shape({"padding": (3, 1)}, [(224, 100, 3)], (230, 102, 3)) == (
        "Height: 224 + 2 × 3 = 230; width: 100 + 2 × 1 = 102."
    )
    assert padding.explain_shape({"padding": (3, 3)}, [(4, 4, 3)], (10, 10, 3)) == (
        "Each side: 4 + 2 × 3 = 10."
    )
