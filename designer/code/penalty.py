"""The penalty on the weights is the same all over a network: its value stands once, at the top."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from designer.code.literals import Code, literal
from designer.graph import Layer, LayerGraph
from designer.regularizers import l2_of

#: What it is called in source.
PENALTY = Code("L2")


def name_penalty(graph: LayerGraph) -> tuple[LayerGraph, list[str]]:
    """Return a graph whose layers say the name of their penalty instead of its value, and the
    line that gives it the name; the same graph and no line if there is none."""
    penalty = l2_of(graph)
    if penalty is None:
        return graph, []

    def named(layer: Layer) -> Layer:
        config = {k: PENALTY if v == penalty else v for k, v in layer.config.items()}
        return replace(layer, config=MappingProxyType(config))

    layers = tuple(named(layer) for layer in graph.layers)
    return LayerGraph(layers, graph.outputs), [f"{PENALTY} = {literal(penalty)}"]
