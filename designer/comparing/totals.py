"""The totals of two designs, and by how much they differ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from designer.layers import rule_for
from designer.layers.base import LayerRule
from designer.memory import write_bytes
from designer.summary import Summary

#: The batch that memory to train is told for.
BATCH_SIZE = 32

#: Layers with weights that the name of a network does not count: ResNet50 has 50 without them.
_NOT_COUNTED = {"BatchNormalization", "LayerNormalization"}


@dataclass(frozen=True)
class Total:
    """A total that designs are compared by.

    Attributes:
        name: in JSON.
        label: for a person.
        of: reads it from a summary.
        write: writes its amount for a person.
        of_shapes: whether it needs every layer's shape; then a design that cannot be built has
            only part of it.
    """

    name: str
    label: str
    of: Callable[[Summary], int]
    write: Callable[[float], str]
    of_shapes: bool = True


@dataclass(frozen=True)
class TotalDifference:
    """A total of A and of B.

    Attributes:
        is_whole: whether both could be counted to their end.
    """

    total: Total
    a: int
    b: int
    is_whole: bool = True

    @property
    def difference(self) -> int:
        return self.b - self.a

    @property
    def relative(self) -> float | None:
        """The difference as a share of A's total; ``None`` where A has nothing."""
        return self.difference / self.a if self.a else None

    @property
    def sign(self) -> str:
        """``▲`` for more, ``▼`` for less, ``=`` for the same."""
        return "▲" if self.difference > 0 else "▼" if self.difference < 0 else "="

    @property
    def words(self) -> str:
        """The difference as a person would say it: "▼ 4,062,696 less (−15.8%)"."""
        if not self.is_whole:
            return "not to be compared"
        if not self.difference:
            return "= the same"
        amount = self.total.write(abs(self.difference))
        more = "more" if self.difference > 0 else "less"
        return f"{self.sign} {amount} {more}{self._share()}"

    def _share(self) -> str:
        if self.relative is None:
            return ""
        if self.a and self.b / self.a >= 10:
            return f" (× {self.b / self.a:,.0f})"
        percent = 100 * self.relative
        if abs(percent) < 0.05:
            return " (under 0.1%)"
        return f" ({percent:+.1f}%)".replace("-", "−")

    def to_dict(self) -> dict[str, Any]:
        return {
            "name": self.total.name,
            "a": self.a,
            "b": self.b,
            "difference": self.difference,
            "relative": self.relative,
            "whole": self.is_whole,
        }


def _write_number(number: float) -> str:
    return f"{number:,.0f}"


def depth(summary: Summary) -> int:
    """Return how many layers with weights stand on the longest way from input to output.

    Normalization is not counted: so ResNet50 comes to 50.
    """
    deep: dict[str, int] = {}
    for layer in summary.layers:
        counts = _has_weights(layer.class_name) and layer.class_name not in _NOT_COUNTED
        deep[layer.name] = max((deep[name] for name in layer.inputs), default=0) + counts
    return max(deep.values(), default=0)


def _has_weights(class_name: str) -> bool:
    return type(rule_for(class_name)).weights is not LayerRule.weights


TOTALS = (
    Total("total_params", "Parameters", lambda s: s.total_params, _write_number),
    Total("trainable_params", "Trainable", lambda s: s.trainable_params, _write_number),
    Total("multiply_adds", "Multiply-adds", lambda s: s.multiply_adds, _write_number),
    Total("weight_bytes", "Memory of weights", lambda s: s.weight_bytes, write_bytes),
    Total("activation_bytes", "Memory of activations", lambda s: s.activation_bytes, write_bytes),
    Total(
        "training_bytes",
        f"Memory to train, batch of {BATCH_SIZE}",
        lambda s: s.training_bytes(BATCH_SIZE),
        write_bytes,
    ),
    Total("layers", "Layers", lambda s: len(s.layers), _write_number, False),
    Total("depth", "Depth, layers with weights", depth, _write_number, False),
)


def compare_totals(a: Summary, b: Summary) -> tuple[TotalDifference, ...]:
    """Return every total of both."""
    built = a.fault is None and b.fault is None
    return tuple(
        TotalDifference(total, total.of(a), total.of(b), built or not total.of_shapes)
        for total in TOTALS
    )
