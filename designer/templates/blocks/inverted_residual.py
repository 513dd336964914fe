"""Inverted residuals (MobileNet v2; Sandler et al., arXiv:1801.04381)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from designer.graph import GraphBuilder
from designer.templates import shared_parameters
from designer.templates.blocks.parts import (
    activated,
    expansion_field,
    normalized,
    normalized_depthwise,
    opening_strides,
)
from designer.templates.blocks.pattern import Maps, Pattern


class InvertedResidualPattern(Pattern):
    """The identity link stands only where nothing changes shape; an expansion of 1 adds no
    convolution to widen. What a block puts out is not activated."""

    name = "inverted_residual"
    label = "Inverted residual"
    teaches = "Widens the maps, works on each alone, and narrows them again; the link is narrow."
    order = 80
    fields = (
        shared_parameters.kernel_size_parameter(),
        opening_strides(),
        expansion_field(6, "How many times more maps a block works on than come into it."),
    )

    def add_group(self, g: GraphBuilder, x: Maps, p: Mapping[str, Any], *, first: bool) -> Maps:
        filters = p["filters"]
        layer, channels = x
        for number in range(1, p["blocks"] + 1):
            strides = p["strides"] if number == 1 else 1
            with g.scope(f"block{number}"):
                shortcut = layer
                if p["expansion"] > 1:
                    layer = normalized(g, layer, p, "expand", p["expansion"] * channels, 1)
                    layer = activated(g, layer, p, "expand_activation")
                layer = normalized_depthwise(g, layer, p, "depthwise", strides)
                layer = normalized(g, layer, p, "project", filters, 1)
                if p["identity_link"] and strides == 1 and channels == filters:
                    layer = g.add("Add", "add", (shortcut, layer))
            channels = filters
        return Maps(layer, filters)
