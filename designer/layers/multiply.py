"""keras.layers.Multiply: numbers times numbers, a map times its weight."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from designer.layers.base import Config, LayerFault, LayerRule, Shape, times


class MultiplyRule(LayerRule):
    """As Keras broadcasts: a side of 1 stretches to any other, and missing sides count as 1."""

    class_name = "Multiply"
    teaches = (
        "Multiplies what comes in, number by number. In a squeeze-and-excitation block each map"
        " is turned up or down by the one number the block found for it."
    )

    def output_shape(self, config: Config, inputs: Sequence[Shape]) -> Shape:
        def together(one: Shape, other: Shape) -> Shape:
            if len(one) < len(other):
                one, other = other, one
            start = len(one) - len(other)
            sides = list(one[:start])
            for a, b in zip(one[start:], other, strict=True):
                if a != b and 1 not in (a, b):
                    raise LayerFault(
                        f"It multiplies different shapes: {times(one)} and {times(other)}.",
                        works="Both ways into a multiplication need the same sizes, or 1 where"
                        " one number stands for all.",
                    )
                sides.append(b if a == 1 else a)
            return tuple(sides)

        return reduce(together, inputs)

    def explain_shape(self, config: Config, inputs: Sequence[Shape], output: Shape) -> str:
        if len(set(inputs)) == 1:
            return "The same shape as its inputs."
        shapes = " and ".join(times(shape) for shape in inputs)
        return f"{shapes}: a side of 1 is stretched to the other's, which gives {times(output)}."
