"""What plain convolutional networks (CNN, VGG) share: groups of convolutions closed by a
pooling, then one vector, hidden layers and the outputs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from designer.graph import GraphBuilder
from designer.templates import shared


def plain_network(
    g: GraphBuilder, p: Mapping[str, Any], *, group_dropout: float, hidden: Mapping[str, Any]
) -> tuple[str, ...]:
    """Add a whole network.

    Args:
        p: the parameters; a group's own fields come before the network's.
        group_dropout: the share silenced after each group.
        hidden: what stands around each hidden layer (normalization, dropout).
    """
    with g.scope("stem", prefix=False):
        x = shared.input_layer(g, p["input_shape"])
    with g.scope("learner", prefix=False):
        for number, group in enumerate(p["groups"], 1):
            with g.scope(f"group{number}"):
                x = _group(g, x, {**p, **group})
                if group_dropout > 0:
                    x = g.add("Dropout", "dropout", x, rate=group_dropout)
    with g.scope("task", prefix=False):
        x = g.add(shared.FLATTENING_CLASSES[p["flattening"]], p["flattening"], x)
        x = shared.hidden_layers(g, x, p, **hidden)
        return shared.output_layers(g, x, p)


def _group(g: GraphBuilder, x: str, p: Mapping[str, Any]) -> str:
    for number in range(1, p["blocks"] + 1):
        with g.scope(f"block{number}"):
            x = shared.convolution(
                g,
                x,
                "conv",
                p["filters"],
                p["kernel_size"],
                p["strides"] if number == 1 else 1,
                padding=p.get("padding", "same"),
                cardinality=p.get("cardinality", 1),
                activation=p["activation"],
                batch_normalization=p["batch_normalization"],
            )
    return shared.pooling(g, x, "pool", p["pooling"], p.get("pool_size", 2))
