"""The layers that families share: a convolution, a dense layer, a head, and what surrounds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from designer.graph import GraphBuilder
from designer.tasks import heads

#: What Keras's own ResNet models use; the figures and the predictions follow from it.
RESNET_EPSILON = 1.001e-5

#: Keras's own defaults, which a layer does not repeat.
KERAS_EPSILON = 1e-3

KERAS_MOMENTUM = 0.99

POOLING_CLASSES = {"max": "MaxPooling2D", "average": "AveragePooling2D"}

FLATTENING_CLASSES = {
    "flatten": "Flatten",
    "global_average": "GlobalAveragePooling2D",
    "global_max": "GlobalMaxPooling2D",
}


def activate(g: GraphBuilder, x: str, activation: str, name: str) -> str:
    """Add an activation as a layer of its own: ``ReLU`` where Keras has the class."""
    if activation == "linear":
        return x
    if activation == "relu":
        return g.add("ReLU", name, x)
    return g.add("Activation", name, x, activation=activation)


def batch_norm(
    g: GraphBuilder, x: str, name: str, epsilon: float, momentum: float = KERAS_MOMENTUM
) -> str:
    """Add a batch normalization; arguments that equal Keras's defaults are left out."""
    config: dict[str, Any] = {}
    if epsilon != KERAS_EPSILON:
        config["epsilon"] = epsilon
    if momentum != KERAS_MOMENTUM:
        config["momentum"] = momentum
    return g.add("BatchNormalization", name, x, **config)


def around(p: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a network puts around its convolutions, for :func:`convolution`."""
    return {name: p[name] for name in ("activation", "batch_normalization", "epsilon", "momentum")}


def weighted(
    g: GraphBuilder,
    x: str,
    class_name: str,
    name: str,
    *,
    activation: str,
    batch_normalization: str = "none",
    epsilon: float = KERAS_EPSILON,
    momentum: float = KERAS_MOMENTUM,
    dropout: float = 0.0,
    dropout_position: str = "after",
    **config: Any,
) -> str:
    """Add a convolution or dense layer with its activation, normalization and dropout.

    The activation is an argument of the layer unless something stands between the two.
    """
    dropout_before = dropout > 0 and dropout_position == "before"
    alone = batch_normalization != "before" and not dropout_before
    if alone and activation != "linear":
        config["activation"] = activation
    x = g.add(class_name, name, x, **config)
    if batch_normalization == "before":
        x = batch_norm(g, x, f"{name}_batch_norm", epsilon, momentum)
    if dropout_before:
        x = g.add("Dropout", f"{name}_dropout", x, rate=dropout)
    if not alone:
        x = activate(g, x, activation, f"{name}_activation")
    if batch_normalization == "after":
        x = batch_norm(g, x, f"{name}_batch_norm", epsilon, momentum)
    if dropout > 0 and not dropout_before:
        x = g.add("Dropout", f"{name}_dropout", x, rate=dropout)
    return x


def convolution(
    g: GraphBuilder,
    x: str,
    name: str,
    filters: int,
    kernel_size: int,
    strides: int = 1,
    *,
    padding: str = "same",
    cardinality: int = 1,
    use_bias: bool = True,
    activation: str = "linear",
    **around: Any,
) -> str:
    """Add a convolution; arguments that equal Keras's defaults are left out."""
    config: dict[str, Any] = {
        "filters": filters,
        "kernel_size": (kernel_size, kernel_size),
        "strides": (strides, strides),
        "padding": padding,
    }
    if cardinality != 1:
        config["groups"] = cardinality
    if not use_bias:
        config["use_bias"] = False
    return weighted(g, x, "Conv2D", name, activation=activation, **around, **config)


def pooling(
    g: GraphBuilder,
    x: str,
    name: str,
    kind: str,
    pool_size: int,
    strides: int | None = None,
    padding: str = "valid",
) -> str:
    """Add a pooling layer, or nothing when its kind is ``none``."""
    if kind == "none":
        return x
    step = pool_size if strides is None else strides
    return g.add(
        POOLING_CLASSES[kind],
        name,
        x,
        pool_size=(pool_size, pool_size),
        strides=(step, step),
        padding=padding,
    )


def input_layer(g: GraphBuilder, shape: Sequence[int]) -> str:
    """Add the input."""
    return g.add("InputLayer", "inputs", shape=tuple(shape))


def hidden_layers(g: GraphBuilder, x: str, p: Mapping[str, Any], **around: Any) -> str:
    """Add the hidden dense layers of a design, named ``hidden1``, ``hidden2``, …"""
    for number, units in enumerate(p["hidden"], 1):
        x = weighted(
            g, x, "Dense", f"hidden{number}", units=units, activation=p["activation"], **around
        )
    return x


def output_layers(g: GraphBuilder, x: str, p: Mapping[str, Any]) -> tuple[str, ...]:
    """Add a dense layer a head and return their names."""
    names = []
    for head in heads(p):
        config: dict[str, Any] = {"units": head.units}
        if head.activation != "linear":
            config["activation"] = head.activation
        names.append(g.add("Dense", head.name, x, **config))
    return tuple(names)
