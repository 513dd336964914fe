"""keras.layers.Dropout: forgetting, on purpose, while training."""

from __future__ import annotations

from designer.layers.base import LayerRule


class DropoutRule(LayerRule):
    class_name = "Dropout"
    teaches = (
        "While training, silences a random part of its inputs each step, so that the network"
        " cannot rely on learning examples by heart. It does nothing when the model predicts."
    )
