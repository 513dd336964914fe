"""Sequential by ``add``: one layer after the other, as the book begins."""

from __future__ import annotations

from designer.code.calls import Call, keyword, layer_call
from designer.code.chain import chain_obstacle
from designer.code.lines import marked
from designer.code.style import Style
from designer.graph import LayerGraph


def write(graph: LayerGraph, name: str) -> list[str]:
    lines = Call("keras.Sequential", (keyword("name", name),)).lines("model = ")
    for layer in graph.layers:
        call = layer_call(layer.class_name, layer.config, layer.name)
        call = Call(f"model.add({call.function}", call.arguments, after=")")
        lines += marked(call.lines(), [layer])
    return lines


STYLE = Style(
    name="add",
    title="Sequential, add",
    teaches="Starts with an empty model and adds one layer after the other: the way to say a"
    " network aloud. For chains of layers only.",
    order=10,
    write=write,
    obstacle=chain_obstacle,
)
