"""How people write the arguments of Keras's layers: which come first without a keyword, and which
are left out because they are Keras's own defaults. A test holds the table against Keras.

A class that is not here is written with every argument by keyword.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from designer.code.literals import Code


@dataclass(frozen=True)
class Writing:
    """How a class is written: ``first`` without keyword, ``defaults`` left out."""

    first: tuple[str, ...] = ()
    defaults: Mapping[str, Any] = field(default_factory=dict)


_WEIGHTED = {"activation": None, "use_bias": True}
_WINDOW = {"strides": (1, 1), "padding": "valid"}
_POOLING = Writing(("pool_size",), {"padding": "valid"})

WRITINGS: Mapping[str, Writing] = {
    "Conv2D": Writing(
        ("filters", "kernel_size"),
        {
            **_WINDOW,
            **_WEIGHTED,
            "groups": 1,
            "dilation_rate": (1, 1),
            "kernel_regularizer": None,
        },
    ),
    "DepthwiseConv2D": Writing(
        ("kernel_size",),
        {
            **_WINDOW,
            **_WEIGHTED,
            "depth_multiplier": 1,
            "dilation_rate": (1, 1),
            "depthwise_regularizer": None,
        },
    ),
    "SeparableConv2D": Writing(
        ("filters", "kernel_size"),
        {**_WINDOW, **_WEIGHTED, "depth_multiplier": 1, "dilation_rate": (1, 1)},
    ),
    "Dense": Writing(("units",), {**_WEIGHTED, "kernel_regularizer": None}),
    "MaxPooling2D": _POOLING,
    "AveragePooling2D": _POOLING,
    "GlobalAveragePooling2D": Writing((), {"keepdims": False}),
    "GlobalMaxPooling2D": Writing((), {"keepdims": False}),
    "ZeroPadding2D": Writing(("padding",)),
    "UpSampling2D": Writing(("size",)),
    "Reshape": Writing(("target_shape",)),
    "Flatten": Writing(),
    "Dropout": Writing(("rate",)),
    "BatchNormalization": Writing(
        (),
        {"axis": -1, "momentum": 0.99, "epsilon": 0.001, "center": True, "scale": True},
    ),
    "LayerNormalization": Writing((), {"axis": -1, "epsilon": 0.001}),
    "Activation": Writing(("activation",)),
    "ReLU": Writing((), {"max_value": None, "negative_slope": 0.0, "threshold": 0.0}),
    "LeakyReLU": Writing((), {"negative_slope": 0.3}),
    "Add": Writing(),
    "Multiply": Writing(),
    "Average": Writing(),
    "Concatenate": Writing((), {"axis": -1}),
}


def writing(class_name: str) -> Writing:
    """Return how a class is written."""
    return WRITINGS.get(class_name, Writing())


def written_arguments(class_name: str, config: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return (keyword, value) in the order they are written; ``""`` for no keyword.

    Args:
        class_name: a Keras class.
        config: its arguments; values may be :class:`Code`.
    """
    how = writing(class_name)
    written: list[tuple[str, Any]] = []
    for name in how.first:
        if name not in config:
            break
        written.append(("", config[name]))
    done = set(how.first[: len(written)])
    for name, value in config.items():
        if name in done or _is_default(how, name, value, config):
            continue
        written.append((name, value))
    return written


def _is_default(how: Writing, name: str, value: Any, config: Mapping[str, Any]) -> bool:
    if name == "strides" and "pool_size" in config:  # a window moves by its own size
        return value == config["pool_size"] and isinstance(value, Code) == isinstance(
            config["pool_size"], Code
        )
    if isinstance(value, Code) or name not in how.defaults:
        return False
    default = how.defaults[name]
    return value == default and type(value) is type(default)
