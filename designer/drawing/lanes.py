"""Where things stand in a frame: columns from left to right, and a lane for each branch.

Read from the graph's real inputs, so that any wiring finds its place: what is built one after
the other stands in a row; a projection, a gate or another parallel way has a lane below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from designer.drawing.cells import Cell


def arrange(cells: Sequence[Cell]) -> int:
    """Give each cell its column and lane; return the number of columns."""
    owner = {layer.name: cell for cell in cells for layer in cell.layers}
    before: dict[Cell, list[Cell]] = {}
    after: dict[Cell, list[Cell]] = {cell: [] for cell in cells}
    for cell in cells:
        feeds: list[Cell] = []
        for layer in cell.layers:
            for name in layer.inputs:
                feed = owner.get(name)
                if feed is not None and feed is not cell and feed not in feeds:
                    feeds.append(feed)
        before[cell] = feeds
        cell.column = max((feed.column for feed in feeds), default=-1) + 1
        for feed in feeds:
            after[feed].append(cell)
    columns = max(cell.column for cell in cells) + 1
    ends = [cell for cell in cells if not after[cell]]
    if len(ends) > 1 and all(cell.column == columns - 1 for cell in ends):
        for cell in ends:
            cell.stacked = True  # heads
    row = _main_way(cells, before)
    if len(row) < len(cells):
        _branch([cell for cell in cells if cell not in row and not cell.stacked], before, after)
    return columns


def _main_way(cells: Sequence[Cell], before: dict[Cell, list[Cell]]) -> set[Cell]:
    """Return the longest way to the last cell: the row that branches leave and join.

    A way through vectors counts for less where maps come out, so that a gate (squeeze and
    excitation) is the branch and not the row.
    """
    maps = prod(cells[-1].shape[:2]) > 1 and len(cells[-1].shape) > 1
    best: dict[Cell, tuple[float, Cell | None]] = {}
    for cell in cells:
        shape = cell.shape
        small = maps and bool(shape) and (len(shape) == 1 or prod(shape[:2]) == 1)
        weight = -0.5 if small else 1.0
        feeds = [(best[feed][0], feed) for feed in before[cell]]
        score, feed = max(feeds, key=lambda pair: pair[0]) if feeds else (0.0, None)
        best[cell] = (score + weight, feed)
    row: set[Cell] = set()
    step: Cell | None = cells[-1]
    while step is not None:
        row.add(step)
        step = best[step][1]
    return row


def _branch(
    waiting: Sequence[Cell], before: dict[Cell, list[Cell]], after: dict[Cell, list[Cell]]
) -> None:
    """Give each chain of cells beside the row the first lane that is free where it stands."""
    taken: dict[int, list[tuple[int, int]]] = {}
    left = dict.fromkeys(waiting)
    while left:
        cell = next(iter(left))
        chain = [cell]
        del left[cell]
        while (step := next((c for c in after[chain[-1]] if c in left), None)) is not None:
            chain.append(step)
            del left[step]
        start = max((feed.column for feed in before[chain[0]]), default=-1)
        end = min((next_.column for next_ in after[chain[-1]]), default=chain[-1].column + 1)
        lane = 1
        while any(start < other_end and other < end for other, other_end in taken.get(lane, [])):
            lane += 1
        taken.setdefault(lane, []).append((start, end))
        for cell in chain:
            cell.lane = lane
