"""The lines of a drawing as SVG paths."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from designer.drawing.ink import Ink
from designer.drawing.shapes import Box, Drawing, Line
from designer.drawing.sizes import ACROSS, BACK

_CORNER = 7.0
#: Lines in one path: few elements, and still small enough to be left out where they are not seen.
_TOGETHER = 40


def lines(drawing: Drawing, ink: Ink) -> Iterator[str]:
    """Yield the paths of all lines, many of a kind in one."""
    if drawing.connections:
        ways = "".join(
            f"M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" for x1, y1, x2, y2 in drawing.connections
        )
        yield f'<path{ink("connection")} d="{ways}"/>'
    drawn: dict[str, list[str]] = {}
    for line in drawing.lines:
        style = "flow" if line.kind == "flow" else "skip"
        if not line.built:
            style += " dashed"
        drawn.setdefault(style, []).append(_path(line.points))
        if line.kind != "flow":
            drawn.setdefault("tip", []).append(_tip(line))
    for box in drawing.boxes:
        if box.skips:
            around, tip = _bridge(box)
            drawn.setdefault("skip", []).append(around)
            drawn.setdefault("tip", []).append(tip)
    for style, paths in sorted(drawn.items()):
        for at in range(0, len(paths), _TOGETHER):
            yield f'<path{ink(style)} d="{"".join(paths[at : at + _TOGETHER])}"/>'


def _path(points: Sequence[tuple[float, float]]) -> str:
    """Return a line with rounded corners, horizontal and vertical by turns."""
    x, y = points[0]
    path = f"M{x:.1f} {y:.1f}"
    for at in range(1, len(points) - 1):
        (before_x, before_y), (x, y), (ahead_x, ahead_y) = points[at - 1 : at + 2]
        into = abs(x - before_x) + abs(y - before_y)
        out = abs(ahead_x - x) + abs(ahead_y - y)
        r = min(_CORNER, into / 2, out / 2)
        path += (
            f"L{x - r * _sign(x - before_x):.1f} {y - r * _sign(y - before_y):.1f}"
            f"Q{x:.1f} {y:.1f} {x + r * _sign(ahead_x - x):.1f} {y + r * _sign(ahead_y - y):.1f}"
        )
    x, y = points[-1]
    return path + f"L{x:.1f} {y:.1f}"


def _sign(number: float) -> int:
    return (number > 0) - (number < 0)


def _tip(line: Line) -> str:
    """Return the arrow head at the end of a line."""
    (x0, y0), (x, y) = line.points[-2:]
    if abs(x - x0) > abs(y - y0):
        return f"M{x:.1f} {y:.1f}l-5 -3.2v6.4z"
    back = -5 if y > y0 else 5
    return f"M{x:.1f} {y:.1f}l-3.2 {back}h6.4z"


def _bridge(box: Box) -> tuple[str, str]:
    """Return the way around a box whose identity link is inside it, and its arrow head."""
    middle = box.y + box.height / 2
    left, right = box.x - 3.5, box.right + ACROSS * box.depth + 3.5
    top = box.y - BACK * box.depth - 9
    points = ((left, middle), (left, top), (right, top), (right, middle))
    return _path(points), f"M{right:.1f} {middle:.1f}l-2.6 -5h5.2z"
