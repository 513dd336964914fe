"""The network that is looked for, in a form that expansions can be held against."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from designer.importing.cuts import cut_layers
from designer.layers import Shape

#: Their inputs may come in any order.
_ANY_ORDER = {"Add", "Multiply"}

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

    def alike(self, kind: Kind) -> list[str]:
        """Return the layers of a kind."""
        return self._by_kind.get(kind, [])

    def after(self, name: str, count: int) -> Iterator[TargetLayer]:
        """Yield the layers behind a cut, in order."""
        start = self.place[name] + 1
        yield from self.layers[start : start + count]


def kind_of(class_name: str, config: Mapping[str, Any], inputs: Sequence[str]) -> Kind:
    """Return what makes two layers the same: class, arguments, and what they are fed by.

    A window of 1 × 1 never reaches over a border, so its padding makes no difference.
    """
    feeds = sorted(inputs) if class_name in _ANY_ORDER else inputs
    arguments = dict(config)
    if (1, 1) in (config.get("kernel_size"), config.get("pool_size")):
        arguments.pop("padding", None)
    return class_name, tuple(sorted(arguments.items())), tuple(feeds)
