"""What several block patterns are made of: normalized convolutions, and the fields they share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from designer.graph import GraphBuilder
from designer.templates import shared_layers, shared_parameters
from designer.templates.parameters import Chosen, Integer

# --- fields -------------------------------------------------------------------------------


def _opening(chosen: Chosen) -> int:
    """Maps shrink where one group follows another; the first keeps the stem's."""
    return 1 if chosen["index"] == 0 else 2


def opening_strides(
    help: str = "Strides of the group's first block; 2 halves each side.",
) -> Integer:
    """Return the strides of a group whose maps shrink where it opens."""
    return shared_parameters.strides_parameter(_opening, help=help)


def expansion_field(default: int, help: str) -> Integer:
    """Return how many times wider one part of a block is than another."""
    return Integer(
        name="expansion",
        label="Expansion",
        help=help,
        default=default,
        maximum=64,
        slider=(1, 8),
        unit="times",
    )


# --- layers -------------------------------------------------------------------------------


def activated(g: GraphBuilder, x: str, p: Mapping[str, Any], name: str) -> str:
    """Add the network's activation as a layer of its own."""
    return shared_layers.activate(g, x, p["activation"], name)


def normalized(
    g: GraphBuilder,
    x: str,
    p: Mapping[str, Any],
    name: str,
    filters: int,
    kernel_size: int,
    strides: int = 1,
    *,
    padding: str = "same",
    cardinality: int = 1,
) -> str:
    """Add a convolution and its batch normalization."""
    x = shared_layers.convolution(
        g, x, name, filters, kernel_size, strides, padding=padding, cardinality=cardinality,
        use_bias=p["use_bias"],
    )  # fmt: skip
    return shared_layers.batch_norm(g, x, f"{name}_batch_norm", p["epsilon"], p["momentum"])


def normalized_depthwise(
    g: GraphBuilder, x: str, p: Mapping[str, Any], name: str, strides: int
) -> str:
    """Add a depthwise convolution, its batch normalization and the activation."""
    side = p["kernel_size"]
    config: dict[str, Any] = {
        "kernel_size": (side, side),
        "strides": (strides, strides),
        "padding": "same",
    }
    if not p["use_bias"]:
        config["use_bias"] = False
    x = g.add("DepthwiseConv2D", name, x, **config)
    x = shared_layers.batch_norm(g, x, f"{name}_batch_norm", p["epsilon"], p["momentum"])
    return activated(g, x, p, f"{name}_activation")
