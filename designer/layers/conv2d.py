"""keras.layers.Conv2D: filters slid over feature maps."""

from __future__ import annotations

from collections.abc import Sequence

from designer.layers.base import (
    Config,
    LayerFault,
    LayerRule,
    Shape,
    Weight,
    explain_windows,
    need_maps,
    times,
    window_outputs,
)


def _divisors(number: int, other: int) -> str:
    common = [n for n in range(1, 257) if number % n == 0 and other % n == 0]
    return ", ".join(str(n) for n in common)


class Conv2DRule(LayerRule):
    class_name = "Conv2D"
    teaches = (
        "Each filter is a small window slid over the maps; it answers how strongly its feature"
        " is seen at each place, which makes one new map a filter."
    )
    kernel_regularizers = ("kernel_regularizer",)

    def output_shape(self, config: Config, inputs: Sequence[Shape]) -> Shape:
        height, width, channels = need_maps(self, inputs)
        self._check_cardinality(config, channels)
        sides = window_outputs(
            (height, width),
            config["kernel_size"],
            config["strides"],
            config.get("padding", "valid"),
            argument="kernel_size",
            what="kernel",
        )
        return (*sides, config["filters"])

    @staticmethod
    def _check_cardinality(config: Config, channels: int) -> None:
        cardinality, filters = config.get("groups", 1), config["filters"]
        if filters % cardinality == 0 and channels % cardinality == 0:
            return
        if filters % cardinality:
            problem = f"the {filters} filters cannot be split into {cardinality} equal parts"
        else:
            problem = f"the {channels} channels coming in cannot be split into {cardinality}"
        raise LayerFault(
            f"Its cardinality is {cardinality}, but {problem}.",
            argument="groups",
            works="The cardinality must divide both the channels coming in and the filters:"
            f" any of {_divisors(channels, filters)} works.",
        )

    def weights(self, config: Config, inputs: Sequence[Shape]) -> tuple[Weight, ...]:
        channels, filters = inputs[0][-1], config["filters"]
        shape = (*config["kernel_size"], channels // config.get("groups", 1), filters)
        if not config.get("use_bias", True):
            return (Weight("kernel", shape),)
        return Weight("kernel", shape), Weight("bias", (filters,))

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
        return f"{sides} One map for each of {config['filters']:,} filters."

    def explain_params(self, config: Config, inputs: Sequence[Shape]) -> str:
        kernel, *bias = self.weights(config, inputs)
        total = kernel.count + sum(weight.count for weight in bias)
        cardinality = config.get("groups", 1)
        split = f" ({inputs[0][-1]:,} / cardinality {cardinality})" if cardinality > 1 else ""
        biases = f" + {config['filters']:,} biases" if bias else ""
        return (
            f"{times(kernel.shape[:2])} × {kernel.shape[2]:,} channels{split}"
            f" × {config['filters']:,} filters{biases} = {total:,}"
        )

    def explain_multiply_adds(self, config: Config, inputs: Sequence[Shape], output: Shape) -> str:
        kernel = self.weights(config, inputs)[0]
        count = self.multiply_adds(config, inputs, output)
        return f"{times(output[:2])} places × {kernel.count:,} weights = {count:,}"
