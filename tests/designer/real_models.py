"""Oracles read from tf.keras and TensorFlow themselves, for the tests marked ``keras``.

Nothing here uses our arithmetic, nor ``designer.keras_model``: a graph is built by a loop of its
own, a model is read by Keras's own methods, and multiply-adds are counted by TensorFlow.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras
import pytest
import tensorflow as tf
from keras.src.backend.common import global_state
from tensorflow.python.framework import ops as tensorflow_ops

from designer.graph import LayerGraph


@contextmanager
def no_weights() -> Iterator[None]:
    """Let Keras build layers inside without allocating a weight."""
    try:
        with keras.StatelessScope(initialize_variables=False):
            yield
    finally:
        global_state.set_global_attribute("uninitialized_variables", [])


def build_until_refused(graph: LayerGraph) -> tuple[keras.Model | None, str | None]:
    """Build a graph with Keras, layer by layer.

    Returns:
        the model and ``None``; or ``None`` and the name of the first layer that Keras refuses,
        or whose output it says is empty.
    """
    tensors: dict[str, Any] = {}
    with no_weights():
        for layer in graph.layers:
            if layer.class_name == "InputLayer":
                tensors[layer.name] = keras.Input(layer.config["shape"], name=layer.name)
                continue
            feeds = [tensors[name] for name in layer.inputs]
            try:
                made = getattr(keras.layers, layer.class_name)(name=layer.name, **layer.config)
                output = made(feeds[0] if len(feeds) == 1 else feeds)
            except ValueError:
                return None, layer.name
            if any(size is not None and size < 1 for size in output.shape):
                return None, layer.name
            tensors[layer.name] = output
        outputs = [tensors[name] for name in graph.outputs]
        return keras.Model(tensors[graph.layers[0].name], outputs), None


def read_layers(model: keras.Model) -> dict[str, dict[str, Any]]:
    """Return, by name, what Keras says of each layer of a model."""
    read = {}
    for layer in model.layers:
        feeds = []
        if not isinstance(layer, keras.layers.InputLayer):
            tensors = layer.input if isinstance(layer.input, list) else [layer.input]
            feeds = [tensor._keras_history.operation.name for tensor in tensors]
        read[layer.name] = {
            "class_name": type(layer).__name__,
            "inputs": feeds,
            "output_shape": list(layer.output.shape),
            "params": layer.count_params(),
            "trainable_params": sum(
                int(tf.TensorShape(weight.shape).num_elements())
                for weight in layer.trainable_weights
            ),
        }
    return read


def read_summary(model: keras.Model) -> tuple[list[tuple[str, str, str, int]], dict[str, int]]:
    """Return what ``model.summary()`` prints: its rows (name, class, shape, parameters) and its
    totals by their first word ("Total", "Trainable", "Non-trainable")."""
    lines: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "200")  # else the table is cut at the terminal's width
        model.summary(line_length=200, print_fn=lambda line, **_: lines.append(line))
    text = "\n".join(lines)
    rows = []
    for cells in re.findall(r"^[│|](.+)[│|]$", text, re.MULTILINE):
        first, shape, params, *_ = (cell.strip() for cell in re.split("[│|]", cells))
        name = re.fullmatch(r"(\S+) \((\w+)\)", first)
        if name:
            rows.append((name[1], name[2], shape, int(params.replace(",", ""))))
    totals = {
        word: int(count.replace(",", ""))
        for word, count in re.findall(r"([\w-]+) params: ([\d,]+)", text)
    }
    return rows, totals


def count_multiply_adds(model: keras.Model) -> dict[str, int]:
    """Count the multiply-adds of a model for one example, by layer, with TensorFlow's own figures.

    How: the model is traced into a TensorFlow graph for a batch of one. For every ``Conv2D``,
    ``DepthwiseConv2dNative`` and ``MatMul`` operation in it, and in the functions it calls (Keras
    puts grouped convolutions into one), TensorFlow's registered statistic ``flops`` is asked: the
    one that its profiler (``tf.compat.v1.profiler``, ``float_operation``) adds up, read from the
    shapes of the traced operation. It counts a multiplication and an addition as two, so half of
    it is ours. The layer is the part of the operation's name that Keras gave it.
    """
    one = tf.TensorSpec((1, *model.input_shape[1:]))
    traced = tf.function(lambda x: model(x, training=False)).get_concrete_function(one)
    names = {layer.name for layer in model.layers}
    counts: dict[str, int] = defaultdict(int)
    _count(traced.graph, names, "", counts)
    return dict(counts)


def _count(graph: Any, names: set[str], caller: str, counts: dict[str, int]) -> None:
    for operation in graph.get_operations():
        scope = f"{caller}/{operation.name}"
        if operation.type in {"PartitionedCall", "StatefulPartitionedCall"}:
            called = graph._get_function(operation.get_attr("f").name)
            _count(called.graph, names, scope, counts)
        elif operation.type in {"Conv2D", "DepthwiseConv2dNative", "MatMul"}:
            flops = tensorflow_ops.get_stats_for_node_def(graph, operation.node_def, "flops").value
            counts[_layer_in(scope, names)] += flops // 2


def _layer_in(scope: str, names: set[str]) -> str:
    """Return the layer that an operation belongs to: a part of its name, numbered if repeated."""
    for part in scope.split("/"):
        for name in (part, re.sub(r"_\d+$", "", part)):
            if name in names:
                return name
    raise AssertionError(f"no layer in {scope!r}")
