"""The network that is looked for, in a form that expansions can be held against."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from designer.importing.cuts import cut_layers
from designer.layers import Shape

#: Their inputs may come in any order.
_ANY_ORDER = {"Add", "Multiply"}

_POOLINGS = {"MaxPooling2D": "max", "AveragePooling2D": "average"}

#: How far ahead values for the parameters of a group are looked for, in layers.
WINDOW = 32

Kind = tuple[str, tuple[tuple[str, Any], ...], tuple[str, ...]]


class TargetLayer:
    """A layer of the network: class, arguments and inputs in a design's own words."""

    __slots__ = ("class_name", "config", "inputs", "name")

    def __init__(
        self, name: str, class_name: str, config: Mapping[str, Any], inputs: Sequence[str]
    ) -> None:
        self.name = name
        self.class_name = class_name
        self.config = config
        self.inputs = tuple(inputs)


class Target:
    """The network.

    Args:
        layers: inputs before users.
        outputs: the layers that give the answers, in order.
        shapes: of what each layer puts out.
    """

    def __init__(
        self, layers: Sequence[TargetLayer], outputs: Sequence[str], shapes: Mapping[str, Shape]
    ) -> None:
        self.layers = tuple(layers)
        self.outputs = tuple(outputs)
        self.shapes = shapes
        self.place = {layer.name: number for number, layer in enumerate(self.layers)}
        inputs = {layer.name: layer.inputs for layer in self.layers}
        self.cuts = cut_layers([layer.name for layer in self.layers], inputs, outputs)
        self._by_kind: dict[Kind, list[str]] = defaultdict(list)
        for layer in self.layers:
            self._by_kind[kind_of(layer.class_name, layer.config, layer.inputs)].append(layer.name)

    @cached_property
    def everywhere(self) -> dict[str, list[Any]]:
        """The strides and poolings there are: few, and maybe at the far end of a group."""
        pools = [one for one in self.layers if one.class_name in _POOLINGS]
        moving = [one for one in self.layers if "strides" in one.config]
        kinds = distinct(_POOLINGS[one.class_name] for one in pools)
        return {
            "strides": distinct(side_of(one, "strides") for one in moving) or [1],
            "pooling": [*kinds, "none"],
            "pool_size": distinct(side_of(one, "pool_size") for one in pools),
        }

    def alike(self, kind: Kind) -> list[str]:
        """Return the layers of a kind."""
        return self._by_kind.get(kind, [])

    def after(self, name: str, count: int) -> Iterator[TargetLayer]:
        """Yield the layers behind a cut, in order."""
        start = self.place[name] + 1
        yield from self.layers[start : start + count]


def side_of(layer: TargetLayer, argument: str) -> int | None:
    """Return the side of a square window or step; ``None`` if it is not square."""
    first, last = layer.config[argument]
    return first if first == last else None


def distinct(values: Iterable[Any]) -> list[Any]:
    """Return the values that are some, each once."""
    return [value for value in dict.fromkeys(values) if value is not None]


def kind_of(class_name: str, config: Mapping[str, Any], inputs: Sequence[str]) -> Kind:
    """Return what makes two layers the same: class, arguments, and what they are fed by.

    A window of 1 × 1 never reaches over a border, so its padding makes no difference.
    """
    feeds = sorted(inputs) if class_name in _ANY_ORDER else inputs
    arguments = dict(config)
    if (1, 1) in (config.get("kernel_size"), config.get("pool_size")):
        arguments.pop("padding", None)
    return class_name, tuple(sorted(arguments.items())), tuple(feeds)
