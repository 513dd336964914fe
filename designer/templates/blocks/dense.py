"""Dense blocks (DenseNet; Huang et al., arXiv:1608.06993)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from designer.graph import GraphBuilder
from designer.templates import shared_layers, shared_parameters
from designer.templates.blocks.parts import activated, expansion_field, opening_strides
from designer.templates.blocks.pattern import Maps, Pattern
from designer.templates.parameters import Chosen, Number


def _shrinks(chosen: Chosen) -> bool:
    return chosen["strides"] > 1


class DensePattern(Pattern):
    """``filters`` are the growth: what each block adds. A transition opens a group that shrinks
    the maps: a 1 × 1 convolution keeps a part of them, an average pooling halves their sides."""

    name = "dense"
    label = "Dense (growing)"
    teaches = (
        "Each block sees the maps of all blocks before it and adds a few (filters) of its own."
    )
    order = 90
    pre_activated = True
    links = False
    argument_names = MappingProxyType({"pool_size": "strides"})
    fields = (
        shared_parameters.kernel_size_parameter(),
        opening_strides("Strides of the pooling before the blocks; 2 halves each side."),
        expansion_field(4, "How many times more maps a block narrows to than it adds."),
        Number(
            name="reduction",
            label="Reduction",
            help="The share of the maps that the transition keeps; the paper has 0.5.",
            default=0.5,
            minimum=0.01,
            slider=(0.05, 1.0),
            applies=_shrinks,
            applies_when="strides are more than 1",
        ),
    )

    def add_group(self, g: GraphBuilder, x: Maps, p: Mapping[str, Any], *, first: bool) -> Maps:
        growth = p["filters"]
        layer, channels = x
        if p["strides"] > 1:
            channels = max(1, int(channels * p["reduction"]))
            with g.scope("transition"):
                layer = _convolution(g, layer, p, "", "conv", channels, 1)
                layer = shared_layers.pooling(g, layer, "pool", "average", p["strides"])
        for number in range(1, p["blocks"] + 1):
            with g.scope(f"block{number}"):
                new = _convolution(g, layer, p, "", "conv1", p["expansion"] * growth, 1)
                new = _convolution(g, new, p, "conv1_", "conv2", growth, p["kernel_size"])
                layer = g.add("Concatenate", "concatenate", (layer, new))
            channels += growth
        return Maps(layer, channels)


def _convolution(
    g: GraphBuilder,
    x: str,
    p: Mapping[str, Any],
    before: str,
    name: str,
    filters: int,
    kernel_size: int,
) -> str:
    """Add a normalization and an activation (named after what is ``before``), then convolve."""
    x = shared_layers.batch_norm(g, x, f"{before}batch_norm", p["epsilon"], p["momentum"])
    x = activated(g, x, p, f"{before}activation")
    return shared_layers.convolution(g, x, name, filters, kernel_size, use_bias=p["use_bias"])
