"""Squeeze-and-excitation on bottleneck blocks (Hu et al., arXiv:1709.01507)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from designer.graph import GraphBuilder
from designer.templates.blocks.bottleneck import BottleneckPattern
from designer.templates.parameters import Integer


class SqueezeExcitationPattern(BottleneckPattern):
    """The two dense layers keep their biases; Keras's Dense works at every place of the maps,
    and squeezed maps have one."""

    name = "squeeze_excitation"
    label = "Squeeze-and-excitation"
    teaches = "A bottleneck that looks at all its maps at once and turns each up or down."
    order = 60
    fields = (
        *BottleneckPattern.fields,
        Integer(
            name="ratio",
            label="Ratio",
            help="How many times fewer units the squeezed layer has than there are maps.",
            default=16,
            maximum=256,
            slider=(1, 32),
            unit="times",
        ),
    )

    def weigh(self, g: GraphBuilder, x: str, p: Mapping[str, Any], channels: int) -> str:
        squeezed = g.add("GlobalAveragePooling2D", "squeeze", x, keepdims=True)
        few = max(1, channels // p["ratio"])
        weights = g.add("Dense", "excite1", squeezed, units=few, activation="relu")
        weights = g.add("Dense", "excite2", weights, units=channels, activation="sigmoid")
        return g.add("Multiply", "scale", (x, weights))
