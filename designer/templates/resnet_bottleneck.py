"""ResNet50, 101 and 152: bottleneck blocks, in three versions (book, "ResNet50").

* ``v1``: He et al., arXiv:1512.03385; a projection block's stride sits in its first 1 × 1.
* ``v1.5``: the stride moves to the 3 × 3, where nothing is thrown away unseen.
* ``v2``: "Identity Mappings in Deep Residual Networks", arXiv:1603.05027; normalization and
  activation stand before each convolution, and the stride in the last block of a group, as in
  ``keras.applications.ResNet50V2``.

Names of blocks aside, the layers are those of ``keras.applications``, in the same order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from designer.graph import GraphBuilder
from designer.templates import shared
from designer.templates.parameters import Choice, Groups, Integer
from designer.templates.resnet_parts import (
    epsilon_parameter,
    padded_pooling,
    residual_strides,
    resnet_tail,
    stem_parameters,
    tail_parameters,
)
from designer.templates.template import Template

VERSIONS = {
    "v1": "v1: stride in the first 1 × 1",
    "v1.5": "v1.5: stride in the 3 × 3",
    "v2": "v2: pre-activation",
}


def expand(g: GraphBuilder, p: Mapping[str, Any]) -> tuple[str, ...]:
    """Stem, groups of bottleneck blocks, global average pooling, outputs."""
    before = p["version"] == "v2"
    with g.scope("stem", prefix=False):
        x = shared.input_layer(g, p["input_shape"])
    with g.scope("stem"):
        x = g.add("ZeroPadding2D", "pad", x, padding=(p["stem_kernel_size"] // 2,) * 2)
        x = shared.convolution(
            g, x, "conv", p["stem_filters"], p["stem_kernel_size"], p["stem_strides"],
            padding="valid",
        )  # fmt: skip
        if not before:
            x = _batch_norm(g, x, p, "conv_batch_norm")
            x = shared.activate(g, x, p["activation"], "activation")
        x = padded_pooling(g, x, p)
    with g.scope("learner", prefix=False):
        for number, group in enumerate(p["groups"], 1):
            with g.scope(f"group{number}"):
                x = (_group_v2 if before else _group_v1)(g, x, p, group)
        if before:
            x = _batch_norm(g, x, p, "batch_norm")
            x = shared.activate(g, x, p["activation"], "activation")
    return resnet_tail(g, x, p)


def _batch_norm(g: GraphBuilder, x: str, p: Mapping[str, Any], name: str) -> str:
    return g.add("BatchNormalization", name, x, epsilon=p["epsilon"])


def _group_v1(g: GraphBuilder, x: str, p: Mapping[str, Any], group: Mapping[str, Any]) -> str:
    filters, wide = group["filters"], p["expansion"] * group["filters"]
    for number in range(1, group["blocks"] + 1):
        strides = group["strides"] if number == 1 else 1
        early, late = (strides, 1) if p["version"] == "v1" else (1, strides)
        with g.scope(f"block{number}"):
            shortcut = x
            if p["identity_link"] and number == 1:
                shortcut = shared.convolution(g, x, "shortcut", wide, 1, strides, padding="valid")
                shortcut = _batch_norm(g, shortcut, p, "shortcut_batch_norm")
            x = shared.convolution(g, x, "conv1", filters, 1, early, padding="valid")
            x = _batch_norm(g, x, p, "conv1_batch_norm")
            x = shared.activate(g, x, p["activation"], "conv1_activation")
            x = shared.convolution(
                g, x, "conv2", filters, group["kernel_size"], late,
                cardinality=group["cardinality"],
            )  # fmt: skip
            x = _batch_norm(g, x, p, "conv2_batch_norm")
            x = shared.activate(g, x, p["activation"], "conv2_activation")
            x = shared.convolution(g, x, "conv3", wide, 1, padding="valid")
            x = _batch_norm(g, x, p, "conv3_batch_norm")
            if p["identity_link"]:
                x = g.add("Add", "add", (shortcut, x))
            x = shared.activate(g, x, p["activation"], "activation")
    return x


def _group_v2(g: GraphBuilder, x: str, p: Mapping[str, Any], group: Mapping[str, Any]) -> str:
    filters, wide, last = group["filters"], p["expansion"] * group["filters"], group["blocks"]
    for number in range(1, last + 1):
        strides = group["strides"] if number == last else 1
        with g.scope(f"block{number}"):
            before = _batch_norm(g, x, p, "batch_norm")
            before = shared.activate(g, before, p["activation"], "activation")
            shortcut = x
            if p["identity_link"]:
                if number == 1:
                    shortcut = shared.convolution(
                        g, before, "shortcut", wide, 1, strides, padding="valid"
                    )
                elif strides > 1:
                    shortcut = shared.pooling(g, x, "shortcut_pool", "max", 1, strides=strides)
            x = shared.convolution(g, before, "conv1", filters, 1, padding="valid", use_bias=False)
            x = _batch_norm(g, x, p, "conv1_batch_norm")
            x = shared.activate(g, x, p["activation"], "conv1_activation")
            x = _padded_convolution(g, x, group, strides)
            x = _batch_norm(g, x, p, "conv2_batch_norm")
            x = shared.activate(g, x, p["activation"], "conv2_activation")
            x = shared.convolution(g, x, "conv3", wide, 1, padding="valid")
            if p["identity_link"]:
                x = g.add("Add", "add", (shortcut, x))
    return x


def _padded_convolution(g: GraphBuilder, x: str, group: Mapping[str, Any], strides: int) -> str:
    """Add the 3 × 3 of a pre-activation block, with its border as a layer of its own."""
    kernel, padding = group["kernel_size"], "same"
    if kernel % 2:  # an even kernel has no border of equal width on both sides
        x = g.add("ZeroPadding2D", "conv2_pad", x, padding=(kernel // 2, kernel // 2))
        padding = "valid"
    return shared.convolution(
        g, x, "conv2", group["filters"], kernel, strides, padding=padding, use_bias=False,
        cardinality=group["cardinality"],
    )  # fmt: skip


def _template(depth: int, blocks: Sequence[int], order: int) -> Template:
    return Template(
        name=f"resnet{depth}",
        title=f"ResNet{depth}",
        summary="Bottleneck blocks: a 1 × 1 narrows, a 3 × 3 works, a 1 × 1 widens again.",
        source="arXiv:1512.03385, arXiv:1603.05027; book, chapter 2: ResNet50",
        order=order,
        parameters=(
            shared.image_input(224, 224, 3),
            Choice(
                name="version",
                label="Version",
                help="Where the stride and the batch normalization stand in a block.",
                default="v1",
                options=VERSIONS,
            ),
            *stem_parameters(),
            shared.strides_parameter(
                2, help="How much the maps shrink from one group to the next: 2 halves each side."
            ),
            Groups(
                name="groups",
                label="Groups",
                help="Groups of bottleneck blocks; each doubles the filters and halves the maps.",
                default=tuple(
                    {"filters": filters, "blocks": repeat}
                    for filters, repeat in zip((64, 128, 256, 512), blocks, strict=True)
                ),
                fields=(
                    shared.filters_field(),
                    shared.blocks_field("How many bottleneck blocks this group has."),
                    shared.kernel_size_parameter(),
                    shared.strides_parameter(
                        residual_strides,
                        help="Strides of the group's first block (v2: of its last one).",
                    ),
                    shared.cardinality_field(),
                ),
            ),
            Integer(
                name="expansion",
                label="Expansion",
                help="How many times wider a block's output is than its bottleneck.",
                default=4,
                maximum=64,
                slider=(1, 8),
                unit="times",
            ),
            shared.identity_link_parameter(),
            shared.activation_parameter(),
            epsilon_parameter(),
            *tail_parameters(),
        ),
        expand=expand,
    )


TEMPLATES = (
    _template(50, (3, 4, 6, 3), order=60),
    _template(101, (3, 4, 23, 3), order=61),
    _template(152, (3, 8, 36, 3), order=62),
)
