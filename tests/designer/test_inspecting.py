"""What the inspector says, held against figures that are known from elsewhere."""

from __future__ import annotations

import dataclasses
import json

import pytest

from designer import Design
from designer.inspecting import Figure, Inspection, inspect
from designer.places import nearest
from designer.summary import Summary, outline
from designer.templates import templates


def summary_of(name: str, **choices: object) -> Summary:
    return outline(Design.from_template(name, **choices))


def look(summary: Summary, key: str) -> Inspection:
    place = nearest(summary.sections, key) if key else None
    assert (place.key if place else "") == key
    return inspect(summary, place)


def figure(inspection: Inspection, name: str) -> Figure:
    return next(one for one in inspection.figures if one.name == name)


@pytest.mark.parametrize("name", templates())
def test_every_place_can_be_inspected_and_leads_on(name: str) -> None:
    summary = summary_of(name)
    places = [place for section in summary.sections for place in section.walk()]
    keys = {place.key for place in places}
    around: dict[str, list[str]] = {key: [] for key in keys}
    for outer in places:
        for inner in outer.walk():
            around[inner.key].append(outer.key)
    for place in places:
        seen = inspect(summary, place)
        json.dumps(dataclasses.asdict(seen))
        assert (seen.key, seen.kind, seen.title) == (place.key, place.kind, place.title)
        assert [*(link.key for link in seen.path), place.key] == around[place.key]
        assert {link.key for way in seen.ways for link in way.links} <= keys
        assert seen.shape_out
        assert seen.does
        assert seen.why
        assert figure(seen, "parameters").value == f"{place.params:,}"
        assert bool(seen.code) == (place.kind == "layer")
        for one in seen.figures:
            assert one.detail
            assert one.share is None or 0 <= one.share <= 1


def test_a_convolution_of_vgg16() -> None:
    """The issue's own example."""
    seen = look(summary_of("vgg16"), "group2_block1_conv")
    assert seen.subtitle == "Conv2D"
    assert [link.title for link in seen.path] == ["Group 2", "Block 1"]
    assert (seen.shape_in, seen.shape_out) == ("112 × 112 × 64", "112 × 112 × 128")
    assert [(way.label, way.links[0].key) for way in seen.ways] == [
        ("Fed by", "group1_pool"),
        ("Feeds", "group2_block2_conv"),
    ]
    parameters = figure(seen, "parameters")
    assert parameters.value == "73,856"
    assert parameters.detail == (
        "3 × 3 × 64 channels × 128 filters + 128 biases = 73,856, all trained"
    )
    assert figure(seen, "multiply_adds").detail.endswith("= 924,844,032")
    assert figure(seen, "output").value == "6.1 MB"
    assert "112 × 112 × 128 numbers × 4 bytes" in figure(seen, "output").detail
    assert "196 MB for a batch of 32" in figure(seen, "output").detail
    assert figure(seen, "weights").value == "288 KB"
    assert figure(seen, "receptive_field").value == "10 × 10"
    assert seen.code == (
        'layers.Conv2D(128, (3, 3), padding="same", activation="relu",'
        ' name="group2_block1_conv")(group1_pool)'
    )
    assert [setting.name for setting in seen.settings] == [
        "filters", "kernel_size", "strides", "padding", "activation",
    ]  # fmt: skip
    assert all(setting.meaning for setting in seen.settings)


@pytest.mark.parametrize(
    ("key", "argument"),
    [
        ("hidden1", "kernel_regularizer"),
        ("group1_block1_depthwise", "depthwise_regularizer"),
    ],
)
def test_a_weight_penalty_says_what_it_does(key: str, argument: str) -> None:
    groups = [{"pattern": "separable", "filters": 8, "blocks": 1}]
    summary = summary_of("composable", groups=groups, hidden=[4], l2=0.0005)
    seen = look(summary, key)
    setting = next(one for one in seen.settings if one.name == argument)
    assert setting.value == "L2(0.0005)"
    assert setting.meaning == (
        "adds 0.0005 × the sum of the kernel's squares to the loss, which pulls its weights to zero"
    )
    assert f"{argument}=regularizers.L2(0.0005)" in seen.code
    assert not any(
        one.name.endswith("regularizer") for one in look(summary_of("vgg16"), "hidden1").settings
    )


def test_the_largest_layer_of_vgg16() -> None:
    seen = look(summary_of("vgg16"), "hidden1")
    assert figure(seen, "parameters").share == pytest.approx(102_764_544 / 138_357_544)
    assert figure(seen, "receptive_field").value == "all"


def test_what_training_does_not_change_is_said() -> None:
    summary = summary_of("resnet50")
    detail = figure(look(summary, "stem_conv_batch_norm"), "parameters").detail
    assert "moving mean and variance are not (128)" in detail
    assert "all trained" not in detail
    assert "training changes 9,600 of them" in figure(look(summary, "stem"), "parameters").detail


def test_a_block_sums_up_and_shows_what_enters_and_leaves() -> None:
    seen = look(summary_of("resnet50"), "group2/block1")
    assert (seen.kind, seen.subtitle) == ("block", "12 layers")
    assert (seen.shape_in, seen.shape_out) == ("56 × 56 × 256", "28 × 28 × 512")
    assert figure(seen, "receptive_field").value == "35 × 35 → 51 × 51"
    ways = {way.label: [link.title for link in way.links] for way in seen.ways}
    assert ways["Fed by"] == ["group1_block3_activation"]
    assert ways["Feeds"] == ["group2_block2_conv1", "group2_block2_add"]
    assert ways["Holds"][0] == "shortcut"
    share = sum(
        figure(look(summary_of("resnet50"), f"group2/block{n}"), "parameters").share or 0
        for n in (1, 2, 3, 4)
    )
    group = figure(look(summary_of("resnet50"), "group2"), "parameters").share
    assert share == pytest.approx(group)


def test_nothing_selected_is_the_network() -> None:
    seen = look(summary_of("vgg16"), "")
    assert (seen.kind, seen.title, seen.subtitle) == ("network", "VGG16", "23 layers")
    assert (seen.shape_in, seen.shape_out) == ("224 × 224 × 3", "1,000")
    assert [link.key for link in seen.ways[0].links] == ["hidden1", "hidden2"]
    assert "Most in hidden1: 102,764,544 (74%)" in figure(seen, "parameters").detail


def test_several_heads_leave_the_task_together() -> None:
    seen = look(summary_of("dnn", task="multitask"), "task")
    assert seen.shape_out == "5 and 2"


def test_a_table_has_no_receptive_field() -> None:
    names = [one.name for one in look(summary_of("dnn"), "hidden1").figures]
    assert names == ["parameters", "multiply_adds", "output", "weights"]


def test_a_window_larger_than_the_picture_says_so() -> None:
    field = figure(look(summary_of("resnet50"), "group4_block3_conv3"), "receptive_field")
    assert field.value == "483 × 483"
    assert "more than the picture has (224 × 224)" in field.detail


def test_a_layer_at_fault_gives_its_reason_and_no_figures() -> None:
    summary = summary_of("cnn", input_shape=[2, 2, 1])
    at_fault = next(layer for layer in summary.layers if layer.fault)
    seen = look(summary, at_fault.name)
    assert seen.fault == str(at_fault.fault)
    assert seen.figures == ()
    assert seen.shape_out == "—"
    for section in summary.sections:
        for place in section.walk():
            inspect(summary, place)
    assert inspect(summary, None).fault == seen.fault
