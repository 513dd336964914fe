"""What a person does to a group in one go: another group half as large, another pattern."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from designer.design import Design


def halving(design: Design) -> dict[str, Any] | None:
    """Return the fields with which one more group like the last would halve the maps, once.

    A group that pools halves them by its pooling, the others by their strides. ``None`` for a
    network without groups that could.

    >>> halving(Design.from_template("vgg16")), halving(Design.from_template("resnet50"))
    ({'strides': 1}, {'strides': 2})
    """
    groups = design.parameters.get("groups")
    if not groups or "strides" not in groups[-1]:
        return None
    last = groups[-1]
    if not pools(design, last):
        return {"strides": 2}
    return {"strides": 1, "pool_size": 2} if "pool_size" in last else {"strides": 1}


def pools(design: Design, group: Mapping[str, Any]) -> bool:
    """Return whether a group ends in a pooling, by its own choice or its network's."""
    whole: str = group.get("pooling", "none")
    if "pattern" not in group and "pooling" not in group:
        whole = design.parameters.get("pooling", "none")
    return whole != "none"


def kept_fields(design: Design, group: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what a group keeps when it gets another pattern: its size, and how it shrinks maps.

    The strides of a group that pools are no measure of that; the new pattern's are better.
    """
    size = ("filters", "blocks")
    return size if pools(design, group) else (*size, "strides")
