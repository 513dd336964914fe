"""keras.layers.Activation and ReLU: a function applied to every number."""

from __future__ import annotations

from designer.layers.base import LayerRule


class ActivationRule(LayerRule):
    class_name = "Activation"
    teaches = "Bends the straight lines of the layer before it, so that depth adds something."


class ReLURule(LayerRule):
    class_name = "ReLU"
    teaches = "Passes what is above zero and stops the rest: the most common activation."
