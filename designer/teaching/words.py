"""Small words that the sentences share: counts, kernels, what strides do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from designer.summary import LayerSummary

#: Activations as a person calls them.
ACTIVATIONS = {
    "relu": "ReLU",
    "leaky_relu": "Leaky ReLU",
    "relu6": "ReLU6",
    "elu": "ELU",
    "selu": "SELU",
    "gelu": "GELU",
    "swish": "Swish",
    "silu": "Swish",
    "hard_swish": "hard Swish",
    "hard_sigmoid": "hard sigmoid",
    "tanh": "tanh",
    "sigmoid": "sigmoid",
    "softmax": "softmax",
}

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")


def count(number: int, word: str) -> str:
    """Write a count: ``64 maps``, ``1 map``."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def ordinal(number: int) -> str:
    """Write a place in a row: 2 → ``second``."""
    return ORDINALS[number - 1] if number <= len(ORDINALS) else f"{number}th"


def sides(value: Sequence[int | None]) -> str:
    """Write height and width: ``56 × 56``."""
    return f"{value[0]:,} × {value[1]:,}"


def pair(value: Any, usual: int = 1) -> tuple[int, int]:
    """Return an argument that Keras takes as one number or two, as two."""
    if value is None:
        return usual, usual
    return (value, value) if isinstance(value, int) else (value[0], value[1])


def kernel(layer: LayerSummary) -> str:
    """Write a layer's window: ``3 × 3``."""
    return sides(pair(layer.layer.config.get("kernel_size") or layer.layer.config["pool_size"]))


def is_pointwise(layer: LayerSummary) -> bool:
    """Whether a convolution's window is a single place."""
    return pair(layer.layer.config.get("kernel_size"), 0) == (1, 1)


def strides_of(layer: LayerSummary) -> tuple[int, int]:
    """Return how far a layer's window moves each step."""
    config = layer.layer.config
    return pair(config.get("strides") or config.get("pool_size"))


def shrinking(strides: tuple[int, int]) -> str:
    """Say what strides do to height and width: ``halve``."""
    if strides == (2, 2):
        return "halve"
    return f"divide by {strides[0] if strides[0] == strides[1] else sides(strides)}"


def strides_clause(layer: LayerSummary) -> str:
    """Say what a layer's strides do, as a sentence of its own; nothing where they are 1."""
    strides = strides_of(layer)
    shape = layer.output_shape
    if strides == (1, 1) or shape is None:
        return ""
    step = strides[0] if strides[0] == strides[1] else sides(strides)
    come, go = layer.input_shapes[0], shape[1:]
    exact = all(go[axis] == come[axis] / strides[axis] for axis in (0, 1))
    return (
        f" Its strides of {step} {'' if exact else 'about '}{shrinking(strides)} the maps' height"
        " and width"
        f" ({sides(layer.input_shapes[0])} to {sides(shape[1:])})."
    )


def channels(layer: LayerSummary) -> tuple[int, int]:
    """Return how many maps (or numbers) come into a layer and out of it."""
    shape = layer.output_shape
    assert shape is not None
    return layer.input_shapes[0][-1], shape[-1] or 0


def fewer(many: int, few: int, word: str) -> str:
    """Write how many fewer: ``half the weights``, ``4 times fewer weights``."""
    ratio = many / few
    if ratio == 2:
        return f"half the {word}"
    digits = 0 if abs(ratio - round(ratio)) < 0.05 else 1
    return f"{ratio:.{digits}f} times fewer {word} than"


def percent(share: float) -> str:
    """Write a share: ``74%``; the ends are told apart from all and nothing."""
    if 0 < share < 0.01:
        return "under 1%"
    return "over 99%" if 0.99 < share < 1 else f"{share:.0%}"


def activation_of(layer: LayerSummary) -> str:
    """Return the name of the activation a layer is or has, or nothing."""
    if layer.class_name == "ReLU":
        return "ReLU6" if layer.layer.config.get("max_value") == 6 else "ReLU"
    name = layer.layer.config.get("activation")
    return ACTIVATIONS.get(name, name) if name and name != "linear" else ""
