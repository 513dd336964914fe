"""The real tf.keras model of a design. Importing this module imports TensorFlow: it is for
worker processes and scripts, never for the process that serves pages."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
from keras.src.backend.common import global_state

from designer.compiling import compile_settings, metric_class
from designer.design import Design
from designer.graph import LayerGraph
from designer.memory import check_memory_to_build
from designer.summary import summarize


def build_model(design: Design) -> keras.Model:
    """Return the model of a design, with weights, not compiled.

    Raises:
        DesignError: if the design cannot be built.
        MemoryLimitError: if its weights would not fit, before anything is allocated.
    """
    check_memory_to_build(summarize(design))
    return model_of(design.graph, name=design.template)


def model_of(graph: LayerGraph, name: str) -> keras.Model:
    """Return the functional model of a graph, whose layers fit each other."""
    tensors: dict[str, Any] = {}
    first = graph.layers[0]
    for layer in graph.layers:
        if layer.class_name == "InputLayer":
            tensors[layer.name] = keras.Input(layer.config["shape"], name=layer.name)
            continue
        made = getattr(keras.layers, layer.class_name)(name=layer.name, **layer.config)
        feeds = [tensors[source] for source in layer.inputs]
        tensors[layer.name] = made(feeds if len(feeds) > 1 else feeds[0])
    outputs = [tensors[output] for output in graph.outputs]
    return keras.Model(tensors[first.name], outputs if len(outputs) > 1 else outputs[0], name=name)


def build_structure(design: Design) -> keras.Model:
    """Return the model of a design with every weight's shape known and none allocated.

    The layers, shapes, counts and ``model.summary()`` are Keras's own; predicting is not
    possible. It takes a tenth of the time, and the memory of VGG16's half gigabyte is spared.

    Raises:
        DesignError: if the design cannot be built.
    """
    summarize(design)
    scope = keras.StatelessScope(initialize_variables=False)
    try:
        with scope:
            return model_of(design.graph, name=design.template)
    finally:
        # The scope leaves its variables waiting to be initialised; they never shall be.
        global_state.set_global_attribute("uninitialized_variables", [])


def compile_model(
    model: keras.Model,
    design: Design,
    learning_rate: float | None = None,
    optimizer: keras.optimizers.Optimizer | None = None,
    loss: keras.losses.Loss | None = None,
    more_metrics: Sequence[keras.metrics.Metric] = (),
    **options: Any,
) -> None:
    """Compile a model as its design says.

    Args:
        model: the model of ``design``.
        learning_rate: instead of the optimizer's own default.
        optimizer: instead of the design's.
        loss: instead of the design's, where there is one head.
        more_metrics: besides the design's, where there is one head.
        options: more arguments of ``model.compile`` (``steps_per_execution``).
    """
    settings = compile_settings(design)
    optimizer = optimizer or keras.optimizers.get(settings.optimizer)
    if learning_rate is not None:
        optimizer.learning_rate = learning_rate
    several = len(settings.loss) > 1
    metrics = [_metrics(settings.metrics, design["task"], loss) for loss in settings.loss]
    model.compile(
        optimizer=optimizer,
        loss=list(settings.loss) if several else loss or settings.loss[0],
        metrics=metrics if several else [*metrics[0], *more_metrics],
        **options,
    )


def _metrics(names: Sequence[str], task: str, loss: str) -> list[keras.metrics.Metric]:
    return [getattr(keras.metrics, metric_class(name, task, loss))(name=name) for name in names]


def describe_model(model: keras.Model, design: Design) -> dict[str, Any]:
    """Return what ``Summary.to_dict`` returns, read from the real model instead.

    Multiply-adds are counted from what Keras made: a convolution's (depthwise ones too) or dense
    layer's kernel is used once at every place of its output. Paths are the design's; Keras keeps
    none.
    """
    paths = {layer.name: layer.path for layer in design.graph.layers}
    by_name = {layer.name: layer for layer in model.layers}
    layers = [_describe(by_name[name], path) for name, path in paths.items() if name in by_name]
    trainable = sum(layer["trainable_params"] for layer in layers)
    total = model.count_params()
    return {
        "template": design.template,
        "total_params": total,
        "trainable_params": trainable,
        "non_trainable_params": total - trainable,
        "multiply_adds": sum(layer["multiply_adds"] for layer in layers),
        "layers": layers,
    }


_MULTIPLYING = (keras.layers.Conv2D, keras.layers.DepthwiseConv2D, keras.layers.Dense)


def _describe(layer: keras.Layer, path: str) -> dict[str, Any]:
    multiply_adds = 0
    shape = layer.output.shape
    if isinstance(layer, _MULTIPLYING):
        places = 1
        for size in shape[1:-1]:
            places *= size
        kernel = 1
        for size in layer.kernel.shape:
            kernel *= size
        multiply_adds = places * kernel
    inputs = [node.operation.name for node in layer._inbound_nodes[0].parent_nodes]
    return {
        "name": layer.name,
        "class_name": type(layer).__name__,
        "path": path,
        "inputs": inputs,
        "output_shape": list(shape),
        "params": layer.count_params(),
        "trainable_params": sum(_size(weight.shape) for weight in layer.trainable_weights),
        "multiply_adds": multiply_adds,
    }


def _size(shape: Sequence[int]) -> int:
    size = 1
    for side in shape:
        size *= side
    return size
