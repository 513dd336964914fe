"""ResNet18 and ResNet34, the book's and the paper's."""

from __future__ import annotations

import pytest

from designer import Design, summarize


def shapes_of(design: Design) -> dict[str, tuple[int | None, ...] | None]:
    return {layer.name: layer.output_shape for layer in summarize(design).layers}


@pytest.mark.parametrize(
    ("name", "variant", "blocks"),
    [
        ("resnet18", "book", [1, 1, 1, 1]), ("resnet18", "paper", [2, 2, 2, 2]),
        ("resnet34", "book", [2, 3, 5, 2]), ("resnet34", "paper", [3, 4, 6, 3]),
    ],
)  # fmt: skip
def test_blocks_a_group(name: str, variant: str, blocks: list[int]) -> None:
    groups = Design.from_template(name, variant=variant)["groups"]
    assert [group["blocks"] for group in groups] == blocks
    assert [group["filters"] for group in groups] == [64, 128, 256, 512]
    assert [group["strides"] for group in groups] == [1, 2, 2, 2]


@pytest.mark.parametrize("depth", [18, 34])
def test_the_depth_in_the_name_is_the_paper_s_layers_with_weights(depth: int) -> None:
    """The book's have two less: its first group has no transition for the block it gives up."""
    for variant, weighted in (("paper", depth), ("book", depth - 2)):
        layers = Design.from_template(f"resnet{depth}", variant=variant).graph.layers
        counted = [
            layer for layer in layers
            if layer.class_name in {"Conv2D", "Dense"} and "shortcut" not in layer.name
        ]  # fmt: skip
        assert len(counted) == weighted


def test_the_last_maps_are_7_by_7_by_the_text_and_1_by_1_by_the_code() -> None:
    book = Design.from_template("resnet34")
    assert shapes_of(book)["group4_block2_add"] == (None, 7, 7, 512)
    double = book.replace(transition_strides="double")
    assert shapes_of(double)["group4_block2_add"] == (None, 1, 1, 512)
    paper = Design.from_template("resnet34", variant="paper")
    assert shapes_of(paper)["group4_block3_add"] == (None, 7, 7, 512)


def test_the_book_has_no_batch_normalization_and_transitions_between_groups() -> None:
    layers = Design.from_template("resnet34").graph.layers
    assert not [layer for layer in layers if layer.class_name == "BatchNormalization"]
    assert [layer.name for layer in layers if "transition" in layer.name] == [
        f"group{number}_transition_conv{conv}" for number in (2, 3, 4) for conv in (1, 2)
    ]


def test_the_paper_has_projections_where_the_shape_changes_and_no_bias() -> None:
    layers = Design.from_template("resnet34", variant="paper").graph.layers
    projections = [layer.name for layer in layers if layer.name.endswith("shortcut")]
    assert projections == [f"group{number}_block1_shortcut" for number in (2, 3, 4)]
    convolutions = [layer for layer in layers if layer.class_name == "Conv2D"]
    assert all(layer.config["use_bias"] is False for layer in convolutions)
    norms = [layer for layer in layers if layer.class_name == "BatchNormalization"]
    assert len(norms) == len(convolutions)
    assert {layer.config["epsilon"] for layer in norms} == {1.001e-5}


def test_without_the_identity_link_nothing_is_added() -> None:
    for variant in ("book", "paper"):
        design = Design.from_template("resnet34", variant=variant, identity_link=False)
        classes = {layer.class_name for layer in design.graph.layers}
        assert "Add" not in classes
        assert not [layer for layer in design.graph.layers if "shortcut" in layer.name]
        assert summarize(design).layers[-1].output_shape == (None, 1000)
