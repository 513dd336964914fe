"""keras.layers.BatchNormalization: each channel brought back to a steady scale."""

from __future__ import annotations

from collections.abc import Sequence

from designer.layers.base import Config, LayerRule, Shape, Weight


class BatchNormalizationRule(LayerRule):
    class_name = "BatchNormalization"
    teaches = (
        "Brings every channel back to a steady mean and spread, batch by batch. Deeper networks"
        " converge sooner and bear higher learning rates."
    )

    def weights(self, config: Config, inputs: Sequence[Shape]) -> tuple[Weight, ...]:
        channels = (inputs[0][-1],)
        return (
            Weight("gamma", channels),
            Weight("beta", channels),
            Weight("moving_mean", channels, trainable=False),
            Weight("moving_variance", channels, trainable=False),
        )

    def explain_params(self, config: Config, inputs: Sequence[Shape]) -> str:
        channels = inputs[0][-1]
        return (
            f"4 × {channels:,} channels = {4 * channels:,}: scale and offset are trained"
            f" ({2 * channels:,}), the moving mean and variance are not ({2 * channels:,})"
        )
