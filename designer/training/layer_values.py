"""What was seen inside a network at one moment: plain frozen values, no TensorFlow."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Spread:
    """How numbers are spread.

    Attributes:
        mean: of all of them.
        std: their standard deviation.
        low: the smallest.
        high: the largest.
        counts: how many fall into each of as many equal parts of low to high.
    """

    mean: float
    std: float
    low: float
    high: float
    counts: tuple[int, ...] = ()

    @property
    def root_mean_square(self) -> float:
        """Their usual size, whatever the sign."""
        return math.hypot(self.mean, self.std)


@dataclass(frozen=True)
class LayerValues:
    """One layer at one moment, for one batch.

    Attributes:
        name: of the layer.
        class_name: its Keras class.
        activation: Keras's name of what follows its sums: ``"relu"``, ``"linear"``.
        outputs: what it puts out; ``None`` where that could not be seen.
        zeros: share of its outputs that are exactly 0.
        dead: share of its units (channels, for pictures) that are 0 for every example.
        weights: each of its trainable weights (``"kernel"``, ``"bias"``).
        gradients: the loss's gradient of each of them.
        weight_norm: length of all its trainable weights together.
        gradient_norm: length of all their gradients together.
    """

    name: str
    class_name: str
    activation: str
    outputs: Spread | None
    zeros: float
    dead: float
    weights: Mapping[str, Spread]
    gradients: Mapping[str, Spread]
    weight_norm: float
    gradient_norm: float


@dataclass(frozen=True)
class LayerSnapshot:
    """All layers of a run at one moment.

    Attributes:
        epoch: the epoch under way or just done, counted from 1.
        step: steps done.
        layers: in the order of the network.
    """

    epoch: int
    step: int
    layers: tuple[LayerValues, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON values; what is not a finite number becomes null."""
        return _strict(asdict(self))

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> LayerSnapshot:
        """Make it again from ``to_dict``."""
        return cls(
            values["epoch"], values["step"], tuple(_layer(layer) for layer in values["layers"])
        )


def _strict(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _strict(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_strict(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _number(value: float | None) -> float:
    return math.nan if value is None else value


def _spread(values: Mapping[str, Any]) -> Spread:
    mean, std, low, high = (_number(values[name]) for name in ("mean", "std", "low", "high"))
    return Spread(mean, std, low, high, tuple(values["counts"]))


def _layer(values: Mapping[str, Any]) -> LayerValues:
    outputs = values["outputs"]
    return LayerValues(
        values["name"],
        values["class_name"],
        values["activation"],
        None if outputs is None else _spread(outputs),
        _number(values["zeros"]),
        _number(values["dead"]),
        {name: _spread(one) for name, one in values["weights"].items()},
        {name: _spread(one) for name, one in values["gradients"].items()},
        _number(values["weight_norm"]),
        _number(values["gradient_norm"]),
    )
