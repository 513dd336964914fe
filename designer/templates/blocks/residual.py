"""Residual blocks of two convolutions (He et al., arXiv:1512.03385)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from designer.graph import GraphBuilder
from designer.templates import shared_parameters
from designer.templates.blocks.parts import activated, normalized, opening_strides
from designer.templates.blocks.pattern import Maps, Pattern


class ResidualPattern(Pattern):
    name = "residual"
    label = "Residual"
    teaches = "Two convolutions learn what to add to what came in: h(x) = f(x) + x."
    order = 20
    fields = (
        shared_parameters.kernel_size_parameter(),
        opening_strides(),
        shared_parameters.cardinality_field(),
    )

    def add_group(self, g: GraphBuilder, x: Maps, p: Mapping[str, Any], *, first: bool) -> Maps:
        filters, kernel, parts = p["filters"], p["kernel_size"], p["cardinality"]
        layer, channels = x
        for number in range(1, p["blocks"] + 1):
            strides = p["strides"] if number == 1 else 1
            with g.scope(f"block{number}"):
                shortcut = layer
                if p["identity_link"] and (strides != 1 or channels != filters):
                    shortcut = normalized(g, layer, p, "shortcut", filters, 1, strides)
                layer = normalized(
                    g, layer, p, "conv1", filters, kernel, strides, cardinality=parts
                )
                layer = activated(g, layer, p, "conv1_activation")
                layer = normalized(g, layer, p, "conv2", filters, kernel, cardinality=parts)
                if p["identity_link"]:
                    layer = g.add("Add", "add", (shortcut, layer))
                layer = activated(g, layer, p, "activation")
            channels = filters
        return Maps(layer, filters)
