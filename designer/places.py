"""The places of a network a person can point at: its sections, their blocks, their layers.

The drawing, the layer table, the charts and the inspector all show the same tree and name its
places by the same keys, so that what is selected in one is selected in all:

* a section: ``stem``, ``group2``, ``learner`` (a learner without groups) or ``task``;
* a block of a group: ``group2/block1``, ``group3/transition``;
* a layer: its own name, ``group2_block1_conv1``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from designer.summary import LayerSummary

#: Every number of ours is a 32-bit float.
_BYTES_A_NUMBER = 4


@dataclass(frozen=True, eq=False)
class Place:
    """A part of a network, and what it costs.

    Attributes:
        key: what selects it (see above).
        kind: ``section``, ``block`` or ``layer``.
        title: its name for a person: ``Group 2``, ``Block 1``, ``group2_block1_conv1``.
        role: the part of the network it stands in: ``stem``, ``learner`` or ``task``.
        number: the group it stands in, from 1; 0 outside the groups.
        layers: its layers, in the order they are built.
        children: its blocks and layers; none for a layer.
    """

    key: str
    kind: str
    title: str
    role: str
    number: int
    layers: tuple[LayerSummary, ...]
    children: tuple[Place, ...] = field(default=(), repr=False)

    @cached_property
    def params(self) -> int:
        """Weights and biases, trained or not."""
        return sum(layer.params for layer in self.layers)

    @cached_property
    def multiply_adds(self) -> int:
        """Multiplications paired with an addition, for one example."""
        return sum(layer.multiply_adds for layer in self.layers)

    @cached_property
    def activation_bytes(self) -> int:
        """Memory of what its layers put out for one example, in bytes."""
        return _BYTES_A_NUMBER * sum(layer.output_size for layer in self.layers)

    @property
    def counted(self) -> str:
        """Whether its figures are of ``all`` of its layers, of ``some`` or of ``none``: a file's
        model may have layers that cannot be counted."""
        return how_counted(self.layers)

    @property
    def blocks(self) -> int:
        """How many blocks it repeats; a transition is none."""
        return sum(child.key.rpartition("/")[2].startswith("block") for child in self.children)

    @property
    def fault(self) -> str | None:
        """Why a layer of it cannot be built, if one cannot."""
        return next((str(layer.fault) for layer in self.layers if layer.fault), None)

    def walk(self) -> Iterator[Place]:
        """Yield the place and everything in it, from the outside in."""
        yield self
        for child in self.children:
            yield from child.walk()


def how_counted(layers: Iterable[LayerSummary]) -> str:
    """Return whether ``all``, ``some`` or ``none`` of some layers have figures."""
    known = {layer.counted for layer in layers}
    return "some" if len(known) > 1 else "all" if known <= {True} else "none"


def sections_of(layers: Iterable[LayerSummary]) -> tuple[Place, ...]:
    """Return the tree of a network: stem, groups and task, in order."""
    named: list[tuple[str, list[LayerSummary]]] = []
    for layer in layers:
        parts = layer.path.split("/")
        name = parts[1] if len(parts) > 1 else parts[0]
        # What stands after the last group but outside every group closes that group.
        if name == "learner" and named and named[-1][0].startswith("group"):
            name = named[-1][0]
        if not named or named[-1][0] != name:
            named.append((name, []))
        named[-1][1].append(layer)
    return tuple(_section(name, inside) for name, inside in named)


def _section(name: str, layers: Sequence[LayerSummary]) -> Place:
    group = name.startswith("group")
    number = int(name.removeprefix("group")) if group else 0
    role = "learner" if group else name
    children: list[Place] = []
    block: list[LayerSummary] = []
    for place, layer in enumerate(layers):
        parts = layer.path.split("/")
        if len(parts) < 3:
            children.append(Place(layer.name, "layer", layer.name, role, number, (layer,)))
            continue
        block.append(layer)
        following = layers[place + 1].path.split("/") if place + 1 < len(layers) else []
        if following[2:3] != parts[2:3]:
            children.append(_block(name, parts[2], role, number, tuple(block)))
            block = []
    title = f"Group {number}" if group else name.capitalize()
    return Place(name, "section", title, role, number, tuple(layers), tuple(children))


def _block(
    section: str, name: str, role: str, number: int, layers: tuple[LayerSummary, ...]
) -> Place:
    title = name.replace("block", "Block ") if name.startswith("block") else name.capitalize()
    inside = tuple(
        Place(layer.name, "layer", layer.name, role, number, (layer,)) for layer in layers
    )
    return Place(f"{section}/{name}", "block", title, role, number, layers, inside)


def ancestors(sections: Sequence[Place], key: str) -> tuple[Place, ...]:
    """Return the places around ``key`` from the outside in, itself the last; none if unknown."""
    for section in sections:
        if section.key == key:
            return (section,)
        for child in section.children:
            if child.key == key:
                return section, child
            for layer in child.children:
                if layer.key == key:
                    return section, child, layer
    return ()


def nearest(sections: Sequence[Place], key: str) -> Place | None:
    """Return the place called ``key``, or the smallest one that held it when it is gone.

    A selection survives a change of the design this way: the layer ``group2_block3_conv1`` of a
    group that now has two blocks becomes the group.
    """
    exact = ancestors(sections, key)
    if exact:
        return exact[-1]
    parts = key.replace("/", "_").split("_")
    for length in range(len(parts) - 1, 0, -1):
        for name in ("/".join(parts[:length]), "_".join(parts[:length])):
            found = ancestors(sections, name)
            if found:
                return found[-1]
    return None
