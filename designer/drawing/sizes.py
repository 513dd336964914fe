"""How large things are drawn. Pixels, at the scale a page shows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from designer.drawing.cells import Cell
from designer.summary import LayerSummary

#: The front of the largest maps.
LARGEST_MAP = 150
#: How far a box reaches back, as a share of its width in numbers, and how that is projected.
REACH = 0.24
ACROSS, BACK = 0.42, 0.62
#: Between one head and the next, over each other.
HEAD_GAP = 14

_MARK, _JOIN = 5.0, 17.0


@dataclass(frozen=True)
class Scale:
    """Pixels for the square root of a side, and for that of a number of filters."""

    side: float
    filters: float

    def measure(self, cell: Cell, before: Cell | None) -> None:
        """Give a cell its width, height and depth; marks are as tall as what they follow."""
        if cell.kind == "ellipsis":
            cell.width, cell.height = 34.0, 26.0
        elif cell.kind == "join":
            cell.width = cell.height = _JOIN
        elif cell.kind == "unbuilt":
            cell.width, cell.height = (9.0 if cell.label else 16.0), 64.0
        else:
            cell.width, cell.height, cell.depth = self._size(cell.shape)
            if cell.kind == "mark":
                cell.width, cell.depth = _MARK, 0.0

    def _size(self, shape: Sequence[int]) -> tuple[float, float, float]:
        if len(shape) == 1:
            units = shape[0]
            if units <= 16:
                return 12.0, 12.0 * units, 0.0
            return 12.0, min(170.0, 36 + 27 * math.log10(units)), 0.0
        side, across = shape[0], shape[1]
        channels = shape[2] if len(shape) > 2 else 1
        return (
            max(2.5, self.filters * math.sqrt(channels)),
            max(4.0, self.side * math.sqrt(side)),
            max(2.0, REACH * self.side * math.sqrt(across)),
        )


def scale_for(layers: Sequence[LayerSummary], depth: str, largest_side: int | None) -> Scale:
    """Return the scale at which a network's largest maps fill the drawing's height.

    Args:
        largest_side: of all networks that are to be drawn on one scale; ``None`` for its own.
    """
    if largest_side is None:
        largest_side = largest_side_of(layers)
    side = LARGEST_MAP / math.sqrt(max(1, largest_side))
    return Scale(side, {"groups": 1.9, "blocks": 0.7}.get(depth, 0.6))


def largest_side_of(layers: Sequence[LayerSummary]) -> int:
    """Return the longest side of a network's feature maps; 1 if it has none."""
    sides = [
        size
        for layer in layers
        if layer.output_shape and len(layer.output_shape) > 2
        for size in layer.output_shape[1:3]
        if size
    ]
    return max(sides, default=1)
