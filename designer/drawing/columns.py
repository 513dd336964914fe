"""From left to right: columns in frames, and gaps that fill the width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from designer.drawing import words
from designer.drawing.cells import Cell
from designer.drawing.lanes import arrange
from designer.drawing.lines import top_of
from designer.drawing.sizes import ACROSS, HEAD_GAP

#: A drawing is at least so wide.
WIDTH = 880.0

MARGIN = 5.0
FRAME_GAP, FRAME_PADDING = 10.0, 12.0
#: Between boxes side by side: what a drawing may choose from to fill its width.
LEAST_GAP, LARGEST_GAP = 12.0, 110.0
#: Between the layers of an open block, and to a mark.
LAYER_GAP, MARK_GAP = 15.0, 3.0
BLOCK_PADDING = 11.0
#: A column with a name under it is at least so wide.
NAMED_COLUMN = 14.0
#: Between a branch and the row below it, and between a box and its name.
LANE_GAP, NAME_GAP = 16.0, 9.0
_LETTER, NAME_LETTER, LONGEST_NAME = 6.8, 5.5, 20


@dataclass(slots=True)
class Column:
    """Cells of one column, one over the other, before they have their places."""

    cells: list[Cell]
    width: float = 0.0
    gap: float | None = None  # before it; None for the gap that fills the width
    beside: float = 0.0  # names at its right

    @property
    def end(self) -> float:
        """What stands out at its right, behind or beside its fronts."""
        return max(self.beside, *(ACROSS * cell.depth - _behind(cell) for cell in self.cells))


def columns_of(cell: Cell) -> list[Column]:
    """Return what is in a frame as columns; blocks in it are laid out and have their width."""
    if cell.kind != "frame":
        return [Column([cell], cell.width + _behind(cell))]
    for child in cell.cells:
        if child.kind == "frame":
            _place_block(child, columns_of(child))
    columns = [Column([]) for _ in range(arrange(cell.cells))]
    for child in cell.cells:
        columns[child.column].cells.append(child)
    fixed = cell.level > 1
    for column in columns:
        column.width = max(
            max(
                child.width + _behind(child),
                NAMED_COLUMN if child.label else 0.0,
            )
            for child in column.cells
        )
        if fixed:
            column.gap = LAYER_GAP
        if all(child.kind == "mark" for child in column.cells):
            column.gap = MARK_GAP if fixed else 5.0
        if any(child.stacked and child.label for child in column.cells):
            column.beside = max(6 + name_length(child) for child in column.cells)
    _stack(cell)
    return columns


def _stack(frame: Cell) -> None:
    """Give each lane of a frame its middle line, and heads theirs, one over the other.

    The row is the middle line of the whole drawing; branches stand over it, names below.
    """
    lanes: dict[int, list[Cell]] = {}
    heads: list[Cell] = []
    for child in frame.cells:
        if child.stacked:
            heads.append(child)
        elif child.kind != "frame":
            lanes.setdefault(child.lane, []).append(child)
    ceiling = min((top_of(cell) for cell in lanes.get(0, [])), default=0.0)
    for lane in sorted(lanes):
        row = lanes[lane]
        half = max(cell.height for cell in row) / 2
        names = max(name_length(cell) for cell in row)
        if lane:
            for cell in row:
                cell.y = ceiling - LANE_GAP - names - half
            ceiling = min(top_of(cell) for cell in row)
        for cell in row:
            cell.label_y = cell.y + half + NAME_GAP
    if heads:
        height = sum(cell.height for cell in heads) + HEAD_GAP * (len(heads) - 1)
        top = -height / 2
        for cell in heads:
            cell.y = top + cell.height / 2
            cell.label_y = cell.y + 3.5
            top += cell.height + HEAD_GAP


def name_length(cell: Cell) -> float:
    """Return how long a cell's name is, with the gap to its box; 0 without one."""
    return NAME_GAP + NAME_LETTER * min(len(cell.label), LONGEST_NAME) if cell.label else 0.0


def _place_block(block: Cell, columns: Sequence[Column]) -> None:
    """Place the layers of an open block, from its own left edge on."""
    x = BLOCK_PADDING
    for index, column in enumerate(columns):
        if index:
            x += column.gap or 0.0
        _place(column, x)
        x += column.width
    end = columns[-1].end
    block.width = max(
        x + end + BLOCK_PADDING, 26 + _LETTER * len(words.block_captions(block.place)[0])
    )
    shift = (block.width - (x + end + BLOCK_PADDING)) / 2
    for cell in block.cells:
        cell.x += shift


def _place(column: Column, x: float) -> None:
    for cell in column.cells:
        _move(cell, x + (column.width - cell.width - _behind(cell)) / 2)


def _behind(cell: Cell) -> float:
    """Return how much of what reaches back has room of its own: all where a line passes it."""
    return ACROSS * cell.depth * (1.0 if cell.skips else 0.5)


def _move(cell: Cell, x: float) -> None:
    for child in cell.cells:
        child.x += x - cell.x
    cell.x = x


def spread(
    sections: Sequence[Cell],
    inside: Sequence[Sequence[Column]],
    titles: Sequence[Sequence[str]],
) -> None:
    """Place everything from left to right, with gaps that fill the width where they can."""
    fixed, gaps, least = [], [], []
    for columns, title in zip(inside, titles, strict=True):
        width = sum(column.width for column in columns) + 2 * FRAME_PADDING
        width += sum(column.gap or 0.0 for column in columns[1:])
        width += columns[-1].end
        fixed.append(width)
        gaps.append(sum(column.gap is None for column in columns[1:]))
        least.append(16 + max(_LETTER * len(line) for line in title))
    room = WIDTH - 2 * MARGIN - FRAME_GAP * (len(sections) - 1)

    def widths(gap: float) -> list[float]:
        return [max(a, b + n * gap) for a, b, n in zip(least, fixed, gaps, strict=True)]

    low, high = LEAST_GAP, LARGEST_GAP
    for _ in range(9):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(widths(middle)) <= room else (low, middle)
    gap = low
    chosen = widths(gap)
    spare = max(0.0, room - sum(chosen)) / len(sections)
    x = MARGIN
    for section, columns, width, content, n in zip(
        sections, inside, chosen, fixed, gaps, strict=True
    ):
        width += spare
        left = x + (width - (content + n * gap)) / 2 + FRAME_PADDING
        for index, column in enumerate(columns):
            if index:
                left += gap if column.gap is None else column.gap
            _place(column, left)
            left += column.width
        section.room = width
        x += width + FRAME_GAP
