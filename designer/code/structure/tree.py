"""A graph as a tree of parts: sections, groups, blocks and whatever stands inside them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from designer.graph import Layer, LayerGraph


@dataclass(eq=False)
class Part:
    """Layers that stand together: a run of the graph under one path.

    Attributes:
        step: the last step of its path (``block1``).
        depth: 0 for the whole network, 1 for its sections.
        prefix: what all its layers' names start with, and an underscore; empty if nothing.
        items: its layers and the parts inside it, in order.
        entries: the tensors from outside that it uses, in the order it does.
        exits: its tensors that are used outside, in order.
        layers: all its layers, those of the parts inside it too.
        from_names: whether only the layers' names say that they stand together (``hidden1``).
    """

    step: str
    depth: int
    prefix: str
    items: list[Layer | Part]
    entries: tuple[str, ...]
    exits: tuple[str, ...]
    layers: list[Layer] = field(repr=False, default_factory=list)
    from_names: bool = False

    @property
    def is_chain(self) -> bool:
        """Whether each item is fed by the one before alone, and the last is the only exit."""
        if len(self.entries) != 1:
            return False
        before = self.entries[0]
        for item in self.items:
            if ends(item)[0] != (before,) or len(ends(item)[1]) != 1:
                return False
            before = ends(item)[1][0]
        return self.exits == (before,)


def ends(item: Layer | Part) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what an item takes and what it gives."""
    if isinstance(item, Part):
        return item.entries, item.exits
    return item.inputs, (item.name,)


def numbered(step: str) -> tuple[str, int] | None:
    """Return ``("block", 3)`` for ``block3``; ``None`` for a step without a number."""
    match = re.fullmatch(r"(.*\D)([1-9]\d{0,8})", step)
    return (match[1], int(match[2])) if match else None


def tree_of(graph: LayerGraph) -> Part:
    """Return the whole network as a part; its input is its one entry and in none of its parts."""
    layers = graph.layers[1:]
    last_use: dict[str, int] = {}
    for place, layer in enumerate(layers):
        for name in layer.inputs:
            last_use[name] = place
    for name in graph.outputs:
        last_use[name] = len(layers)
    return _part(layers, 0, "", 0, last_use)


def _part(
    layers: Sequence[Layer], depth: int, step: str, start: int, last_use: dict[str, int]
) -> Part:
    """Return a part of layers that share the first ``depth`` steps of their paths.

    Args:
        start: the place of the first of them in the graph.
        last_use: tensor → the place of the last layer that takes it.
    """
    items: list[Layer | Part] = []
    place = 0
    while place < len(layers):
        child = _step(layers[place], depth)
        if child is None:
            items.append(layers[place])
            place += 1
            continue
        end = place + 1
        while end < len(layers) and _step(layers[end], depth) == child:
            end += 1
        items.append(_part(layers[place:end], depth + 1, child, start + place, last_use))
        place = end
    if depth == 1:
        items = _with_numbered_layers(items, layers, start, last_use)
    return _make_part(items, list(layers), depth, step, start, last_use)


def _make_part(
    items: list[Layer | Part],
    layers: list[Layer],
    depth: int,
    step: str,
    start: int,
    last_use: dict[str, int],
    prefix: str | None = None,
) -> Part:
    """Return a part of these items, which begin at a place of the graph."""
    inside = {layer.name for layer in layers}
    entries = [name for layer in layers for name in layer.inputs if name not in inside]
    end = start + len(layers)
    exits = [layer.name for layer in layers if last_use.get(layer.name, -1) >= end]
    return Part(
        step,
        depth,
        _prefix(layers, depth) if prefix is None else prefix,
        items,
        tuple(dict.fromkeys(entries)),
        tuple(exits),
        layers,
        from_names=prefix is not None,
    )


def _with_numbered_layers(
    items: list[Layer | Part], layers: Sequence[Layer], start: int, last_use: dict[str, int]
) -> list[Layer | Part]:
    """Return a section's items with repeated numbered layers (``hidden1``, ``hidden2``) as parts.

    They are a repetition if they are two or more, a chain, and alike but for their arguments.
    """
    made: list[Layer | Part] = []
    place = 0
    while place < len(items):
        runs: list[list[Layer]] = []
        base = _number_in(items[place], "")
        next_place = place
        while base and (run := _numbered_run(items, next_place, base[0], len(runs) + 1)):
            if runs and not _alike(runs[0], run, len(base[0])):
                break
            runs.append(run)
            next_place += len(run)
        offset = start + _layers_before(items, place)
        parts: list[Layer | Part] = []
        for number, run in enumerate(runs, 1):
            name = f"{base[0]}{number}" if base else ""
            parts.append(_make_part([*run], run, 2, name, offset, last_use, prefix=name))
            offset += len(run)
        if len(parts) > 1 and all(isinstance(one, Part) and one.is_chain for one in parts):
            feeds = [ends(one) for one in parts]
            if all(one[0] == before[1] for before, one in pairwise(feeds)):
                made += parts
                place = next_place
                continue
        made.append(items[place])
        place += 1
    return made


def _layers_before(items: Sequence[Layer | Part], place: int) -> int:
    return sum(len(one.layers) if isinstance(one, Part) else 1 for one in items[:place])


def _number_in(item: Layer | Part, base: str) -> tuple[str, int] | None:
    """Return base and number of a layer called ``hidden1`` or ``hidden1_dropout``."""
    if isinstance(item, Part):
        return None
    pattern = re.escape(base) if base else r"[a-z_]*[a-z]"
    match = re.match(rf"({pattern})([1-9]\d{{0,8}})(?=_|$)", item.name)
    return (match[1], int(match[2])) if match else None


def _numbered_run(items: Sequence[Layer | Part], place: int, base: str, number: int) -> list[Layer]:
    run: list[Layer] = []
    for item in items[place:]:
        if isinstance(item, Part) or _number_in(item, base) != (base, number):
            break
        run.append(item)
    return run


def _alike(one: Sequence[Layer], other: Sequence[Layer], base: int) -> bool:
    def kinds(run: Sequence[Layer]) -> list[tuple[str, str, frozenset[str]]]:
        names = [re.sub(r"^\d+", "", layer.name[base:]) for layer in run]
        return [
            (name, layer.class_name, frozenset(layer.config))
            for name, layer in zip(names, run, strict=True)
        ]

    return kinds(one) == kinds(other)


def _step(layer: Layer, depth: int) -> str | None:
    steps = layer.path.split("/") if layer.path else []
    return steps[depth] if depth < len(steps) else None


def _prefix(layers: Sequence[Layer], depth: int) -> str:
    """Return the longest end of the path that all the layers' names start with."""
    steps = layers[0].path.split("/")[:depth] if layers else []
    for start in range(len(steps)):
        prefix = "_".join(steps[start:])
        if all(layer.name.startswith(f"{prefix}_") for layer in layers):
            return prefix
    return ""
