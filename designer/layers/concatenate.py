"""keras.layers.Concatenate: maps laid behind each other."""

from __future__ import annotations

from collections.abc import Sequence

from designer.layers.base import Config, LayerFault, LayerRule, Shape, times


class ConcatenateRule(LayerRule):
    """Along the last axis, which is Keras's default: the channels of maps."""

    class_name = "Concatenate"
    teaches = (
        "Lays the maps that came in and the new ones behind each other, so that every later"
        " block still sees all that was found before it, unchanged."
    )

    def output_shape(self, config: Config, inputs: Sequence[Shape]) -> Shape:
        if len({shape[:-1] for shape in inputs}) > 1:
            shapes = " and ".join(times(shape) for shape in inputs)
            raise LayerFault(
                f"It lays maps of different sizes behind each other: {shapes}.",
                works="All ways into a concatenation need the same height and width.",
            )
        return (*inputs[0][:-1], sum(shape[-1] for shape in inputs))

    def explain_shape(self, config: Config, inputs: Sequence[Shape], output: Shape) -> str:
        maps = " + ".join(f"{shape[-1]:,}" for shape in inputs)
        return f"{maps} = {output[-1]:,} maps, each of the size it had."
