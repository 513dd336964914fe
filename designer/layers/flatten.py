"""keras.layers.Flatten: rows laid end to end."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from designer.layers.base import Config, LayerRule, Shape, times


class FlattenRule(LayerRule):
    class_name = "Flatten"
    teaches = "Lays the rows of all maps end to end, because a dense layer takes one vector."

    def output_shape(self, config: Config, inputs: Sequence[Shape]) -> Shape:
        return (prod(inputs[0]),)

    def explain_shape(self, config: Config, inputs: Sequence[Shape], output: Shape) -> str:
        return f"{times(inputs[0])} = {output[0]:,}"
