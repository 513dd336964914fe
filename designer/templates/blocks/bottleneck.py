"""Bottleneck blocks (He et al., arXiv:1512.03385; book, "ResNet50"), and what follows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from designer.graph import GraphBuilder
from designer.templates import shared_parameters
from designer.templates.blocks.parts import (
    activated,
    expansion_field,
    normalized,
    opening_strides,
)
from designer.templates.blocks.pattern import Maps, Pattern
from designer.templates.parameters import Choice, Parameter

WIDER = "How many times wider a block's output is than its bottleneck."

VERSIONS = {
    "v1": "v1: stride in the first 1 × 1",
    "v1.5": "v1.5: stride in the 3 × 3",
}


class BottleneckPattern(Pattern):
    """Its first block always projects what came in, as in ``keras.applications``."""

    name = "bottleneck"
    label = "Bottleneck"
    teaches = "A 1 × 1 narrows the maps, a 3 × 3 works on few of them, a 1 × 1 widens again."
    order = 30
    fields: ClassVar[tuple[Parameter, ...]] = (
        shared_parameters.kernel_size_parameter(),
        opening_strides(),
        shared_parameters.cardinality_field(),
        expansion_field(4, WIDER),
        Choice(
            name="version",
            label="Version",
            help="Where the first block's stride stands: in v1.5 nothing is thrown away unseen.",
            default="v1",
            options=VERSIONS,
        ),
    )

    def add_group(self, g: GraphBuilder, x: Maps, p: Mapping[str, Any], *, first: bool) -> Maps:
        filters, wide = p["filters"], p["expansion"] * p["filters"]
        layer = x.layer
        for number in range(1, p["blocks"] + 1):
            strides = p["strides"] if number == 1 else 1
            early, late = (strides, 1) if p.get("version") == "v1" else (1, strides)
            with g.scope(f"block{number}"):
                shortcut = layer
                if p["identity_link"] and number == 1:
                    shortcut = normalized(
                        g, layer, p, "shortcut", wide, 1, strides, padding="valid"
                    )
                layer = normalized(g, layer, p, "conv1", filters, 1, early, padding="valid")
                layer = activated(g, layer, p, "conv1_activation")
                layer = normalized(
                    g, layer, p, "conv2", filters, p["kernel_size"], late,
                    cardinality=p["cardinality"],
                )  # fmt: skip
                layer = activated(g, layer, p, "conv2_activation")
                layer = normalized(g, layer, p, "conv3", wide, 1, padding="valid")
                layer = self.weigh(g, layer, p, wide)
                if p["identity_link"]:
                    layer = g.add("Add", "add", (shortcut, layer))
                layer = activated(g, layer, p, "activation")
        return Maps(layer, wide)

    def weigh(self, g: GraphBuilder, x: str, p: Mapping[str, Any], channels: int) -> str:
        """Add what a kin of this block does with the maps before they are added."""
        return x
