"""VGG16 and VGG19."""

from __future__ import annotations

import pytest

from designer import Design, summarize


@pytest.mark.parametrize(
    ("name", "blocks"), [("vgg16", [2, 2, 3, 3, 3]), ("vgg19", [2, 2, 4, 4, 4])]
)
def test_the_paper_s_configurations(name: str, blocks: list[int]) -> None:
    layers = summarize(Design.from_template(name)).layers
    for number, (filters, count, side) in enumerate(
        zip([64, 128, 256, 512, 512], blocks, [224, 112, 56, 28, 14], strict=True), 1
    ):
        group = [one for one in layers if one.path.startswith(f"learner/group{number}")]
        assert [one.class_name for one in group] == ["Conv2D"] * count + ["MaxPooling2D"]
        for conv in group[:-1]:
            assert conv.output_shape == (None, side, side, filters)
            assert conv.layer.config["activation"] == "relu"
        assert group[-1].output_shape == (None, side // 2, side // 2, filters)
    assert [one.params for one in layers if one.class_name == "Dense"] == [
        102_764_544, 16_781_312, 4_097_000,
    ]  # fmt: skip


def test_fewer_groups_and_more() -> None:
    design = Design.from_template("vgg16", groups=[{"filters": 8}, {"blocks": 1}])
    assert [(group["filters"], group["blocks"]) for group in design["groups"]] == [(8, 2), (128, 1)]
    seven = Design.from_template("vgg16", groups=[{}] * 7)
    assert [group["filters"] for group in seven["groups"]] == [64, 128, 256, 512, 512, 1024, 2048]


def test_the_paper_s_dropout() -> None:
    layers = Design.from_template("vgg16", dropout=0.5).graph.layers
    assert [one.name for one in layers if one.path == "task"] == [
        "flatten", "hidden1", "hidden1_dropout", "hidden2", "hidden2_dropout", "outputs",
    ]  # fmt: skip


def test_strides_instead_of_pooling() -> None:
    design = Design.from_template("vgg16", pooling="none", strides=2)
    shapes = {layer.name: layer.output_shape for layer in summarize(design).layers}
    assert shapes["group5_block3_conv"] == (None, 7, 7, 512)
