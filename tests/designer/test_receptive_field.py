"""Receptive fields, against published figures; the test beside this one asks real gradients."""

from __future__ import annotations

import pytest

from designer import Design
from designer.receptive_field import receptive_fields
from designer.summary import outline


@pytest.mark.parametrize(
    ("template", "choices", "layer", "side"),
    [
        # Araujo, Norris, Sim: "Computing Receptive Fields …", Distill 2019, the table of models.
        ("vgg16", {}, "group5_pool", 212),
        ("resnet50", {}, "group4_block3_activation", 483),
        ("resnet50", {"version": "v2"}, "activation", 483),
        ("resnet101", {}, "group4_block3_activation", 1027),
        ("resnet152", {}, "group4_block3_activation", 1507),
        # By hand: 7, then 3 × 3 windows 2 and 4 pixels apart.
        ("resnet50", {}, "stem_conv", 7),
        ("resnet50", {}, "stem_pool", 11),
        ("resnet50", {}, "group1_block1_conv2", 19),
    ],
)
def test_published_figures(template: str, choices: dict, layer: str, side: int) -> None:
    field = receptive_fields(outline(Design.from_template(template, **choices)).layers)[layer]
    assert field is not None
    assert (field.height, field.width, field.whole) == (side, side, False)
    assert field.exceeds_input == (side > 224)


def test_the_step_is_the_product_of_the_strides() -> None:
    fields = receptive_fields(outline(Design.from_template("resnet50")).layers)
    steps = {name: field.step for name, field in fields.items() if field}
    assert steps["inputs"] == (1, 1)
    assert steps["stem_conv"] == (2, 2)
    assert steps["stem_pool"] == (4, 4)
    assert steps["group4_block1_add"] == (32, 32)


def test_all_is_seen_after_flatten_and_global_pooling() -> None:
    for name in ("vgg16", "resnet34", "image_dnn"):
        summary = outline(Design.from_template(name))
        field = receptive_fields(summary.layers)[summary.layers[-1].name]
        assert field is not None
        assert field.whole
        assert field.height is None


def test_a_table_has_no_neighbours() -> None:
    fields = receptive_fields(outline(Design.from_template("dnn")).layers)
    assert set(fields.values()) == {None}


def test_what_cannot_be_built_has_none() -> None:
    summary = outline(Design.from_template("cnn", input_shape=[2, 2, 1]))
    fields = receptive_fields(summary.layers)
    for layer in summary.layers:
        assert (fields[layer.name] is None) == (layer.output_shape is None)
