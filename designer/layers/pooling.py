"""keras.layers.MaxPooling2D and AveragePooling2D: maps made smaller by a fixed rule."""

from __future__ import annotations

from collections.abc import Sequence

from designer.layers.base import (
    Config,
    LayerRule,
    Shape,
    explain_window,
    need_maps,
    window_output,
)


class _PoolingRule(LayerRule):
    def output_shape(self, config: Config, inputs: Sequence[Shape]) -> Shape:
        height, width, channels = need_maps(self, inputs)
        padding = config.get("padding", "valid")
        sides = [
            window_output(side, pool, stride, padding, argument="pool_size", what="pool")
            for side, pool, stride in zip(
                (height, width), config["pool_size"], config["strides"], strict=True
            )
        ]
        return (*sides, channels)

    def explain_shape(self, config: Config, inputs: Sequence[Shape], output: Shape) -> str:
        side = explain_window(
            inputs[0][0],
            output[0],
            config["pool_size"][0],
            config["strides"][0],
            config.get("padding", "valid"),
        )
        return f"{side} The number of maps stays {output[2]:,}."


class MaxPooling2DRule(_PoolingRule):
    class_name = "MaxPooling2D"
    teaches = (
        "Keeps the strongest answer of each window and drops the rest: smaller maps, the"
        " features still there."
    )


class AveragePooling2DRule(_PoolingRule):
    class_name = "AveragePooling2D"
    teaches = "Keeps the mean of each window: smaller, smoother maps."
