"""Plain convolutions, one after the other (LeNet, VGG; book, "Basic CNN")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from designer.graph import GraphBuilder
from designer.templates import shared_layers, shared_parameters
from designer.templates.blocks.pattern import Maps, Pattern
from designer.templates.parameters import Choice, Chosen, Integer


def _pools(chosen: Chosen) -> bool:
    return chosen["pooling"] != "none"


class PlainPattern(Pattern):
    name = "plain"
    label = "Plain convolution"
    teaches = "Convolutions one after the other; a pooling at the end makes the maps smaller."
    order = 10
    normalizes_by_choice = True
    links = False
    fields = (
        shared_parameters.kernel_size_parameter(),
        shared_parameters.strides_parameter(
            1, help="Strides of the group's first convolution; 2 halves each side."
        ),
        shared_parameters.cardinality_field(),
        Choice(
            name="padding",
            label="Padding",
            help="Whether windows may reach over the border of the maps.",
            default="same",
            options=shared_parameters.PADDING,
        ),
        Choice(
            name="pooling",
            label="Pooling",
            help="How the group makes its maps smaller at its end.",
            default=lambda chosen: "max" if chosen["strides"] == 1 else "none",
            options=shared_parameters.POOLING_OPTIONS,
        ),
        Integer(
            name="pool_size",
            label="Pool size",
            help="Side of the pooling window, and how far it moves; 2 drops 75% of the pixels.",
            default=2,
            maximum=255,
            slider=(1, 6),
            unit="pixels",
            applies=_pools,
            applies_when="pooling is max or average",
        ),
    )

    def add_group(self, g: GraphBuilder, x: Maps, p: Mapping[str, Any], *, first: bool) -> Maps:
        layer = x.layer
        for number in range(1, p["blocks"] + 1):
            with g.scope(f"block{number}"):
                layer = shared_layers.convolution(
                    g,
                    layer,
                    "conv",
                    p["filters"],
                    p["kernel_size"],
                    p["strides"] if number == 1 else 1,
                    padding=p["padding"],
                    cardinality=p["cardinality"],
                    use_bias=p["use_bias"],
                    **shared_layers.around(p),
                )
        if p["pooling"] != "none":
            layer = shared_layers.pooling(g, layer, "pool", p["pooling"], p["pool_size"])
        return Maps(layer, p["filters"])
