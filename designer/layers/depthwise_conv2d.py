"""keras.layers.DepthwiseConv2D: a filter of its own for every map."""

from __future__ import annotations

from collections.abc import Sequence

from designer.layers.base import (
    Config,
    LayerRule,
    Shape,
    Weight,
    explain_windows,
    need_maps,
    times,
    window_outputs,
)


class DepthwiseConv2DRule(LayerRule):
    """``depth_multiplier`` filters slide over each map; no map ever meets another."""

    class_name = "DepthwiseConv2D"
    teaches = (
        "Slides a filter of its own over each map and never mixes two of them: it looks for"
        " shapes alone. A 1 × 1 convolution after it does the mixing, for far fewer weights."
    )
    kernel_regularizers = ("depthwise_regularizer",)

    def output_shape(self, config: Config, inputs: Sequence[Shape]) -> Shape:
        height, width, channels = need_maps(self, inputs)
        sides = window_outputs(
            (height, width),
            config["kernel_size"],
            config["strides"],
            config.get("padding", "valid"),
            argument="kernel_size",
            what="kernel",
        )
        return (*sides, channels * config.get("depth_multiplier", 1))

    def weights(self, config: Config, inputs: Sequence[Shape]) -> tuple[Weight, ...]:
        channels, each = inputs[0][-1], config.get("depth_multiplier", 1)
        kernel = Weight("kernel", (*config["kernel_size"], channels, each))
        if not config.get("use_bias", True):
            return (kernel,)
        return kernel, Weight("bias", (channels * each,))

    def multiply_adds(self, config: Config, inputs: Sequence[Shape], output: Shape) -> int:
        places = output[0] * output[1]
        return places * self.weights(config, inputs)[0].count

    def explain_shape(self, config: Config, inputs: Sequence[Shape], output: Shape) -> str:
        sides = explain_windows(
            inputs[0][:2],
            output[:2],
            config["kernel_size"],
            config["strides"],
            config.get("padding", "valid"),
        )
        each = config.get("depth_multiplier", 1)
        maps = "one map" if each == 1 else f"{each:,} maps"
        return f"{sides} Each of the {inputs[0][2]:,} maps becomes {maps}."

    def explain_params(self, config: Config, inputs: Sequence[Shape]) -> str:
        kernel, *bias = self.weights(config, inputs)
        total = kernel.count + sum(weight.count for weight in bias)
        each = f" × {kernel.shape[3]:,} filters each" if kernel.shape[3] > 1 else ""
        biases = f" + {bias[0].count:,} biases" if bias else ""
        return (
            f"{times(kernel.shape[:2])} weights × {kernel.shape[2]:,} channels{each}{biases}"
            f" = {total:,}"
        )

    def explain_multiply_adds(self, config: Config, inputs: Sequence[Shape], output: Shape) -> str:
        kernel = self.weights(config, inputs)[0]
        count = self.multiply_adds(config, inputs, output)
        return f"{times(output[:2])} places × {kernel.count:,} weights = {count:,}"
