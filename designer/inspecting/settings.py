"""A layer's Keras arguments, with what each value means in plain words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from designer.inspecting.inspection import Setting
from designer.summary import LayerSummary

_ACTIVATIONS = {
    "relu": "keeps what is above zero, and nothing else",
    "leaky_relu": "keeps what is above zero, and a little of what is below",
    "relu6": "keeps what lies between 0 and 6",
    "elu": "keeps what is above zero; below, it levels out",
    "selu": "like ELU, scaled so that numbers stay steady through many layers",
    "gelu": "like ReLU, with a smooth bend",
    "swish": "each number times its own sigmoid: a smooth ReLU",
    "silu": "each number times its own sigmoid: a smooth ReLU",
    "tanh": "presses every number between −1 and 1",
    "sigmoid": "presses every number between 0 and 1",
    "softmax": "makes the numbers a set of probabilities that add up to 1",
    "linear": "bends nothing",
}


def _strides(value: Any) -> str:
    if value in ((1, 1), 1):
        return "the window stops at every place"
    return "the window skips places: fewer come out"


def _padding(value: Any) -> str:
    if value == "same":
        return "zeros around the edge: no place is lost"
    if value == "valid":
        return "the window stays inside the maps"
    return "how many zeros at each edge"


def _penalty(value: Any) -> str:
    return (
        f"adds {value.factor:g} × the sum of the kernel's squares to the loss, which pulls its"
        " weights to zero"
    )


_MEANINGS: Mapping[str, Callable[[Any], str]] = {
    "filters": lambda value: "features it looks for, one map each",
    "kernel_size": lambda value: "height and width of the window",
    "pool_size": lambda value: "height and width of the window",
    "strides": _strides,
    "padding": _padding,
    "groups": lambda value: "cardinality: parts that work side by side, each on its own maps",
    "depth_multiplier": lambda value: "filters for each map",
    "use_bias": lambda value: "a number added to each map" if value else "nothing is added",
    "activation": lambda value: _ACTIVATIONS.get(value, ""),
    "units": lambda value: "how many numbers come out",
    "rate": lambda value: "the share of numbers silenced while training",
    "epsilon": lambda value: "keeps it from dividing by zero",
    "momentum": lambda value: "how slowly the moving mean and variance follow the batches",
    "shape": lambda value: "one example, without the batch",
    "target_shape": lambda value: "the new sizes, without the batch",
    "keepdims": lambda value: "the result stays a map, of a single place",
    "max_value": lambda value: "nothing above it passes",
    "kernel_regularizer": _penalty,
    "depthwise_regularizer": _penalty,
}


def settings_of(layer: LayerSummary) -> tuple[Setting, ...]:
    """Return a layer's arguments, in Keras's order."""
    return tuple(
        Setting(name, _write(value), _MEANINGS[name](value) if name in _MEANINGS else "")
        for name, value in layer.layer.config.items()
    )


def _write(value: Any) -> str:
    if isinstance(value, tuple | list):
        return " × ".join(_write(one) for one in value)
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
