"""What plain convolutional networks (CNN, VGG) share: their groups, said as composable's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def plain_group(group: Mapping[str, Any], **own: Any) -> dict[str, Any]:
    """Return a group of plain convolutions.

    Args:
        group: the template's group.
        own: what the template has once for all its groups.
    """
    whole = {"pattern": "plain", "cardinality": 1, "padding": "same", "pool_size": 2, **own,
             **group}  # fmt: skip
    if whole["pooling"] == "none":
        del whole["pool_size"]
    return whole
