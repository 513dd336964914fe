"""The architecture as a picture: positions and sizes, for ``components/`` to paint.

Feature maps are boxes whose height and depth follow the maps' height and width, and whose
thickness follows the number of maps; vectors are columns, drawn unit by unit while there are
few. Stem, groups and task stand side by side, each in its own frame. Nothing here knows of
colours, SVG or Streamlit.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from designer.summary import LayerSummary, Summary

#: Pixels. The drawing is laid out at this scale and then made to fit.
HEIGHT = 250
LARGEST_MAP = 124
MIDDLE = 112
GAP = 9
FRAME_GAP = 14
FRAME_PADDING = 12
NARROWEST_FRAME = 96
HEAD_GAP = 14

#: Up to this many units a vector is drawn unit by unit, with its connections.
FEW_UNITS = 16

#: A group with more blocks than this is drawn as its first ones, an ellipsis and its last one.
MOST_BLOCKS = 6

#: Layers that change nothing one could draw; they belong to the box before them.
_SILENT = {"Activation", "ReLU", "BatchNormalization", "Dropout", "ZeroPadding2D"}


@dataclass(frozen=True)
class Box:
    """What one layer or block puts out.

    Attributes:
        kind: ``maps``, ``vector``, ``nodes`` (a vector drawn unit by unit), ``unbuilt`` (no
            shape is known) or ``ellipsis``.
        x, y: the left top corner of its front.
        width, height: of its front; ``depth`` is how far it reaches back.
        units: the units of a vector.
        layers: the names of the layers it stands for.
        inputs: the names of the layers that feed it.
        title: what a pointer over it is told.
        skip: whether an identity link leads around it.
        fault: why it cannot be built, if it cannot.
    """

    kind: str
    x: float
    y: float
    width: float
    height: float
    depth: float
    units: int
    layers: tuple[str, ...]
    inputs: tuple[str, ...]
    title: str
    skip: bool = False
    fault: str | None = None

    @property
    def right(self) -> float:
        return self.x + self.width

    def unit_centres(self) -> list[tuple[float, float]]:
        """Return the middle of each unit of a vector drawn unit by unit."""
        step = self.height / self.units
        return [(self.x + self.width / 2, self.y + (n + 0.5) * step) for n in range(self.units)]


@dataclass(frozen=True)
class Frame:
    """Stem, a group, or the task: a frame with a caption around its boxes.

    Attributes:
        name: ``stem``, ``group2``, ``learner`` or ``task``.
        role: ``stem``, ``learner`` or ``task``, for the colour.
        number: which group it is, from 1; 0 for the others.
        captions: lines under the frame: its name, its blocks, its shape, its parameters.
    """

    name: str
    role: str
    number: int
    x: float
    width: float
    captions: tuple[str, ...]
    boxes: tuple[Box, ...]
    fault: bool = False


@dataclass(frozen=True)
class Drawing:
    """A whole architecture, laid out.

    Attributes:
        connections: pairs of points, the connections between vectors drawn unit by unit.
        description: the drawing in words, for those who do not see it.
    """

    width: float
    height: float
    frames: tuple[Frame, ...]
    connections: tuple[tuple[float, float, float, float], ...]
    description: str


@dataclass
class _Node:
    """Layers drawn as one box: a block, or a layer with the silent ones after it."""

    key: str
    layers: list[LayerSummary] = field(default_factory=list)

    @property
    def last(self) -> LayerSummary:
        return self.layers[-1]

    @property
    def shape(self) -> tuple[int, ...]:
        shape = self.last.output_shape
        return tuple(size for size in shape[1:] if size is not None) if shape else ()

    @property
    def fault(self) -> str | None:
        return next((str(layer.fault) for layer in self.layers if layer.fault), None)

    @property
    def skip(self) -> bool:
        return any(layer.class_name == "Add" for layer in self.layers)


def draw(summary: Summary) -> Drawing:
    """Lay a design out, also one that cannot be built: its fault is marked where it stands."""
    sections = _sections(summary.layers)
    scale = _map_scale(summary.layers)
    frames: list[Frame] = []
    x = 2.0
    for name, nodes in sections:
        frame = _frame(name, nodes, x, scale)
        frames.append(frame)
        x += frame.width + FRAME_GAP
    return Drawing(
        width=x - FRAME_GAP + 2,
        height=HEIGHT,
        frames=tuple(frames),
        connections=tuple(_connections([box for frame in frames for box in frame.boxes])),
        description=_describe(summary, frames),
    )


def write_count(count: int) -> str:
    """Write a large count shortly.

    >>> write_count(25_636_712), write_count(140), write_count(999_999)
    ('25.6 M', '140', '1.00 M')
    """
    if count < 10_000:
        return f"{count:,}"
    value, units = count / 1000, ["k", "M", "G", "T", "P"]
    while value >= 999.5 and len(units) > 1:  # three digits would show it as 1000
        value /= 1000
        units.pop(0)
    digits = 2 if value < 9.995 else 1 if value < 99.95 else 0
    return f"{value:,.{digits}f} {units[0]}"


def _sections(layers: Iterable[LayerSummary]) -> list[tuple[str, list[_Node]]]:
    """Return stem, groups and task with the boxes of each, in order."""
    sections: list[tuple[str, list[_Node]]] = []
    for layer in layers:
        parts = layer.path.split("/")
        name = parts[1] if len(parts) > 1 else parts[0]
        # What stands after the last group but outside every group closes that group.
        if name == "learner" and sections and sections[-1][0].startswith("group"):
            name = sections[-1][0]
        if not sections or sections[-1][0] != name:
            sections.append((name, []))
        nodes = sections[-1][1]
        key = parts[2] if len(parts) > 2 else layer.name
        if nodes and (nodes[-1].key == key or (len(parts) < 3 and layer.class_name in _SILENT)):
            nodes[-1].layers.append(layer)
        else:
            nodes.append(_Node(key, [layer]))
    return sections


def _map_scale(layers: Iterable[LayerSummary]) -> float:
    sides = [
        max(layer.output_shape[1:3], key=lambda side: side or 0) or 1
        for layer in layers
        if layer.output_shape and len(layer.output_shape) > 2
    ]
    return LARGEST_MAP / math.sqrt(max(sides, default=1))


def _frame(name: str, nodes: Sequence[_Node], x: float, scale: float) -> Frame:
    columns, hidden = _columns(nodes), 0
    if len(columns) > MOST_BLOCKS + 1:
        hidden = len(columns) - MOST_BLOCKS
        columns = [*columns[: MOST_BLOCKS - 1], [_Node("ellipsis")], columns[-1]]
    sizes = [[_size(node, scale) for node in column] for column in columns]
    reach = sum(max(thick for thick, _, _ in column) for column in sizes)
    reach += GAP * (len(sizes) - 1) + max(depth for _, _, depth in sizes[-1])
    width = max(NARROWEST_FRAME, reach + 2 * FRAME_PADDING)
    left = x + (width - reach) / 2
    boxes = []
    for column, column_sizes in zip(columns, sizes, strict=True):
        height = sum(tall for _, tall, _ in column_sizes) + HEAD_GAP * (len(column) - 1)
        top = MIDDLE - height / 2
        for node, size in zip(column, column_sizes, strict=True):
            boxes.append(_box(node, left, top, size, hidden))
            top += size[1] + HEAD_GAP
        left += max(thick for thick, _, _ in column_sizes) + GAP
    role = "learner" if name.startswith("group") else name
    number = int(name.removeprefix("group")) if name.startswith("group") else 0
    fault = any(node.fault for node in nodes)
    return Frame(name, role, number, x, width, _captions(name, columns, nodes), tuple(boxes), fault)


def _columns(nodes: Sequence[_Node]) -> list[list[_Node]]:
    """Return the nodes side by side, and those that share one input (heads) over each other."""
    columns: list[list[_Node]] = []
    for node in nodes:
        feeds = node.layers[0].inputs
        if columns and feeds and columns[-1][0].layers[0].inputs == feeds:
            columns[-1].append(node)
        else:
            columns.append([node])
    return columns


def _size(node: _Node, scale: float) -> tuple[float, float, float]:
    """Return how thick, tall and deep a box is."""
    if not node.layers:
        return 26.0, 20.0, 0.0
    shape = node.shape
    if not shape:
        return 14.0, 60.0, 0.0
    if len(shape) == 1:
        units = shape[0]
        if units <= FEW_UNITS:
            return 12.0, 12.0 * units, 0.0
        return 12.0, min(150.0, 40 + 24 * math.log10(units)), 0.0
    side, deep = shape[0], shape[1]
    channels = shape[2] if len(shape) > 2 else 1
    return (
        3 + 0.8 * math.sqrt(channels),
        max(4.0, scale * math.sqrt(side)),
        max(2.0, 0.3 * scale * math.sqrt(deep)),
    )


def _box(node: _Node, x: float, y: float, size: tuple[float, float, float], hidden: int) -> Box:
    thick, tall, depth = size
    if not node.layers:
        return Box("ellipsis", x, y, thick, tall, 0, hidden, (), (), f"{hidden} more blocks")
    shape = node.shape
    if len(shape) == 1:
        kind = "nodes" if shape[0] <= FEW_UNITS else "vector"
    else:
        kind = "maps" if shape else "unbuilt"
    params = sum(layer.params for layer in node.layers)
    name = node.last.name if len(node.layers) == 1 else node.key
    if "/" in node.last.path and node.key.startswith(("block", "transition")):
        name = f"{node.last.path.split('/')[1]} {node.key}"
    return Box(
        kind,
        x,
        y + depth * 0.35,
        thick,
        tall,
        depth,
        shape[0] if len(shape) == 1 else 0,
        tuple(layer.name for layer in node.layers),
        node.layers[0].inputs,
        f"{name}: {_write_shape(shape)}, {params:,} parameters",
        skip=node.skip,
        fault=node.fault,
    )


def _write_shape(shape: Sequence[int]) -> str:
    if not shape:
        return "cannot be built"
    if len(shape) == 1:
        return f"{shape[0]:,} number{'s' if shape[0] > 1 else ''}"
    return " × ".join(f"{side:,}" for side in shape)


def _captions(
    name: str, columns: Sequence[Sequence[_Node]], nodes: Sequence[_Node]
) -> tuple[str, ...]:
    blocks = sum(node.key.startswith("block") for node in nodes)
    title = name.replace("group", "Group ") if name.startswith("group") else name.capitalize()
    if blocks:
        title += f" · {blocks} block{'s' if blocks > 1 else ''}"
    shape = " and ".join(_write_shape(node.shape) for node in columns[-1])
    if len(columns[-1]) > 1:
        shape = " + ".join(f"{node.shape[0]:,}" for node in columns[-1] if node.shape) + " numbers"
    params = sum(layer.params for node in nodes for layer in node.layers)
    return title, shape, f"{write_count(params)} params"


def _connections(boxes: Sequence[Box]) -> Iterable[tuple[float, float, float, float]]:
    """Yield a line for every connection between vectors of few units."""
    by_layer = {name: box for box in boxes if box.kind == "nodes" for name in box.layers}
    for right in by_layer.values():
        for name in right.inputs:
            left = by_layer.get(name)
            if left is not None and left is not right:
                for x1, y1 in left.unit_centres():
                    for x2, y2 in right.unit_centres():
                        yield x1, y1, x2, y2


def _describe(summary: Summary, frames: Sequence[Frame]) -> str:
    parts = [", ".join(frame.captions) for frame in frames]
    return f"Architecture of {summary.template}: " + "; ".join(parts) + "."
