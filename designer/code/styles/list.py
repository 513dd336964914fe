"""Sequential as a list: the whole chain at a glance."""

from __future__ import annotations

from dataclasses import replace

from designer.code.calls import keyword, layer_call
from designer.code.chain import chain_obstacle
from designer.code.lines import marked
from designer.code.style import Style
from designer.graph import LayerGraph


def write(graph: LayerGraph, name: str) -> list[str]:
    lines = ["model = keras.Sequential(", "    ["]
    for layer in graph.layers:
        call = layer_call(layer.class_name, layer.config, layer.name)
        lines += marked(replace(call, after=",").lines(indent=8), [layer])
    return [*lines, "    ],", f"    {keyword('name', name)},", ")"]


STYLE = Style(
    name="list",
    title="Sequential, list",
    teaches="The same chain as a list of layers: the whole network at a glance. For chains of"
    " layers only.",
    order=20,
    write=write,
    obstacle=chain_obstacle,
)
