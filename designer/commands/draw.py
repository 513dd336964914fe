"""``draw``: a design's drawing as an SVG file."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from designer.commands.parsing import Declare
from designer.commands.reading import design_of
from designer.errors import DesignError


def add(declare: Declare) -> None:
    """Declare the command."""
    drawing = declare("draw", _draw, "Draw a design as an SVG file.", design=True)
    drawing.add_argument("--out", required=True, type=Path, help="the .svg file to write")
    drawing.add_argument("--depth", default="blocks", help="groups, blocks or layers")


def _draw(options: argparse.Namespace) -> int:
    from designer.drawing import DEPTHS, draw
    from designer.drawing.svg import standalone_svg
    from designer.summary import outline

    if options.depth not in DEPTHS:
        raise DesignError(f"--depth: received {options.depth!r}; {', '.join(DEPTHS)} work.")
    if options.out.suffix.lower() != ".svg":
        raise DesignError(f"--out: received {str(options.out)!r}; a name that ends in .svg works.")
    drawing = draw(outline(design_of(options)), depth=options.depth)
    try:
        options.out.write_text(standalone_svg(drawing), encoding="utf-8")
    except OSError as error:
        reason = (error.strerror or "it cannot be written").lower()
        raise DesignError(f"--out: {options.out} cannot be written ({reason}).") from None
    size = options.out.stat().st_size
    if options.json:
        print(json.dumps({"path": str(options.out), "bytes": size, "depth": drawing.depth}))
    else:
        print(f"{options.out}: {size:,} bytes")
        if drawing.note:
            print(drawing.note)
    return 0
