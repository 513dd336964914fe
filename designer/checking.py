"""Whether Keras agrees: the design built as a real tf.keras model, compared layer by layer.

The one place where the two builders meet; run in a worker process.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from designer.design import Design
from designer.graph import LayerGraph
from designer.layers import rule_for
from designer.summary import summarize

_COMPARED = (
    "class_name",
    "inputs",
    "output_shape",
    "params",
    "trainable_params",
    "multiply_adds",
)
_TOTALS = ("total_params", "trainable_params", "non_trainable_params", "multiply_adds")


def check(design: Mapping[str, Any]) -> dict[str, Any]:
    """Build a design in tf.keras and compare every layer with our own arithmetic.

    Args:
        design: what ``Design.to_dict`` returns.

    Returns:
        ``agrees``; ``differences`` in words, empty if it agrees; Keras's own ``total_params``,
        ``trainable_params`` and number of ``layers``; the text of ``model.summary()`` as
        ``summary_text``; the ``keras_version``.

    Raises:
        DesignError: if the design cannot be built.
    """
    import keras

    from designer.keras_model import build_structure, describe_model

    value = Design.from_dict(design)
    ours = summarize(value).to_dict()
    model = build_structure(value)
    theirs = describe_model(model, value)
    differences = compare(ours, theirs) + compare_penalties(value.graph, model)
    return {
        "agrees": not differences,
        "differences": differences,
        "total_params": theirs["total_params"],
        "trainable_params": theirs["trainable_params"],
        "layers": len(model.layers),
        "summary_text": summary_text(model),
        "keras_version": keras.__version__,
    }


def summary_text(model: Any, width: int = 110) -> str:
    """Return the text of ``model.summary()``, ``width`` characters wide."""
    lines: list[str] = []
    columns = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = str(width)  # the table is cut at the terminal's width otherwise
    try:
        model.summary(line_length=width, print_fn=lambda line, **_: lines.append(line))
    finally:
        if columns is None:
            del os.environ["COLUMNS"]
        else:
            os.environ["COLUMNS"] = columns
    return "\n".join(lines)


def compare_penalties(graph: LayerGraph, model: Any) -> list[str]:
    """Return, in words, where the layers of a graph and of its Keras model differ in what they
    add to the loss for the size of their weights.

    Args:
        graph: of a design.
        model: the ``keras.Model`` of the same design.
    """
    known = {layer.name: layer for layer in model.layers}
    differences = []
    for layer in graph.layers:
        for name in rule_for(layer.class_name).kernel_regularizers:
            ours = layer.config.get(name)
            theirs = getattr(known.get(layer.name), name, None)
            here = {} if ours is None else ours["config"]
            there = {} if theirs is None else theirs.get_config()
            if here != there:
                differences.append(f"{layer.name}: {name} is {here} here, {there} in Keras")
    return differences


def compare(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[str]:
    """Return, in words, where two summaries of one design differ."""
    differences = [
        f"{name}: {ours[name]:,} here, {theirs[name]:,} in Keras"
        for name in _TOTALS
        if ours[name] != theirs[name]
    ]
    known = {layer["name"]: layer for layer in theirs["layers"]}
    for layer in ours["layers"]:
        other = known.pop(layer["name"], None)
        if other is None:
            differences.append(f"{layer['name']}: not in Keras's model")
            continue
        differences.extend(
            f"{layer['name']}: {name} is {layer[name]} here, {other[name]} in Keras"
            for name in _COMPARED
            if layer[name] != other[name]
        )
    differences.extend(f"{name}: only in Keras's model" for name in known)
    return differences
