"""A figure: what was measured on both sides, and the ratio that is wanted."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class AtLeast:
    """The wanted ratio is this number or more."""

    number: float

    def holds(self, ratio: float) -> bool:
        """Return whether a ratio is as wanted."""
        return ratio >= self.number

    def __str__(self) -> str:
        return f"≥ {self.number:g}"


@dataclass(frozen=True)
class AtMost:
    """The wanted ratio is this number or less."""

    number: float

    def holds(self, ratio: float) -> bool:
        """Return whether a ratio is as wanted."""
        return ratio <= self.number

    def __str__(self) -> str:
        return f"≤ {self.number:g}"


@dataclass(frozen=True)
class Figure:
    """One line of the table.

    Attributes:
        name: what was measured.
        unit: of both sides' measurements.
        ours: Model Designer's measurements, one a repetition.
        other: the other side's measurements, or the one number that is a limit.
        other_name: what the other side is.
        wanted: the ratio to reach.
        method: how it was measured, in a sentence or two.
        turned: whether the ratio is other / ours ("times faster") instead of ours / other.
    """

    name: str
    unit: str
    ours: Sequence[float]
    other: Sequence[float]
    other_name: str
    wanted: AtLeast | AtMost
    method: str
    turned: bool = False

    @property
    def ratio(self) -> float:
        """The ratio of the medians; 0 / 0 counts as 0, nothing of a limit of nothing."""
        above, below = statistics.median(self.ours), statistics.median(self.other)
        if self.turned:
            above, below = below, above
        if below == 0:
            return 0.0 if above == 0 else float("inf")
        return above / below

    @property
    def is_reached(self) -> bool:
        """Whether the ratio is as wanted."""
        return self.wanted.holds(self.ratio)


@dataclass(frozen=True)
class Effort:
    """How much to measure.

    Attributes:
        quick: whether few repetitions are enough: to see that it works, not for the record.
    """

    quick: bool = False

    def repetitions(self, full: int, quick: int = 2) -> int:
        """Return how many repetitions to make."""
        return quick if self.quick else full
