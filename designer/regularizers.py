"""Penalties on the weights of layers, which training adds to the loss (``keras.regularizers``)."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Any

from designer.graph import LayerGraph
from designer.layers import rules


class L2(dict[str, Any]):
    """A layer's argument: ``keras.regularizers.L2``, a factor times the sum of squared weights.

    It is the dictionary that Keras itself writes such a penalty down as, so Keras and JSON take
    it as it is. It is a value, and never changed.
    """

    def __init__(self, factor: float):
        super().__init__(class_name="L2", config={"l2": factor})

    @property
    def factor(self) -> float:
        """What the sum of squares is multiplied by."""
        return float(self["config"]["l2"])

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(("L2", self.factor))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.factor,)

    def __str__(self) -> str:
        return f"L2({self.factor:g})"


def with_l2(graph: LayerGraph, factor: float) -> LayerGraph:
    """Return a graph with a penalty on the kernel of every dense layer and convolution.

    Biases and what normalization learns go without, as is usual.

    Args:
        graph: as its template expands.
        factor: of the penalty; 0 is none, and leaves the graph as it is.
    """
    if not factor:
        return graph
    penalty = L2(factor)
    arguments = {
        name: dict.fromkeys(rule.kernel_regularizers, penalty)
        for name, rule in rules().items()
        if rule.kernel_regularizers
    }
    layers = (
        replace(layer, config=MappingProxyType({**layer.config, **arguments[layer.class_name]}))
        if layer.class_name in arguments
        else layer
        for layer in graph.layers
    )
    return LayerGraph(tuple(layers), graph.outputs)


def l2_of(graph: LayerGraph) -> L2 | None:
    """Return the penalty that a graph's layers have; ``None`` if they have none."""
    values = (value for layer in graph.layers for value in layer.config.values())
    return next((value for value in values if isinstance(value, L2)), None)
