"""keras.layers.Dense: every input connected to every unit."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from designer.layers.base import Config, LayerRule, Shape, Weight, times


class DenseRule(LayerRule):
    """On more than one axis, Dense works on the last one alone, at every place of the others."""

    class_name = "Dense"
    teaches = (
        "Every input is connected to every unit, and each connection has a weight to learn."
        " Each unit adds a bias, the y-intercept of its line."
    )
    kernel_regularizers = ("kernel_regularizer",)

    def output_shape(self, config: Config, inputs: Sequence[Shape]) -> Shape:
        return (*inputs[0][:-1], config["units"])

    def weights(self, config: Config, inputs: Sequence[Shape]) -> tuple[Weight, ...]:
        kernel = Weight("kernel", (inputs[0][-1], config["units"]))
        if not config.get("use_bias", True):
            return (kernel,)
        return kernel, Weight("bias", (config["units"],))

    def multiply_adds(self, config: Config, inputs: Sequence[Shape], output: Shape) -> int:
        return prod(inputs[0]) * config["units"]

    def explain_shape(self, config: Config, inputs: Sequence[Shape], output: Shape) -> str:
        return f"One number for each of its {config['units']:,} units."

    def explain_params(self, config: Config, inputs: Sequence[Shape]) -> str:
        units = config["units"]
        total = sum(weight.count for weight in self.weights(config, inputs))
        biases = f" + {units:,} biases" if config.get("use_bias", True) else ""
        return f"{inputs[0][-1]:,} × {units:,} weights{biases} = {total:,}"

    def explain_multiply_adds(self, config: Config, inputs: Sequence[Shape], output: Shape) -> str:
        count = self.multiply_adds(config, inputs, output)
        return f"{times(inputs[0])} inputs × {config['units']:,} units = {count:,}"
