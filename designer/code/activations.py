"""Activations as an argument of the layer before them, or as layers of their own.

Both ways compute the same, and every layer keeps its weights. (``model.get_weights()`` may list
them in another order where ways fork: Keras goes by a layer's depth.)
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from designer.code.errors import CodeError
from designer.errors import unknown_name
from designer.graph import Layer, LayerGraph

ACTIVATIONS = {
    "argument": "As an argument of the layer before, where nothing stands between the two",
    "layer": "As layers of their own",
}

#: Layers that take an ``activation`` argument.
_TAKES_ACTIVATION = {"Conv2D", "DepthwiseConv2D", "SeparableConv2D", "Dense"}


def with_activations(graph: LayerGraph, activations: str | None) -> LayerGraph:
    """Return a graph with its activations written one way; ``None`` leaves them as they are.

    Raises:
        CodeError: for a way we do not know.
    """
    if activations is None:
        return graph
    if activations not in ACTIVATIONS:
        raise CodeError(unknown_name("way to write activations", activations, ACTIVATIONS))
    return _as_arguments(graph) if activations == "argument" else _as_layers(graph)


def names_in(written: LayerGraph, graph: LayerGraph, names: Collection[str]) -> set[str]:
    """Return which layers of a graph as it is written hold some layers of the graph as designed.

    Args:
        written: by :func:`with_activations`.
        graph: as designed.
        names: of layers of ``graph``.
    """
    feeds = {layer.name: layer.inputs for layer in graph.layers}
    there = {layer.name for layer in written.layers}
    found = set()
    for name in names:
        while name not in there and feeds.get(name):  # it is an argument of the layer before
            name = feeds[name][0]
        found.add(name)
    # An argument that became a layer goes with the one it was taken from.
    new = (one for one in written.layers if one.name not in feeds)
    return found | {layer.name for layer in new if layer.inputs[0] in found}


def _as_arguments(graph: LayerGraph) -> LayerGraph:
    users: dict[str, int] = dict.fromkeys(graph.outputs, 1)
    for layer in graph.layers:
        for name in layer.inputs:
            users[name] = users.get(name, 0) + 1
    renamed: dict[str, str] = {}
    places: dict[str, int] = {}
    layers: list[Layer] = []
    for layer in graph.layers:
        feeds = tuple(renamed.get(name, name) for name in layer.inputs)
        function = _function_of(layer)
        place = places.get(feeds[0]) if function and len(feeds) == 1 else None
        if place is not None and users[layer.inputs[0]] == 1:
            before = layers[place]
            if (
                before.class_name in _TAKES_ACTIVATION
                and before.config.get("activation") in (None, "linear")
            ):  # fmt: skip
                config = MappingProxyType({**before.config, "activation": function})
                layers[place] = replace(before, config=config)
                renamed[layer.name] = before.name
                continue
        places[layer.name] = len(layers)
        layers.append(replace(layer, inputs=feeds) if feeds != layer.inputs else layer)
    return LayerGraph(tuple(layers), tuple(renamed.get(name, name) for name in graph.outputs))


def _function_of(layer: Layer) -> str | None:
    """Return the activation that a layer is, by Keras's name, if it is nothing else."""
    if layer.class_name == "Activation" and isinstance(layer.config["activation"], str):
        return layer.config["activation"]
    if layer.class_name == "ReLU":
        return {(): "relu", (("max_value", 6),): "relu6"}.get(tuple(layer.config.items()))
    return None


def _as_layers(graph: LayerGraph) -> LayerGraph:
    names = {layer.name for layer in graph.layers}
    renamed: dict[str, str] = {}
    layers: list[Layer] = []
    for layer in graph.layers:
        feeds = tuple(renamed.get(name, name) for name in layer.inputs)
        layer = replace(layer, inputs=feeds) if feeds != layer.inputs else layer
        function = layer.config.get("activation") if layer.class_name != "Activation" else None
        if function in (None, "linear"):
            layers.append(layer)
            continue
        config = {name: value for name, value in layer.config.items() if name != "activation"}
        layers.append(replace(layer, config=MappingProxyType(config)))
        name = _unused(f"{layer.name}_activation", names)
        names.add(name)
        renamed[layer.name] = name
        layers.append(_activation_layer(name, function, layer))
    return LayerGraph(tuple(layers), tuple(renamed.get(name, name) for name in graph.outputs))


def _activation_layer(name: str, function: Any, before: Layer) -> Layer:
    """Return the layer of an activation: ``ReLU`` where Keras has the class for it."""
    classes: Mapping[Any, tuple[str, dict[str, Any]]] = {
        "relu": ("ReLU", {}),
        "relu6": ("ReLU", {"max_value": 6}),
    }
    class_name, config = classes.get(function, ("Activation", {"activation": function}))
    return Layer(name, class_name, MappingProxyType(config), (before.name,), before.path)


def _unused(name: str, names: set[str]) -> str:
    while name in names:
        name += "_"
    return name
