"""Depthwise separable convolutions (MobileNet; Howard et al., arXiv:1704.04861)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from designer.graph import GraphBuilder
from designer.templates import shared_parameters
from designer.templates.blocks.parts import (
    activated,
    normalized,
    normalized_depthwise,
    opening_strides,
)
from designer.templates.blocks.pattern import Maps, Pattern


class SeparablePattern(Pattern):
    name = "separable"
    label = "Depthwise separable"
    teaches = "A depthwise convolution looks for shapes map by map, a 1 × 1 mixes the maps."
    order = 70
    links = False
    fields = (shared_parameters.kernel_size_parameter(), opening_strides())

    def add_group(self, g: GraphBuilder, x: Maps, p: Mapping[str, Any], *, first: bool) -> Maps:
        layer = x.layer
        for number in range(1, p["blocks"] + 1):
            strides = p["strides"] if number == 1 else 1
            with g.scope(f"block{number}"):
                layer = normalized_depthwise(g, layer, p, "depthwise", strides)
                layer = normalized(g, layer, p, "pointwise", p["filters"], 1)
                layer = activated(g, layer, p, "pointwise_activation")
        return Maps(layer, p["filters"])
