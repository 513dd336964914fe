"""ResNet50, 101 and 152, in their three versions."""

from __future__ import annotations

from typing import Any

import pytest

from designer import Design, summarize


def strides_of(**parameters: Any) -> dict[str, int]:
    design = Design.from_template("resnet50", **parameters)
    return {
        layer.name: layer.config["strides"][0]
        for layer in design.graph.layers
        if "strides" in layer.config
    }


@pytest.mark.parametrize(
    ("name", "blocks"),
    [("resnet50", [3, 4, 6, 3]), ("resnet101", [3, 4, 23, 3]), ("resnet152", [3, 8, 36, 3])],
)
def test_blocks_and_depth(name: str, blocks: list[int]) -> None:
    design = Design.from_template(name)
    assert [group["blocks"] for group in design["groups"]] == blocks
    weighted = [
        layer for layer in design.graph.layers
        if layer.class_name in {"Conv2D", "Dense"} and "shortcut" not in layer.name
    ]  # fmt: skip
    assert f"resnet{len(weighted)}" == name


def test_where_the_stride_of_a_group_sits() -> None:
    v1, half, v2 = strides_of(), strides_of(version="v1.5"), strides_of(version="v2")
    assert (v1["group2_block1_conv1"], v1["group2_block1_conv2"]) == (2, 1)
    assert (half["group2_block1_conv1"], half["group2_block1_conv2"]) == (1, 2)
    assert v1["group2_block1_shortcut"] == half["group2_block1_shortcut"] == 2
    assert v1["group1_block1_conv1"] == half["group1_block1_conv2"] == 1
    # As in Keras's V2, a group shrinks its maps at its end, and the last one not at all.
    assert (v2["group1_block1_conv2"], v2["group1_block3_conv2"]) == (1, 2)
    assert v2["group1_block3_shortcut_pool"] == 2
    assert v2["group4_block3_conv2"] == 1


@pytest.mark.parametrize("version", ["v1", "v1.5", "v2"])
def test_the_last_maps_are_7_by_7(version: str) -> None:
    layers = summarize(Design.from_template("resnet50", version=version)).layers
    last = [layer for layer in layers if layer.class_name == "Add"][-1]
    assert last.output_shape == (None, 7, 7, 2048)


def test_v2_normalizes_before_its_convolutions_and_once_at_the_end() -> None:
    names = [layer.name for layer in Design.from_template("resnet50", version="v2").graph.layers]
    assert "stem_conv_batch_norm" not in names
    at = names.index("group1_block1_batch_norm")
    assert names[at + 1] == "group1_block1_activation"
    assert names.index("batch_norm") > names.index("group4_block3_add")


@pytest.mark.parametrize("version", ["v1", "v1.5", "v2"])
def test_options(version: str) -> None:
    design = Design.from_template(
        "resnet50",
        version=version,
        identity_link=False,
        expansion=2,
        stem_pooling="none",
        stem_kernel_size=4,
        groups=[{"filters": 8, "kernel_size": 4, "cardinality": 2, "blocks": 1}, {}],
        hidden=[32],
        dropout=0.1,
        flattening="flatten",
        input_shape=[33, 20, 3],
    )
    layers = {layer.name: layer for layer in summarize(design).layers}
    assert "stem_pool" not in layers
    assert not [layer for layer in layers.values() if layer.class_name == "Add"]
    assert layers["group1_block1_conv3"].output_shape[3] == 16  # type: ignore[index]
    assert layers["group1_block1_conv2"].layer.config["groups"] == 2
    assert list(layers)[-4:] == ["flatten", "hidden1", "dropout", "outputs"]
