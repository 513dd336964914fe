"""ResNeXt: bottlenecks split into parallel paths (Xie et al., arXiv:1611.05431)."""

from __future__ import annotations

from math import gcd

from designer.templates import shared_parameters
from designer.templates.blocks.bottleneck import WIDER, BottleneckPattern
from designer.templates.blocks.parts import expansion_field, opening_strides
from designer.templates.parameters import Chosen

CARDINALITY = 32


def _cardinality(chosen: Chosen) -> int:
    """The paper's 32 paths, or as many of them as divide the filters."""
    previous = chosen["previous"]
    usual = previous["cardinality"] if previous and previous["pattern"] == "resnext" else None
    return gcd(usual or CARDINALITY, chosen["filters"])


class ResNeXtPattern(BottleneckPattern):
    """The stride stands in the 3 × 3, as in the authors' code."""

    name = "resnext"
    label = "ResNeXt"
    teaches = "A bottleneck whose 3 × 3 is split into parallel paths, which cost far less."
    order = 50
    fields = (
        shared_parameters.kernel_size_parameter(),
        opening_strides(),
        shared_parameters.cardinality_field(_cardinality),
        expansion_field(2, WIDER),
    )
