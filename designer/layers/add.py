"""keras.layers.Add: where an identity link meets its block."""

from __future__ import annotations

from collections.abc import Sequence

from designer.layers.base import Config, LayerFault, LayerRule, Shape, times


class AddRule(LayerRule):
    class_name = "Add"
    teaches = (
        "Adds what entered the block to what the block made of it: h(x) = f(x) + x. The gradient"
        " has a straight way back, which is why very deep networks still learn."
    )

    def output_shape(self, config: Config, inputs: Sequence[Shape]) -> Shape:
        if len(set(inputs)) > 1:
            shapes = " and ".join(times(shape) for shape in inputs)
            raise LayerFault(
                f"It adds maps of different shapes: {shapes}.",
                works="Both ways into an addition need the same height, width and filters; a"
                " projection on the identity link makes them so.",
            )
        return inputs[0]
