"""The ways between boxes: straight on, around boxes, and to branches; read from the real inputs."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from designer.drawing.cells import Cell
from designer.drawing.sizes import ACROSS, BACK
from designer.summary import LayerSummary

#: Above the boxes it leads around, and between one such way and the next.
CLEARANCE, TRACK = 11.0, 9.0


@dataclass(slots=True)
class Way:
    """A line between two cells, before the drawing has its height."""

    kind: str
    source: Cell
    target: Cell
    points: list[tuple[float, float]]


def ways_between(layers: Sequence[LayerSummary], leaves: Sequence[Cell]) -> list[Way]:
    """Return a way for every input of every layer that leads from one cell to another."""
    owner = {layer.name: cell for cell in leaves for layer in cell.layers}
    rows: dict[float, list[Cell]] = {}
    for cell in sorted(leaves, key=lambda cell: cell.x):
        rows.setdefault(round(cell.y, 1), []).append(cell)
    place = {cell: index for row in rows.values() for index, cell in enumerate(row)}
    pairs: dict[tuple[Cell, Cell], None] = {}
    for layer in layers:
        target = owner[layer.name]
        for name in layer.inputs:
            source = owner[name]
            if source is not target:
                pairs[source, target] = None
    ways: list[Way] = []
    around: list[Way] = []
    for source, target in pairs:
        if source.kind == "nodes" and target.kind == "nodes":
            continue  # every unit has its connection
        if abs(source.y - target.y) < 0.1:
            if place[target] - place[source] == 1:
                ways.append(Way("flow", source, target, _straight(source, target)))
            else:
                around.append(Way("skip", source, target, []))
        else:
            ways.append(Way("branch", source, target, _turning(source, target)))
    _lead_around(around, sorted(leaves, key=lambda cell: cell.x))
    return ways + around


def _straight(source: Cell, target: Cell) -> list[tuple[float, float]]:
    return [(source.x + source.width / 2, source.y), (target.x, target.y)]


def _turning(source: Cell, target: Cell) -> list[tuple[float, float]]:
    """Leave the row right after the source, or join it right at the target."""
    start = (source.x + source.width / 2, source.y)
    if target.kind == "join" and abs(target.y) < abs(source.y):
        middle = target.x + target.width / 2
        edge = target.height / 2 if source.y > target.y else -target.height / 2
        return [start, (middle, source.y), (middle, target.y + edge)]
    if abs(target.y) < abs(source.y):
        turn = target.x - 5
    else:
        turn = source.right + ACROSS * source.depth + 5
        if target.x - turn < 3:
            turn = (source.right + target.x) / 2
    return [start, (turn, source.y), (turn, target.y), (target.x, target.y)]


def _lead_around(ways: Sequence[Way], leaves: Sequence[Cell]) -> None:
    """Lead ways over everything between their ends, short ones below long ones."""
    edges = [cell.x for cell in leaves]
    tracks: list[tuple[float, float, float]] = []
    for way in sorted(ways, key=lambda way: way.target.x - way.source.right):
        source, target = way.source, way.target
        between = leaves[bisect_right(edges, source.x) : bisect_left(edges, target.x)]
        left = source.right + ACROSS * source.depth + 4
        right = target.x + target.width / 2 if target.kind == "join" else target.x - 5
        height = min((top_of(cell) for cell in between), default=source.y) - CLEARANCE
        for other_left, other_right, other in tracks:
            if other_left < right and left < other_right and other > height - TRACK:
                height = min(height, other - TRACK)
        tracks.append((left, right, height))
        down = target.y - target.height / 2 if target.kind == "join" else target.y
        way.points = [(left, source.y), (left, height), (right, height), (right, down)]
        if target.kind != "join":
            way.points.append((target.x, target.y))


def top_of(cell: Cell) -> float:
    """Return how high a cell's box reaches, its back included."""
    return cell.y - cell.height / 2 - BACK * cell.depth


def unit_lines(
    layers: Sequence[LayerSummary], leaves: Sequence[Cell]
) -> Iterator[tuple[Cell, Cell]]:
    """Yield the pairs of vectors of few units between which every connection is drawn."""
    nodes = {layer.name: cell for cell in leaves if cell.kind == "nodes" for layer in cell.layers}
    pairs: dict[tuple[Cell, Cell], None] = {}
    for layer in layers:
        right = nodes.get(layer.name)
        for left in (nodes.get(name) for name in layer.inputs):
            if left is not None and right is not None and left is not right:
                pairs[left, right] = None
    yield from pairs
