"""The architecture as a picture: positions and sizes, for ``components/`` to paint.

Feature maps are boxes whose height and depth follow the maps' height and width, and whose
thickness follows the number of maps; vectors are columns, drawn unit by unit while there are
few. Stem, groups and task stand side by side, each in its own frame, opened to its blocks or
to its layers; lines between them follow the graph's real inputs. Only :mod:`designer.drawing.svg`
knows of colours; nothing here knows Streamlit.
"""

from __future__ import annotations

from designer.drawing.cells import DEPTHS, MOST_BLOCKS, MOST_LAYERS
from designer.drawing.columns import WIDTH
from designer.drawing.layout import HEIGHT, draw
from designer.drawing.shapes import Box, Drawing, Frame, Line
from designer.drawing.sizes import largest_side_of
from designer.drawing.words import LEGEND, write_count

__all__ = [
    "DEPTHS",
    "HEIGHT",
    "LEGEND",
    "MOST_BLOCKS",
    "MOST_LAYERS",
    "WIDTH",
    "Box",
    "Drawing",
    "Frame",
    "Line",
    "draw",
    "largest_side_of",
    "write_count",
]
