"""keras.layers.GlobalAveragePooling2D and GlobalMaxPooling2D: one number a map."""

from __future__ import annotations

from collections.abc import Sequence

from designer.layers.base import Config, LayerRule, Shape, need_maps


class _GlobalPoolingRule(LayerRule):
    def output_shape(self, config: Config, inputs: Sequence[Shape]) -> Shape:
        channels = need_maps(self, inputs)[2]
        return (1, 1, channels) if config.get("keepdims", False) else (channels,)

    def explain_shape(self, config: Config, inputs: Sequence[Shape], output: Shape) -> str:
        kept = ", kept as maps of 1 × 1" if config.get("keepdims", False) else ""
        return f"One number for each of the {output[-1]:,} maps{kept}."


class GlobalAveragePooling2DRule(_GlobalPoolingRule):
    class_name = "GlobalAveragePooling2D"
    teaches = (
        "Replaces every map by its average: a vector as long as there are maps, so that the"
        " task needs far fewer weights than after a Flatten."
    )


class GlobalMaxPooling2DRule(_GlobalPoolingRule):
    class_name = "GlobalMaxPooling2D"
    teaches = "Replaces every map by its largest value."
