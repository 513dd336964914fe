"""Functional: every layer a line, fed by variables, so that ways may fork and meet."""

from __future__ import annotations

import re

from designer.code.calls import layer_call
from designer.code.local_names import local_name
from designer.code.model_line import input_line, model_lines
from designer.code.statements import Operation, identifier, straight
from designer.code.style import Style
from designer.graph import LayerGraph

RESERVED = {"keras", "layers", "regularizers", "model"}


def write(graph: LayerGraph, name: str) -> list[str]:
    first, *rest = graph.layers
    operations = []
    path = first.path
    for layer in rest:
        heading: tuple[str, ...] = ()
        if layer.path != path:
            path, heading = layer.path, ("", f"# {_place(layer.path)}")
        operations.append(
            Operation(
                layer_call(layer.class_name, layer.config, layer.name),
                layer.inputs,
                (layer.name,),
                label=label(local_name(layer)),
                class_name=layer.class_name,
                heading=heading,
                result=identifier(layer.name) if layer.name in graph.outputs else "",
                places=[[layer]],
            )
        )
    lines, outputs = straight(operations, {first.name: "inputs"}, graph.outputs, reserved=RESERVED)
    return [*input_line(first), *lines, "", *model_lines(outputs, name)]


def label(local: str) -> str:
    """Return what a variable for a layer of this name is called."""
    return "shortcut" if local.startswith("shortcut") else identifier(local)


def _place(path: str) -> str:
    """Write a path for a reader: ``learner/group2/block1`` → ``Group 2, block 1``."""
    steps = path.split("/")
    words = [re.sub(r"_*(\d+)$", r" \1", identifier(step)) for step in steps[1:] or steps]
    return ", ".join(words).replace("_", " ").capitalize()


STYLE = Style(
    name="functional",
    title="Functional",
    teaches="Every layer is called on what feeds it, so ways may fork and meet again: identity"
    " links, several outputs. Any network can be written like this.",
    order=30,
    write=write,
)
