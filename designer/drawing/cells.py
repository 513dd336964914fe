"""What is drawn of a network at a depth: which places are open, and which stand for others."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from designer.drawing.words import shape_of
from designer.places import Place
from designer.summary import LayerSummary, Summary

DEPTHS = ("groups", "blocks", "layers")

#: A group with more blocks than this is drawn as its first ones, an ellipsis and its last one.
MOST_BLOCKS = 6

#: A larger network is not opened to its layers as a whole, only where somebody asks.
MOST_LAYERS = 3000

#: Up to this many units a vector is drawn unit by unit, with its connections.
FEW_UNITS = 16

#: Layers that change nothing one could draw: thin marks, or nothing beside the box before them.
SILENT = {
    "Activation",
    "BatchNormalization",
    "Dropout",
    "LayerNormalization",
    "LeakyReLU",
    "PReLU",
    "ReLU",
    "SpatialDropout2D",
}

#: What a silent layer does, in a word.
DOES = {
    "Activation": "activation",
    "BatchNormalization": "normalization",
    "LayerNormalization": "normalization",
    "LeakyReLU": "activation",
    "PReLU": "activation",
    "ReLU": "activation",
    "ZeroPadding2D": "padding",
}

#: Where several ways become one, and the sign for it.
JOINS = {"Add": "+", "Concatenate": "⧺", "Multiply": "×"}

#: Those of them at which an identity link ends.
_LINKS = {"Add", "Concatenate"}


@dataclass(slots=True, eq=False)
class Cell:
    """Something that is drawn, before it has its place: see ``shapes.Box`` for the words.

    Attributes:
        kind: as of a box, or ``frame`` for an open section or block.
        cells: what is in a frame.
        x, y: the left edge and the *middle* line.
        column, lane: where it stands in its frame; ``stacked`` over and under others (heads).
        room: of a section, the width of its frame.
    """

    place: Place
    key: str
    kind: str
    level: int
    layers: tuple[LayerSummary, ...]
    parent: str = ""
    cells: list[Cell] = field(default_factory=list)
    hidden: int = 0
    expanded: bool | None = None
    label: str = ""
    label_y: float = 0.0
    column: int = 0
    lane: int = 0
    stacked: bool = False
    x: float = 0.0
    y: float = 0.0
    width: float = 0.0
    height: float = 0.0
    depth: float = 0.0
    room: float = 0.0

    @property
    def shape(self) -> tuple[int, ...]:
        return shape_of(self.layers[-1])

    @property
    def fault(self) -> LayerSummary | None:
        """The layer that cannot be built, if one cannot."""
        if self.layers[-1].output_shape is not None:
            return None
        return next((layer for layer in self.layers if layer.fault), None)

    @property
    def skips(self) -> int:
        """How many identity links lead around parts of it."""
        if len(self.layers) < 3:
            return 0
        return sum(len(layer.inputs) > 1 for layer in self.layers if layer.class_name in _LINKS)

    @property
    def right(self) -> float:
        return self.x + self.width

    def leaves(self) -> list[Cell]:
        """Return the cells that become boxes."""
        if self.kind != "frame":
            return [self]
        return [leaf for cell in self.cells for leaf in cell.leaves()]


def cells_of(
    summary: Summary, depth: str, opened: Collection[str], closed: Collection[str]
) -> list[Cell]:
    """Return a network's sections, open as far as they are wanted open.

    A place somebody opened shows all that is in it; one that is open because of the depth may
    hide blocks of a long group in an ellipsis, but never one that cannot be built.
    """
    return [_section(place, depth, opened, closed) for place in summary.sections]


def _section(place: Place, depth: str, opened: Collection[str], closed: Collection[str]) -> Cell:
    wanted = place.key in opened
    if not wanted and ((depth == "groups" and not _has_heads(place)) or place.key in closed):
        return Cell(place, place.key, _kind(place.layers), 1, place.layers, expanded=False)
    cells = _children(place, depth, opened, closed)
    for cell in cells:
        cell.parent = place.key
    if not wanted and depth != "layers":
        cells = _shortened(place, cells)
    frame = Cell(place, place.key, "frame", 1, place.layers, cells=cells, expanded=True)
    if depth == "layers":
        _label(cells, place.key)
    return frame


def _has_heads(place: Place) -> bool:
    """Return whether a section puts out several things, so that no one box can stand for it."""
    fed = {name for layer in place.layers for name in layer.inputs}
    return sum(layer.name not in fed for layer in place.layers) > 1


def _children(
    place: Place, depth: str, opened: Collection[str], closed: Collection[str]
) -> list[Cell]:
    """Return what is in an open section; a silent layer belongs to the one before it."""
    cells: list[Cell] = []
    holder, end = None, ""
    padding: list[Place] = []
    for child in place.children:
        if child.kind == "block":
            cells.append(_block(child, depth, opened, closed))
            holder = None
            continue
        (layer,) = child.layers
        silent = layer.class_name in SILENT
        if silent and holder is not None and layer.inputs == (end,):
            end = layer.name
            holder.expanded = _is_open(holder.key, depth, opened, closed)
            if not holder.expanded:
                holder.layers += (layer,)
                if layer.output_shape is None:
                    holder.kind = "unbuilt"
                continue
        if layer.class_name == "ZeroPadding2D":
            padding.append(child)
            continue
        cell = _layer(child, 2, place.key)
        if padding:  # it belongs to the layer that it is for
            cell.expanded = _is_open(cell.key, depth, opened, closed)
            if cell.expanded:
                cells.extend(_layer(pad, 2, place.key) for pad in padding)
            else:
                cell.layers = (*(pad.layers[0] for pad in padding), *cell.layers)
            padding = []
        if not (silent or layer.class_name == "InputLayer"):
            holder, end = cell, layer.name
        cells.append(cell)
    cells.extend(_layer(pad, 2, place.key) for pad in padding)
    return cells


def _block(place: Place, depth: str, opened: Collection[str], closed: Collection[str]) -> Cell:
    if len(place.layers) == 1:  # nothing is gained by opening it
        if depth == "layers":
            return _layer(place.children[0], 2, "")
        return Cell(place, place.key, _kind(place.layers), 2, place.layers)
    if not _is_open(place.key, depth, opened, closed):
        return Cell(place, place.key, _kind(place.layers), 2, place.layers, expanded=False)
    cells = [_layer(child, 3, place.key) for child in place.children]
    _label(cells, place.key)
    return Cell(place, place.key, "frame", 2, place.layers, cells=cells, expanded=True)


def _layer(place: Place, level: int, parent: str) -> Cell:
    return Cell(place, place.key, _kind(place.layers), level, place.layers, parent)


def _is_open(key: str, depth: str, opened: Collection[str], closed: Collection[str]) -> bool:
    return key in opened or (depth == "layers" and key not in closed)


def _kind(layers: Sequence[LayerSummary]) -> str:
    shape = layers[-1].output_shape
    if shape is None:
        return "unbuilt"
    if len(layers) == 1:
        if layers[0].class_name in SILENT or layers[0].class_name == "ZeroPadding2D":
            return "mark"
        if layers[0].class_name in JOINS or len(layers[0].inputs) > 1:
            return "join"
    if len(shape) == 2:
        return "nodes" if (shape[1] or 0) <= FEW_UNITS else "vector"
    return "maps"


def _label(cells: Sequence[Cell], prefix: str) -> None:
    """Give the layers of an open place their short names."""
    prefix = prefix.replace("/", "_") + "_"
    for cell in cells:
        if cell.place.kind == "layer":
            cell.label = cell.key.removeprefix(prefix)


def _shortened(place: Place, cells: list[Cell]) -> list[Cell]:
    """Hide the middle blocks of a long group, but none that is open or cannot be built."""
    blocks = [cell for cell in cells if cell.place.kind == "block"]
    if len(blocks) <= MOST_BLOCKS + 1:
        return cells
    between = {
        cell for cell in blocks[MOST_BLOCKS - 1 : -1] if cell.kind != "frame" and not cell.fault
    }
    kept: list[Cell] = []
    waiting: list[Cell] = []
    for cell in cells:
        if cell in between:
            waiting.append(cell)
            continue
        if waiting:
            kept.append(waiting[0] if len(waiting) == 1 else _ellipsis(place, waiting))
            waiting = []
        kept.append(cell)
    return kept


def _ellipsis(place: Place, cells: Sequence[Cell]) -> Cell:
    layers = tuple(layer for cell in cells for layer in cell.layers)
    key = f"{cells[0].key}…"
    return Cell(place, key, "ellipsis", 2, layers, place.key, hidden=len(cells), expanded=False)
