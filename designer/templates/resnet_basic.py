"""ResNet18 and ResNet34: residual blocks of two convolutions.

``variant=book`` is the book's network ("ResNet Networks"): no batch normalization, and a
convolutional transition before each group after the first. ``variant=paper`` is the network of
He et al., "Deep Residual Learning for Image Recognition" (arXiv:1512.03385): batch
normalization, convolutions without bias, projection shortcuts where the shape changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from designer.graph import GraphBuilder
from designer.templates import shared
from designer.templates.parameters import Choice, Chosen, Groups
from designer.templates.resnet_parts import (
    epsilon_parameter,
    padded_pooling,
    residual_strides,
    resnet_tail,
    stem_parameters,
    tail_parameters,
)
from designer.templates.template import Template

FILTERS = (64, 128, 256, 512)


def expand(g: GraphBuilder, p: Mapping[str, Any]) -> tuple[str, ...]:
    """Stem, groups of residual blocks, global average pooling, outputs."""
    book = p["variant"] == "book"
    with g.scope("stem", prefix=False):
        x = shared.input_layer(g, p["input_shape"])
    with g.scope("stem"):
        x = _book_stem(g, x, p) if book else _paper_stem(g, x, p)
    with g.scope("learner", prefix=False):
        channels = p["stem_filters"]
        for number, group in enumerate(p["groups"], 1):
            with g.scope(f"group{number}"):
                make = _book_group if book else _paper_group
                x = make(g, x, p, group, channels, first=number == 1)
                channels = group["filters"]
    return resnet_tail(g, x, p)


def _around(p: Mapping[str, Any]) -> dict[str, Any]:
    return {"activation": p["activation"], "batch_normalization": p["batch_normalization"]}


def _book_stem(g: GraphBuilder, x: str, p: Mapping[str, Any]) -> str:
    x = shared.convolution(
        g, x, "conv", p["stem_filters"], p["stem_kernel_size"], p["stem_strides"], **_around(p)
    )
    return shared.pooling(g, x, "pool", p["stem_pooling"], 3, strides=2, padding="same")


def _book_group(
    g: GraphBuilder,
    x: str,
    p: Mapping[str, Any],
    group: Mapping[str, Any],
    channels: int,
    *,
    first: bool,
) -> str:
    filters, strides, kernel = group["filters"], group["strides"], group["kernel_size"]
    # The book puts a transition before every group but the first, where nothing changes.
    if not first or filters != channels or strides != 1:
        second = strides if p["transition_strides"] == "double" else 1
        with g.scope("transition"):
            x = shared.convolution(g, x, "conv1", filters, kernel, strides, **_around(p))
            x = shared.convolution(g, x, "conv2", filters, kernel, second, **_around(p))
    for number in range(1, group["blocks"] + 1):
        with g.scope(f"block{number}"):
            shortcut = x
            for conv in ("conv1", "conv2"):
                x = shared.convolution(
                    g, x, conv, filters, kernel, cardinality=group["cardinality"], **_around(p)
                )
            if p["identity_link"]:
                x = g.add("Add", "add", (shortcut, x))
    return x


def _paper_stem(g: GraphBuilder, x: str, p: Mapping[str, Any]) -> str:
    x = g.add("ZeroPadding2D", "pad", x, padding=(p["stem_kernel_size"] // 2,) * 2)
    x = _normalised(
        g, x, p, "conv", p["stem_filters"], p["stem_kernel_size"], p["stem_strides"], "valid"
    )
    x = shared.activate(g, x, p["activation"], "activation")
    return padded_pooling(g, x, p)


def _normalised(
    g: GraphBuilder,
    x: str,
    p: Mapping[str, Any],
    name: str,
    filters: int,
    kernel: int,
    strides: int,
    padding: str = "same",
    cardinality: int = 1,
) -> str:
    """Add a convolution without bias and its batch normalization."""
    x = shared.convolution(
        g, x, name, filters, kernel, strides, padding=padding, cardinality=cardinality,
        use_bias=False,
    )  # fmt: skip
    return g.add("BatchNormalization", f"{name}_batch_norm", x, epsilon=p["epsilon"])


def _paper_group(
    g: GraphBuilder,
    x: str,
    p: Mapping[str, Any],
    group: Mapping[str, Any],
    channels: int,
    *,
    first: bool,
) -> str:
    filters, kernel, parts = group["filters"], group["kernel_size"], group["cardinality"]
    for number in range(1, group["blocks"] + 1):
        strides = group["strides"] if number == 1 else 1
        with g.scope(f"block{number}"):
            shortcut = x
            if p["identity_link"] and number == 1 and (strides != 1 or channels != filters):
                shortcut = _normalised(g, x, p, "shortcut", filters, 1, strides)
            x = _normalised(g, x, p, "conv1", filters, kernel, strides, cardinality=parts)
            x = shared.activate(g, x, p["activation"], "conv1_activation")
            x = _normalised(g, x, p, "conv2", filters, kernel, 1, cardinality=parts)
            if p["identity_link"]:
                x = g.add("Add", "add", (shortcut, x))
            x = shared.activate(g, x, p["activation"], "activation")
    return x


def _template(depth: int, paper_blocks: Sequence[int], order: int) -> Template:
    def groups(chosen: Chosen) -> tuple[dict[str, int], ...]:
        # In the book a transition takes the place of each group's first block, and the first
        # group has one block less.
        less = 1 if chosen["variant"] == "book" else 0
        return tuple(
            {"filters": filters, "blocks": blocks - less}
            for filters, blocks in zip(FILTERS, paper_blocks, strict=True)
        )

    def book(chosen: Chosen) -> bool:
        return chosen["variant"] == "book"

    return Template(
        name=f"resnet{depth}",
        title=f"ResNet{depth}",
        summary="Residual blocks of two convolutions: each adds to what came in.",
        source="arXiv:1512.03385; book, chapter 2: ResNet Networks",
        order=order,
        parameters=(
            shared.image_input(224, 224, 3),
            Choice(
                name="variant",
                label="Variant",
                help="The book's network, or the paper's with batch normalization and projections.",
                default="book",
                options={
                    "book": "Book: convolutional transitions",
                    "paper": "Paper: projections",
                },
            ),
            *stem_parameters(),
            shared.strides_parameter(
                2, help="Strides at the start of each group after the first: 2 halves the maps."
            ),
            Choice(
                name="transition_strides",
                label="Transition strides",
                help="One stride in each transition, as the book's text says, or two, as its code.",
                default="single",
                options={"single": "Single: the first convolution", "double": "Double: both"},
                applies=book,
                applies_when="variant is book",
            ),
            Groups(
                name="groups",
                label="Groups",
                help="Groups of residual blocks; each doubles the filters and halves the maps.",
                default=groups,
                fields=(
                    shared.filters_field(),
                    shared.blocks_field("How many residual blocks this group has."),
                    shared.kernel_size_parameter(),
                    shared.strides_parameter(residual_strides),
                    shared.cardinality_field(),
                ),
            ),
            shared.identity_link_parameter(),
            shared.activation_parameter(),
            shared.batch_normalization_parameter(applies=book, applies_when="variant is book"),
            epsilon_parameter(
                applies=lambda chosen: not book(chosen), applies_when="variant is paper"
            ),
            *tail_parameters(),
        ),
        expand=expand,
    )


TEMPLATES = (
    _template(18, (2, 2, 2, 2), order=50),
    _template(34, (3, 4, 6, 3), order=51),
)
