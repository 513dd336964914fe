"""keras.layers.ZeroPadding2D: a border of zeros around each map."""

from __future__ import annotations

from collections.abc import Sequence

from designer.layers.base import Config, LayerRule, Shape, need_maps


class ZeroPadding2DRule(LayerRule):
    class_name = "ZeroPadding2D"
    teaches = "Puts a border of zeros around each map, so that a window can reach over the edge."

    def output_shape(self, config: Config, inputs: Sequence[Shape]) -> Shape:
        height, width, channels = need_maps(self, inputs)
        vertical, horizontal = config["padding"]
        return height + 2 * vertical, width + 2 * horizontal, channels

    def explain_shape(self, config: Config, inputs: Sequence[Shape], output: Shape) -> str:
        each = [
            f"{side:,} + 2 × {border} = {out:,}"
            for side, border, out in zip(inputs[0], config["padding"], output, strict=False)
        ]
        if len(set(each)) == 1:
            return f"Each side: {each[0]}."
        return f"Height: {each[0]}; width: {each[1]}."
