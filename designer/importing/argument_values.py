"""The values of layers' arguments, read from JSON into the form that a design has them in.

Each function returns ``...`` for a value that no layer of ours has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from designer.importing.limits import LARGEST_SIZE
from designer.importing.naming import fit

#: Keras's name of a function → ours, where they differ.
_SAME_FUNCTION = {"silu": "swish"}


def _count(value: Any) -> Any:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and 1 <= value <= LARGEST_SIZE else ...


def _flag(value: Any) -> Any:
    return value if isinstance(value, bool) else ...


def _number(value: Any) -> Any:
    fits = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if fits and abs(value) <= LARGEST_SIZE else ...


def _pair(value: Any) -> Any:
    """Read ``3`` and ``[3, 3]``: both are ``(3, 3)``."""
    if value is None:
        return None
    sides = value if isinstance(value, (list, tuple)) else [value, value]
    if len(sides) != 2 or any(_count(side) is ... for side in sides):
        return ...
    return tuple(sides)


def border(value: Any) -> Any:
    """Read ``1``, ``[1, 1]`` and ``[[1, 1], [1, 1]]``: a border of equal width on either side.

    ``[[0, 1], [0, 1]]`` stays what it is: two pairs.
    """
    sides = value if isinstance(value, (list, tuple)) else [value, value]
    if len(sides) != 2:
        return ...
    pairs = [side if isinstance(side, (list, tuple)) else [side, side] for side in sides]
    for pair in pairs:
        fits = len(pair) == 2 and all(side == 0 or _count(side) is not ... for side in pair)
        if not fits:
            return ...
    if all(first == last for first, last in pairs):
        return tuple(first for first, _ in pairs)
    return tuple(tuple(pair) for pair in pairs)


def _target(value: Any) -> Any:
    if not isinstance(value, (list, tuple)) or len(value) > 12:
        return ...
    return tuple(value) if all(side == -1 or _count(side) is not ... for side in value) else ...


def _function(value: Any) -> Any:
    """Read an activation; ``None`` for one that is no name."""
    if value is None:
        return "linear"
    if isinstance(value, Mapping):  # an object of Keras's: its name, if it is a function
        inner = value.get("config")
        value = inner if value.get("class_name") == "function" else None
    if not isinstance(value, str) or not value.isidentifier():
        return None
    return _SAME_FUNCTION.get(value, value)


def _padding(value: Any) -> Any:
    return value if value in ("same", "valid") else ...


READERS: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        "units": _count,
        "filters": _count,
        "groups": _count,
        "depth_multiplier": _count,
        "kernel_size": _pair,
        "strides": _pair,
        "pool_size": _pair,
        "padding": _padding,
        "activation": _function,
        "use_bias": _flag,
        "keepdims": _flag,
        "momentum": _number,
        "epsilon": _number,
        "rate": _number,
        "max_value": lambda value: None if value is None else _number(value),
        "negative_slope": lambda value: 0.0 if value is None else _number(value),
        "threshold": lambda value: 0.0 if value is None else _number(value),
        "target_shape": _target,
    }
)


def class_of(value: Any) -> str | None:
    """Return the class of a serialized object, or a name that stands for one."""
    if isinstance(value, Mapping):
        value = value.get("class_name")
    return fit(value) if isinstance(value, str) else None


def is_glorot(value: Any) -> bool:
    """Say whether this is how the first versions of Keras 2 wrote Glorot's uniform numbers."""
    usual = {"scale": 1.0, "mode": "fan_avg", "distribution": "uniform"}
    config = value.get("config") if isinstance(value, Mapping) else None
    return isinstance(config, Mapping) and all(config.get(key) == usual[key] for key in usual)


def policy_of(value: Any) -> str | None:
    """Return the type that a layer computes in."""
    if isinstance(value, Mapping):
        config = value.get("config")
        value = config.get("name") if isinstance(config, Mapping) else "a type of its own"
    if value is None or isinstance(value, str):
        return None if value is None else fit(value)
    return "a type of its own"
