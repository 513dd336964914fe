"""What Keras's Sequential can express: one chain of layers, each fed by the one before."""

from __future__ import annotations

from designer.code.style import Obstacle
from designer.graph import LayerGraph

_CHAIN = "Sequential is one chain of layers:"


def chain_obstacle(graph: LayerGraph) -> Obstacle | None:
    """Return why a graph is no chain, or ``None`` if it is one."""
    before = ""
    for layer in graph.layers:
        if len(layer.inputs) > 1:
            count = {2: "two", 3: "three"}.get(len(layer.inputs), str(len(layer.inputs)))
            return Obstacle(f"{_CHAIN} {layer.name!r} takes {count} inputs.", layer.name)
        if layer.inputs != ((before,) if before else ()):
            several = len(graph.outputs) > 1 and layer.name in graph.outputs
            if several:
                return Obstacle(
                    f"{_CHAIN} this network has {len(graph.outputs)} outputs, and both"
                    f" {before!r} and {layer.name!r} are fed by {layer.inputs[0]!r}."
                    if len(graph.outputs) == 2
                    else f"{_CHAIN} this network has {len(graph.outputs)} outputs.",
                    layer.name,
                )
            feed = layer.inputs[0] if layer.inputs else "nothing"
            return Obstacle(
                f"{_CHAIN} {layer.name!r} is fed by {feed!r}, which feeds another layer too.",
                layer.name,
            )
        before = layer.name
    if graph.outputs != (before,):
        return Obstacle(f"{_CHAIN} {graph.outputs[0]!r} is not its last.", graph.outputs[0])
    return None
