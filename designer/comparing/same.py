"""Whether two designs stand for the same network, whatever their layers are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable

from designer.comparing.matching import hashable
from designer.graph import LayerGraph


def is_same_network(a: LayerGraph, b: LayerGraph) -> bool:
    """Return whether both compute the same from the same weights.

    Layers are told apart by their class, their arguments and what feeds them; their names, and
    the order in which parallel branches were written down, do not matter.
    """
    if len(a.layers) != len(b.layers) or len(a.outputs) != len(b.outputs):
        return False
    numbers: dict[Hashable, int] = {}
    left, right = _identities(a, numbers), _identities(b, numbers)
    return Counter(left.values()) == Counter(right.values()) and all(
        left[x] == right[y] for x, y in zip(a.outputs, b.outputs, strict=True)
    )


def _identities(graph: LayerGraph, numbers: dict[Hashable, int]) -> dict[str, int]:
    """Return a number for each layer, the same for layers that do the same to the same."""
    found: dict[str, int] = {}
    for layer in graph.layers:
        feeds = [found[name] for name in layer.inputs]
        if layer.class_name in _EITHER_WAY:
            feeds.sort()
        what = (layer.class_name, hashable(layer.config), tuple(feeds))
        found[layer.name] = numbers.setdefault(what, len(numbers))
    return found


#: Layers that take their inputs in any order.
_EITHER_WAY = {"Add", "Multiply", "Average", "Maximum"}
