"""keras.layers.ZeroPadding2D: a border of zeros around each map."""

from __future__ import annotations

from collections.abc import Sequence

from designer.layers.base import Config, LayerRule, Shape, need_maps


class ZeroPadding2DRule(LayerRule):
    class_name = "ZeroPadding2D"
    teaches = "Puts a border of zeros around each map, so that a window can reach over the edge."

    def output_shape(self, config: Config, inputs: Sequence[Shape]) -> Shape:
        height, width, channels = need_maps(self, inputs)
        (top, bottom), (left, right) = _borders(config)
        return height + top + bottom, width + left + right, channels

    def explain_shape(self, config: Config, inputs: Sequence[Shape], output: Shape) -> str:
        each = [
            f"{side:,} + {_words(*border)} = {out:,}"
            for side, border, out in zip(inputs[0], _borders(config), output, strict=False)
        ]
        if len(set(each)) == 1:
            return f"Each side: {each[0]}."
        return f"Height: {each[0]}; width: {each[1]}."


def _borders(config: Config) -> list[tuple[int, int]]:
    """Return the widths above and below, left and right; a design's are the same on both sides."""
    return [side if isinstance(side, tuple) else (side, side) for side in config["padding"]]


def _words(before: int, after: int) -> str:
    return f"2 × {before}" if before == after else f"{before} + {after}"
