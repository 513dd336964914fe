"""The drawing put together: frames side by side around one middle line, as values."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from designer.drawing import words
from designer.drawing.cells import DEPTHS, DOES, JOINS, MOST_LAYERS, Cell, cells_of
from designer.drawing.columns import (
    FRAME_GAP,
    LONGEST_NAME,
    MARGIN,
    NAME_GAP,
    columns_of,
    name_length,
    spread,
)
from designer.drawing.lines import Way, top_of, unit_lines, ways_between
from designer.drawing.shapes import Box, Drawing, Frame, Line
from designer.drawing.sizes import scale_for
from designer.summary import Summary

#: A drawing is at least so high, and its middle line at least so far down.
HEIGHT, MIDDLE = 308.0, 132.0

BLOCK_HEAD = 24.0
CAPTIONS = 66.0


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
    inside = [columns_of(section) for section in sections]
    titles = [words.captions(section.place, _ends(section)) for section in sections]
    spread(sections, inside, titles)
    ways = ways_between(summary.layers, leaves)
    return _finish(summary, depth, note, sections, titles, leaves, ways)


def _ends(section: Cell) -> list:
    ends = [cell.layers[-1] for cell in section.cells if cell.stacked]
    if not ends:
        fed = {name for layer in section.layers for name in layer.inputs}
        ends = [layer for layer in section.layers if layer.name not in fed]
    return ends or [section.layers[-1]]


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
                leaf.label_y if leaf.stacked else leaf.label_y - NAME_GAP + name_length(leaf)
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
        label=cell.label if len(cell.label) <= LONGEST_NAME else cell.label[:19] + "…",
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
