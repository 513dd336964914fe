"""Where the layers of a model of a file stand: an order and paths, so that it can be drawn.

A file says nothing of groups and blocks; shapes and wiring do. A group is a run of layers whose
maps have one size, and a pooling closes it. A block is what ways lead around. What stands behind
the last maps, on vectors, is the task.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from designer.importing.found import FoundLayer, FoundModel
from designer.layers import Shape

_POOLINGS = ("Pooling1D", "Pooling2D", "Pooling3D")


def in_sections(model: FoundModel) -> list[str]:
    """Return the layers' names with the inputs first and the last layers last."""
    used = {source for layer in model.layers for source in layer.inputs}
    first = [layer.name for layer in model.layers if layer.class_name == "InputLayer"]
    last = [
        layer.name
        for layer in model.layers
        if layer.name in model.outputs and layer.name not in used and layer.name not in first
    ]
    around = {*first, *last}
    return [*first, *(one.name for one in model.layers if one.name not in around), *last]


def paths(
    model: FoundModel,
    order: list[str],
    cuts: frozenset[str],
    shapes: Mapping[str, Shape | None],
) -> dict[str, str]:
    """Return layer → path.

    Args:
        order: as :func:`in_sections` returns it.
        cuts: the layers that everything passes through.
        shapes: of what each layer puts out, where it is known.
    """
    by_name = {layer.name: layer for layer in model.layers}
    heads = set(model.outputs) - {source for one in model.layers for source in one.inputs}
    found = _Sections()
    last_maps = max((n for n, name in enumerate(order) if _has_maps(shapes[name])), default=-1)
    for number, name in enumerate(order):
        layer, shape = by_name[name], shapes[name]
        if layer.class_name == "InputLayer":
            found.stem(name, shape)
        elif name in heads or (number > last_maps and found.is_behind_maps(shape)):
            found.task(name)
        else:
            closes = name in cuts and layer.class_name != "ZeroPadding2D"
            found.learner(layer, shape, closes)
    found.end()
    return found.paths


def _has_maps(shape: Shape | None) -> bool:
    """Say whether there is more than one place in what a layer puts out. Squeezing and exciting
    makes vectors on the way; maps come again behind them."""
    return shape is not None and any(side != 1 for side in shape[:-1])


@dataclass
class _Sections:
    paths: dict[str, str] = field(default_factory=dict)
    _group: int = 1
    _blocks: int = 0
    _begun: bool = False
    _side: Shape | None = None
    _maps: bool = False
    _ended: bool = False
    _waiting: list[FoundLayer] = field(default_factory=list)

    def stem(self, name: str, shape: Shape | None) -> None:
        self.paths[name] = "stem"
        self._see(shape)

    def is_behind_maps(self, shape: Shape | None) -> bool:
        """Say whether a layer of this shape ends the learner."""
        ends = self._maps and shape is not None and len(shape) == 1 and not self._waiting
        return ends or self._ended

    def task(self, name: str) -> None:
        self.end()
        self._ended = True
        self.paths[name] = "task"

    def learner(self, layer: FoundLayer, shape: Shape | None, closes: bool) -> None:
        self._waiting.append(layer)
        if not closes:
            return
        changed = shape is not None and self._side is not None and shape[:-1] != self._side
        pools = layer.class_name.endswith(_POOLINGS)
        if changed and self._begun and not pools:
            self._next_group()
        self._place()
        if changed and pools:
            self._next_group()
        self._see(shape)

    def end(self) -> None:
        if self._waiting:
            self._place()

    def _place(self) -> None:
        block = ""
        if any(len(layer.inputs) > 1 for layer in self._waiting):
            self._blocks += 1
            block = f"/block{self._blocks}"
        place = f"learner/group{self._group}{block}"
        self.paths |= {layer.name: place for layer in self._waiting}
        self._waiting = []
        self._begun = True

    def _next_group(self) -> None:
        if self._begun:
            self._group, self._blocks, self._begun = self._group + 1, 0, False

    def _see(self, shape: Shape | None) -> None:
        if shape is not None:
            self._side = shape[:-1]
            self._maps = self._maps or len(shape) > 1
