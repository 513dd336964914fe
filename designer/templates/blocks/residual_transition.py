"""The book's residual groups ("ResNet Networks"): convolutions change the shape between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from designer.graph import GraphBuilder
from designer.templates import shared_layers, shared_parameters
from designer.templates.blocks.parts import opening_strides
from designer.templates.blocks.pattern import Maps, Pattern
from designer.templates.parameters import Choice, Chosen


def _shrinks(chosen: Chosen) -> bool:
    return chosen["strides"] > 1


class ResidualTransitionPattern(Pattern):
    name = "residual_transition"
    label = "Residual, book's transitions"
    teaches = "Residual blocks that never change shape: two convolutions before them do."
    order = 21
    normalizes_by_choice = True
    fields = (
        shared_parameters.kernel_size_parameter(),
        opening_strides("Strides of the transition before the blocks; 2 halves each side."),
        shared_parameters.cardinality_field(),
        Choice(
            name="transition_strides",
            label="Transition strides",
            help="One stride in the transition, as the book's text says, or two, as its code.",
            default="single",
            options=shared_parameters.TRANSITION_STRIDES,
            applies=_shrinks,
            applies_when="strides are more than 1",
        ),
    )

    def add_group(self, g: GraphBuilder, x: Maps, p: Mapping[str, Any], *, first: bool) -> Maps:
        filters, strides, kernel = p["filters"], p["strides"], p["kernel_size"]
        how: dict[str, Any] = {"use_bias": p["use_bias"], **shared_layers.around(p)}
        layer = x.layer
        # The book puts a transition before every group but the first, where nothing changes.
        if not first or filters != x.channels or strides != 1:
            second = strides if p.get("transition_strides") == "double" else 1
            with g.scope("transition"):
                layer = shared_layers.convolution(
                    g, layer, "conv1", filters, kernel, strides, **how
                )
                layer = shared_layers.convolution(g, layer, "conv2", filters, kernel, second, **how)
        for number in range(1, p["blocks"] + 1):
            with g.scope(f"block{number}"):
                shortcut = layer
                for conv in ("conv1", "conv2"):
                    layer = shared_layers.convolution(
                        g, layer, conv, filters, kernel, cardinality=p["cardinality"], **how
                    )
                if p["identity_link"]:
                    layer = g.add("Add", "add", (shortcut, layer))
        return Maps(layer, filters)
