"""Positions: frames side by side, filled from left to right, around one middle line."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from designer.drawing import words
from designer.drawing.cells import DEPTHS, DOES, JOINS, MOST_LAYERS, Cell, cells_of
from designer.drawing.lanes import arrange
from designer.drawing.lines import Way, top_of, unit_lines, ways_between
from designer.drawing.shapes import Box, Drawing, Frame, Line
from designer.drawing.sizes import ACROSS, HEAD_GAP, Scale, scale_for
from designer.summary import Summary

#: A drawing is at least so wide and high, and its middle line at least so far down.
WIDTH, HEIGHT, MIDDLE = 880.0, 308.0, 132.0

MARGIN = 5.0
FRAME_GAP, FRAME_PADDING = 10.0, 12.0
#: Between boxes side by side: what a drawing may choose from to fill its width.
LEAST_GAP, LARGEST_GAP = 12.0, 110.0
#: Between the layers of an open block, and to a mark.
LAYER_GAP, MARK_GAP = 15.0, 3.0
BLOCK_PADDING, BLOCK_HEAD = 11.0, 24.0
#: A column with a name under it is at least so wide.
NAMED_COLUMN = 14.0
#: Between a branch and the row below it, and between a box and its name.
LANE_GAP, NAME_GAP = 16.0, 9.0
CAPTIONS = 66.0
_LETTER, _NAME_LETTER, _LONGEST_NAME = 6.8, 5.5, 20


@dataclass(slots=True)
class _Column:
    cells: list[Cell]
    width: float = 0.0
    gap: float | None = None  # before it; None for the gap that fills the width
    beside: float = 0.0  # names at its right

    @property
    def end(self) -> float:
        """What stands out at its right, behind or beside its fronts."""
        return max(self.beside, *(ACROSS * cell.depth - _behind(cell) for cell in self.cells))


def draw(
    summary: Summary,
    *,
    depth: str = "blocks",
    opened: Collection[str] = frozenset(),
    closed: Collection[str] = frozenset(),
    largest_side: int | None = None,
) -> Drawing:
    """Lay a design out, also one that cannot be built: its fault is marked where it stands.

    Args:
        depth: ``groups``, ``blocks`` or ``layers``.
        opened: keys of sections, blocks and layers (``designer.places``) that show all that is
            in them, whatever the depth.
        closed: keys of those that do not.
        largest_side: draw feature maps on the scale of these instead of the design's own.

    Raises:
        ValueError: there is no such depth.
    """
    if depth not in DEPTHS:
        raise ValueError(f"depth: received {depth!r}; {', '.join(DEPTHS)} work.")
    note = ""
    if depth == "layers" and len(summary.layers) > MOST_LAYERS:
        depth = "blocks"
        note = f"{len(summary.layers):,} layers: open the blocks you want to see inside."
    sections = cells_of(summary, depth, opened, closed)
    scale = scale_for(summary.layers, depth, largest_side)
    leaves = [leaf for section in sections for leaf in section.leaves()]
    for before, leaf in zip([None, *leaves], leaves, strict=False):
        scale.measure(leaf, before)
    inside = [_columns(section, scale) for section in sections]
    titles = [words.captions(section.place, _ends(section)) for section in sections]
    _spread(sections, inside, titles)
    ways = ways_between(summary.layers, leaves)
    return _finish(summary, depth, note, sections, titles, leaves, ways)


def _ends(section: Cell) -> list:
    ends = [cell.layers[-1] for cell in section.cells if cell.stacked]
    if not ends:
        fed = {name for layer in section.layers for name in layer.inputs}
        ends = [layer for layer in section.layers if layer.name not in fed]
    return ends or [section.layers[-1]]


# --- from left to right ------------------------------------------------------------------------


def _columns(cell: Cell, scale: Scale) -> list[_Column]:
    """Return what is in a frame as columns; blocks in it are laid out and have their width."""
    if cell.kind != "frame":
        return [_Column([cell], cell.width)]
    for child in cell.cells:
        if child.kind == "frame":
            _place_block(child, _columns(child, scale))
    columns = [_Column([]) for _ in range(arrange(cell.cells))]
    for child in cell.cells:
        columns[child.column].cells.append(child)
    fixed = cell.level > 1
    for column in columns:
        column.width = max(
            max(
                child.width + (ACROSS * child.depth if child.skips else 0.0),
                NAMED_COLUMN if child.label else 0.0,
            )
            for child in column.cells
        )
        if fixed:
            column.gap = LAYER_GAP
        if all(child.kind == "mark" for child in column.cells):
            column.gap = MARK_GAP if fixed else 5.0
        if any(child.stacked and child.label for child in column.cells):
            column.beside = max(6 + _name_length(child) for child in column.cells)
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
        names = max(_name_length(cell) for cell in row)
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


def _name_length(cell: Cell) -> float:
    """Return how long a cell's name is, with the gap to its box; 0 without one."""
    return NAME_GAP + _NAME_LETTER * min(len(cell.label), _LONGEST_NAME) if cell.label else 0.0


def _place_block(block: Cell, columns: Sequence[_Column]) -> None:
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


def _place(column: _Column, x: float) -> None:
    for cell in column.cells:
        _move(cell, x + (column.width - cell.width - _behind(cell)) / 2)


def _behind(cell: Cell) -> float:
    """Return how much of what reaches back has room of its own: all where a line passes it."""
    return ACROSS * cell.depth * (1.0 if cell.skips else 0.5)


def _move(cell: Cell, x: float) -> None:
    for child in cell.cells:
        child.x += x - cell.x
    cell.x = x


def _spread(
    sections: Sequence[Cell],
    inside: Sequence[Sequence[_Column]],
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


# --- from top to bottom, and the values --------------------------------------------------------


def _finish(
    summary: Summary,
    depth: str,
    note: str,
    sections: Sequence[Cell],
    titles: Sequence[tuple[str, ...]],
    leaves: Sequence[Cell],
    ways: Sequence[Way],
) -> Drawing:
    blocks = [cell for section in sections for cell in section.cells if cell.kind == "frame"]
    top = min(min(top_of(leaf) for leaf in leaves), *(y for way in ways for _, y in way.points), 0)
    bottom = max(
        max(leaf.y + leaf.height / 2 for leaf in leaves),
        max(
            (
                leaf.label_y if leaf.stacked else leaf.label_y - NAME_GAP + _name_length(leaf)
                for leaf in leaves
                if leaf.label
            ),
            default=0.0,
        ),
    )
    if any(leaf.skips for leaf in leaves):
        top = min(top, min(top_of(leaf) for leaf in leaves if leaf.skips) - 12)
    if summary.fault:
        top -= 24
    if blocks:
        top -= BLOCK_HEAD + 8
        bottom += 8
    middle = max(MIDDLE, MARGIN + 8 - top)
    height = max(HEIGHT, middle + bottom + 10 + CAPTIONS)
    frames: list[Frame] = []
    x = MARGIN
    for section, title in zip(sections, titles, strict=True):
        width = section.room
        parts: list[Box | Frame] = []
        for cell in section.cells or [section]:
            if cell.kind == "frame":
                parts.append(_block(cell, middle, top, bottom))
            else:
                parts.append(_box(cell, middle))
        frames.append(
            Frame(
                section.key,
                "",
                1,
                section.place.role,
                section.place.number,
                x,
                MARGIN,
                width,
                height - 2 * MARGIN,
                section.kind == "frame",
                _title(section),
                title,
                tuple(parts),
                section.place.fault is not None,
            )
        )
        x += width + FRAME_GAP
    return Drawing(
        name=summary.template,
        depth=depth,
        width=x - FRAME_GAP + MARGIN,
        height=height,
        frames=tuple(frames),
        lines=tuple(_line(way, middle) for way in ways),
        connections=tuple(_connections(summary, leaves, middle)),
        description=words.describe(summary.template, titles),
        note=note,
    )


def _block(cell: Cell, middle: float, top: float, bottom: float) -> Frame:
    place = cell.place
    return Frame(
        cell.key,
        cell.parent,
        2,
        place.role,
        place.number,
        cell.x,
        middle + top,
        cell.width,
        bottom - top,
        True,
        _title(cell),
        words.block_captions(place),
        tuple(_box(child, middle) for child in cell.cells),
        place.fault is not None,
    )


def _title(cell: Cell) -> str:
    return words.title_of(cell.place, cell.layers)


def _box(cell: Cell, middle: float) -> Box:
    place, shape, fault = cell.place, cell.shape, cell.fault
    ellipsis = cell.kind == "ellipsis"
    units = cell.hidden if ellipsis else shape[0] if len(shape) == 1 else 0
    name = cell.layers[0].class_name
    return Box(
        key=cell.key,
        parent=cell.parent,
        level=cell.level,
        kind=cell.kind,
        role=place.role,
        number=place.number,
        x=cell.x,
        y=middle + cell.y - cell.height / 2,
        width=cell.width,
        height=cell.height,
        depth=cell.depth,
        layers=tuple(layer.name for layer in cell.layers),
        title=f"{cell.hidden} more blocks of {place.title}: show them"
        if ellipsis
        else _title(cell),
        does=DOES.get(name, "dropout") if cell.kind == "mark" else "",
        learns=any(layer.params for layer in cell.layers),
        units=units,
        slices=place.blocks if place.kind == "section" and not ellipsis else 1,
        label=cell.label if len(cell.label) <= _LONGEST_NAME else cell.label[:19] + "…",
        label_y=middle + cell.label_y if cell.label else 0.0,
        label_beside=cell.stacked,
        sign=JOINS.get(name, "•") if cell.kind == "join" else "",
        skips=0 if ellipsis else cell.skips,
        expanded=cell.expanded,
        fault=str(fault.fault) if fault else None,
        faulty=fault.name if fault else "",
    )


def _line(way: Way, middle: float) -> Line:
    return Line(
        way.kind,
        tuple((x, y + middle) for x, y in way.points),
        way.source.key,
        way.target.key,
        way.target.kind != "unbuilt",
    )


def _connections(
    summary: Summary, leaves: Sequence[Cell], middle: float
) -> list[tuple[float, float, float, float]]:
    found = []
    for left, right in unit_lines(summary.layers, leaves):
        for x1, y1 in _units(left, middle):
            for x2, y2 in _units(right, middle):
                found.append((x1, y1, x2, y2))
    return found


def _units(cell: Cell, middle: float) -> list[tuple[float, float]]:
    units = cell.shape[0]
    step = cell.height / units
    top = middle + cell.y - cell.height / 2
    return [(cell.x + cell.width / 2, top + (n + 0.5) * step) for n in range(units)]
