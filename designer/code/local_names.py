"""A layer's name without the names of the places it stands in."""

from __future__ import annotations

from designer.graph import Layer


def local_name(layer: Layer) -> str:
    """Return ``conv1`` of ``group2_block1_conv1``."""
    steps = layer.path.split("/")
    for start in range(len(steps)):
        prefix = "_".join(steps[start:]) + "_"
        if layer.name.startswith(prefix):
            return layer.name.removeprefix(prefix)
    return layer.name
