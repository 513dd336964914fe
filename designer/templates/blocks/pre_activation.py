"""Pre-activation bottlenecks (He et al., "Identity Mappings", arXiv:1603.05027)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from designer.graph import GraphBuilder
from designer.templates import shared_layers, shared_parameters
from designer.templates.blocks.bottleneck import WIDER
from designer.templates.blocks.parts import activated, expansion_field, opening_strides
from designer.templates.blocks.pattern import Maps, Pattern
from designer.templates.parameters import Choice

STRIDES_BLOCK = {"first": "First block: the paper", "last": "Last block: Keras"}


class PreActivationPattern(Pattern):
    """The layers of ``keras.applications.ResNet50V2``, when the stride stands in the last block.

    A convolution that a normalization follows has no bias, whatever the network chooses.
    """

    name = "pre_activation"
    label = "Pre-activation"
    teaches = "Normalizes and activates before each convolution, so the identity path stays clear."
    order = 40
    pre_activated = True
    fields = (
        shared_parameters.kernel_size_parameter(),
        opening_strides("Strides of the block that shrinks the maps; 2 halves each side."),
        Choice(
            name="strides_block",
            label="Strides in",
            help="Which block shrinks the maps: the group's first, or its last.",
            default="first",
            options=STRIDES_BLOCK,
        ),
        shared_parameters.cardinality_field(),
        expansion_field(4, WIDER),
    )

    def add_group(self, g: GraphBuilder, x: Maps, p: Mapping[str, Any], *, first: bool) -> Maps:
        filters, wide = p["filters"], p["expansion"] * p["filters"]
        shrinking = 1 if p["strides_block"] == "first" else p["blocks"]
        layer = x.layer
        for number in range(1, p["blocks"] + 1):
            strides = p["strides"] if number == shrinking else 1
            with g.scope(f"block{number}"):
                before = shared_layers.batch_norm(
                    g, layer, "batch_norm", p["epsilon"], p["momentum"]
                )
                before = activated(g, before, p, "activation")
                shortcut = layer
                if p["identity_link"]:
                    if number == 1:
                        shortcut = shared_layers.convolution(
                            g, before, "shortcut", wide, 1, strides, padding="valid",
                            use_bias=p["use_bias"],
                        )  # fmt: skip
                    elif strides > 1:
                        shortcut = shared_layers.pooling(
                            g, layer, "shortcut_pool", "max", 1, strides=strides
                        )
                layer = shared_layers.convolution(
                    g, before, "conv1", filters, 1, padding="valid", use_bias=False
                )
                layer = shared_layers.batch_norm(
                    g, layer, "conv1_batch_norm", p["epsilon"], p["momentum"]
                )
                layer = activated(g, layer, p, "conv1_activation")
                layer = _padded_convolution(g, layer, p, strides)
                layer = shared_layers.batch_norm(
                    g, layer, "conv2_batch_norm", p["epsilon"], p["momentum"]
                )
                layer = activated(g, layer, p, "conv2_activation")
                layer = shared_layers.convolution(
                    g, layer, "conv3", wide, 1, padding="valid", use_bias=p["use_bias"]
                )
                if p["identity_link"]:
                    layer = g.add("Add", "add", (shortcut, layer))
        return Maps(layer, wide)


def _padded_convolution(g: GraphBuilder, x: str, p: Mapping[str, Any], strides: int) -> str:
    """Add the 3 × 3, with its border as a layer of its own."""
    kernel, padding = p["kernel_size"], "same"
    if kernel % 2:  # an even kernel has no border of equal width on both sides
        x = g.add("ZeroPadding2D", "conv2_pad", x, padding=(kernel // 2, kernel // 2))
        padding = "valid"
    return shared_layers.convolution(
        g, x, "conv2", p["filters"], kernel, strides, padding=padding, use_bias=False,
        cardinality=p["cardinality"],
    )  # fmt: skip
