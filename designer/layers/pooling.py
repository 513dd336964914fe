"""keras.layers.MaxPooling2D and AveragePooling2D: maps made smaller by a fixed rule."""

from __future__ import annotations

from collections.abc import Sequence

from designer.layers.base import (
    Config,
    LayerRule,
    Shape,
    explain_windows,
    need_maps,
    window_outputs,
)


class _PoolingRule(LayerRule):
    def output_shape(self, config: Config, inputs: Sequence[Shape]) -> Shape:
        height, width, channels = need_maps(self, inputs)
        sides = window_outputs(
            (height, width),
            config["pool_size"],
            config["strides"],
            config.get("padding", "valid"),
            argument="pool_size",
            what="pool",
        )
        return (*sides, channels)

    def explain_shape(self, config: Config, inputs: Sequence[Shape], output: Shape) -> str:
        sides = explain_windows(
            inputs[0][:2],
            output[:2],
            config["pool_size"],
            config["strides"],
            config.get("padding", "valid"),
        )
        return f"{sides} The number of maps stays {output[2]:,}."


class MaxPooling2DRule(_PoolingRule):
    class_name = "MaxPooling2D"
    teaches = (
        "Keeps the strongest answer of each window and drops the rest: smaller maps, the"
        " features still there."
    )


class AveragePooling2DRule(_PoolingRule):
    class_name = "AveragePooling2D"
    teaches = "Keeps the mean of each window: smaller, smoother maps."
