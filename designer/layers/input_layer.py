"""keras.layers.InputLayer: where the examples come in."""

from __future__ import annotations

from collections.abc import Sequence

from designer.layers.base import Config, LayerRule, Shape, times


class InputLayerRule(LayerRule):
    class_name = "InputLayer"
    teaches = (
        "The door: it says what one example looks like. It learns nothing; the batch size stays"
        " open until the model is used."
    )

    def output_shape(self, config: Config, inputs: Sequence[Shape]) -> Shape:
        return tuple(config["shape"])

    def explain_shape(self, config: Config, inputs: Sequence[Shape], output: Shape) -> str:
        return f"One example is {times(output)} numbers; the batch size stays open."
