"""Plain teaching: there for every part of every network, and right about why it is there."""

from __future__ import annotations

import re

import pytest

from designer import Design
from designer.places import nearest
from designer.summary import Summary, outline
from designer.teaching import Wiring, teach
from designer.templates import template, templates


def variants() -> list[tuple[str, dict]]:
    """Return every template, in every version and variant it has, and for every task."""
    found: list[tuple[str, dict]] = []
    for name in templates():
        found.append((name, {}))
        for parameter in template(name).parameters:
            if parameter.name in {"version", "variant", "task", "batch_normalization"}:
                options = parameter.options_for({})  # type: ignore[attr-defined]
                found += [(name, {parameter.name: option}) for option in list(options)[1:]]
    return found


@pytest.mark.parametrize(("name", "choices"), variants())
def test_every_part_is_taught_in_whole_sentences(name: str, choices: dict) -> None:
    summary = outline(Design.from_template(name, **choices))
    wiring = Wiring(summary)
    places = [place for section in summary.sections for place in section.walk()]
    for place in [None, *places]:
        taught = teach(place, wiring)
        for text in (taught.does, taught.why):
            assert re.fullmatch(r"[A-Z].{20,}[.”]", text), (place and place.key, text)
            assert "  " not in text
            assert ".." not in text
            assert "None" not in text, text
        if place and place.kind == "layer" and place.layers[0].class_name != "Add":
            assert taught.why not in taught.does


def why(summary: Summary, key: str) -> str:
    place = nearest(summary.sections, key)
    assert place is not None
    assert place.key == key
    return teach(place, Wiring(summary)).why


def does(summary: Summary, key: str) -> str:
    place = nearest(summary.sections, key)
    assert place is not None
    return teach(place, Wiring(summary)).does


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("inputs", "224 × 224 pixels, each of three colour values"),
        ("stem_pad", "border of 3 zeros lets the 7 × 7 window of stem_conv"),
        ("stem_conv", "wide window of 7 × 7 pixels"),
        ("stem_conv", "strides of 2 about halve the maps' height and width (230 × 230 to 112"),
        ("stem_conv_batch_norm", "between stem_conv and its ReLU"),
        ("stem_activation", "after the normalization of stem_conv"),
        ("stem_pool", "ends the stem"),
        ("group1_block1_shortcut", "(a projection)"),
        ("group1_block1_shortcut", "64 maps into 256"),
        ("group2_block1_shortcut", "256 maps into 512 and 56 × 56 places into 28 × 28"),
        ("group1_block2_conv1", "narrows 256 maps to 64 before the 3 × 3"),
        ("group1_block2_conv1", "4 times fewer weights"),
        ("group2_block1_conv1", "half the weights"),
        ("group1_block2_conv2", "the one layer of the block that looks at neighbouring places"),
        ("group1_block2_conv3", "widens the 64 maps of the narrow middle to 256"),
        ("group1_block2_conv3_batch_norm", "before the addition"),
        ("group1_block1_add", "comes round by group1_block1_shortcut"),
        ("group1_block2_add", "comes round unchanged from group1_block1_activation"),
        ("group1_block2_activation", "closes the block"),
        ("global_average", "2,048 of them instead of 7 × 7 × 2,048 = 100,352"),
        ("outputs", "one unit for each of 1,000 classes, and softmax"),
        ("stem", "224 × 224 pixels into 64 maps of 56 × 56"),
        ("group2", "56 × 56 to 28 × 28"),
        ("group2/block1", "from 56 × 56 to 28 × 28 places and from 256 to 512 maps"),
        ("group2/block2", "keeps the shape"),
        ("task", "the 2,048 maps of 7 × 7 become one row of numbers"),
    ],
)
def test_resnet50(key: str, says: str) -> None:
    assert says in why(outline(Design.from_template("resnet50")), key)


def test_blocks_are_known_by_what_is_in_them() -> None:
    resnet50 = outline(Design.from_template("resnet50"))
    assert "bottleneck" in does(resnet50, "group1/block2")
    assert "shortcut" in does(resnet50, "group1/block2")
    assert "residual block of 2 convolutions of 3 × 3" in does(
        outline(Design.from_template("resnet34")), "group1/block1"
    )
    plain = does(outline(Design.from_template("vgg16")), "group1/block1")
    assert "plain block" in plain
    without = outline(Design.from_template("resnet50", identity_link=False))
    assert "shortcut" not in does(without, "group1/block2")
    wide = outline(Design.from_template("resnet50", groups=[{"filters": 64, "cardinality": 32}]))
    assert "32 parts side by side (ResNeXt)" in does(wide, "group1/block1")
    assert "each on 2 maps only" in why(wide, "group1_block1_conv2")


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("flatten", "102,764,544 parameters, 74% of the whole network"),
        ("hidden1", "first hidden layer: each of its 4,096 units"),
        ("hidden2", "second hidden layer"),
        ("group1_block1_conv", "looks at the picture's own colours"),
        ("group2_block1_conv", "opens group 2"),
        ("group5_block2_conv", "5 × 5 places"),
        ("group5_block2_conv", "fewer weights than one 5 × 5"),
        ("group3_pool", "closes group 3"),
        ("group3_pool", "a quarter of the work"),
    ],
)
def test_vgg16(key: str, says: str) -> None:
    assert says in why(outline(Design.from_template("vgg16")), key)


def test_a_row_of_convolutions_is_praised_only_where_it_saves() -> None:
    """3 × 3 × 64 × 128 + 3 × 3 × 128 × 128 is more than 5 × 5 × 64 × 128."""
    said = why(outline(Design.from_template("vgg16")), "group2_block2_conv")
    assert "5 × 5" in said
    assert "fewer" not in said


def test_pre_activation() -> None:
    summary = outline(Design.from_template("resnet50", version="v2"))
    assert "pre-activation" in why(summary, "group1_block2_batch_norm")
    assert "never bent" in why(summary, "group1_block2_activation")
    assert "the shortcut starts from it too" in why(summary, "group1_block1_activation")
    assert "every second row and column" in why(summary, "group1_block3_shortcut_pool")
    assert "for the group that follows" in why(summary, "group1/block3")


def test_the_stems_pooling_stands_on_no_shortcut() -> None:
    assert "ends the stem" in why(outline(Design.from_template("resnet34")), "stem_pool")


@pytest.mark.parametrize(
    ("task", "key", "says"),
    [
        ("regression", "outputs", "without an activation"),
        ("binary", "outputs", "probability of “yes”"),
        ("multiclass", "outputs", "add up to 1"),
        ("multilabel", "outputs", "several labels may be true at once"),
        ("multitask", "outputs2", "second of 2 heads"),
    ],
)
def test_the_output_follows_the_task(task: str, key: str, says: str) -> None:
    assert says in why(outline(Design.from_template("dnn", task=task)), key)


def test_a_dense_network_on_a_table() -> None:
    summary = outline(Design.from_template("dnn"))
    assert "one row of a table: 13 numbers" in why(summary, "inputs")
    assert "all 13 numbers of the input" in why(summary, "hidden1")


def test_dropout_says_where_it_stands() -> None:
    summary = outline(Design.from_template("cnn", dropout=0.2, hidden_dropout=0.5))
    assert "20% of the numbers after group1_pool" in why(summary, "group1_dropout")
    assert "50% of the numbers before outputs" in why(summary, "hidden1_dropout")


def test_what_cannot_be_built_says_so() -> None:
    summary = outline(Design.from_template("cnn", input_shape=[2, 2, 1]))
    at_fault = next(layer for layer in summary.layers if layer.fault)
    assert why(summary, at_fault.name) == str(at_fault.fault)
    assert why(summary, "outputs") == "A layer before it cannot be built."
