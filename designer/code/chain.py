"""What Keras's Sequential can express: one chain of layers, each fed by the one before."""

from __future__ import annotations

from designer.code.style import Obstacle
from designer.graph import LayerGraph

_CHAIN = "Sequential is one chain of layers:"


def chain_obstacle(graph: LayerGraph) -> Obstacle | None:
    """Return why a graph is no chain, or ``None`` if it is one."""
    for layer in graph.layers:
        if len(layer.inputs) > 1:
            count = {2: "two", 3: "three"}.get(len(layer.inputs), str(len(layer.inputs)))
            return Obstacle(f"{_CHAIN} {layer.name!r} takes {count} inputs.", layer.name)
    if len(graph.outputs) > 1:
        several = len(graph.outputs)
        return Obstacle(f"{_CHAIN} this network has {several} outputs.", graph.outputs[1])
    before = ""
    for layer in graph.layers:
        if layer.inputs != ((before,) if before else ()):
            feeds = ", ".join(map(repr, layer.inputs))
            return Obstacle(
                f"{_CHAIN} {layer.name!r} is not fed by the layer before it but by {feeds}.",
                layer.name,
            )
        before = layer.name
    if graph.outputs != (before,):
        return Obstacle(f"{_CHAIN} its output {graph.outputs[0]!r} is not its end.", before)
    return None
