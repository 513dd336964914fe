"""keras.layers.Reshape: the same numbers in another order of rows and columns."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from designer.layers.base import Config, LayerFault, LayerRule, Shape, times


class ReshapeRule(LayerRule):
    class_name = "Reshape"
    teaches = "Lays the same numbers out in another shape; not one of them changes."

    def output_shape(self, config: Config, inputs: Sequence[Shape]) -> Shape:
        wanted, count = tuple(config["target_shape"]), prod(inputs[0])
        if wanted.count(-1) == 1:  # as many as are left
            known = -prod(wanted)
            if known > 0 and count % known == 0:
                wanted = tuple(count // known if side == -1 else side for side in wanted)
        if -1 in wanted or prod(wanted) != count:
            shape = " × ".join(str(side) for side in config["target_shape"])
            raise LayerFault(
                f"It is to lay {times(inputs[0])} = {count:,} numbers out as {shape}.",
                works="A shape that holds exactly as many numbers works.",
                argument="target_shape",
            )
        return wanted

    def explain_shape(self, config: Config, inputs: Sequence[Shape], output: Shape) -> str:
        return f"The same {prod(output):,} numbers: {times(inputs[0])} laid out as {times(output)}."
