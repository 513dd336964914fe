"""The architecture drawing, painted as SVG from the layout in ``designer.drawing``."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from components.assets import register
from designer.drawing import MIDDLE, Box, Drawing, Frame, draw
from designer.summary import Summary

_mount = register("architecture")


def architecture(summary: Summary, *, key: str = "architecture") -> None:
    """Show the drawing of a design."""
    _mount(data={"svg": to_svg(draw(summary))}, key=key)


def to_svg(drawing: Drawing) -> str:
    """Return the drawing as SVG; its colours come from the classes of ``architecture.css``."""
    # Below this the captions could not be read; the drawing then scrolls instead of shrinking.
    narrowest = min(drawing.width, max(300.0, drawing.width * 0.82))
    parts = [
        f'<svg viewBox="0 0 {drawing.width:.0f} {drawing.height:.0f}" role="img"'
        f' style="--narrowest: {narrowest:.0f}px; --widest: {1.4 * drawing.width:.0f}px"'
        f' aria-label="{escape(drawing.description)}">',
    ]
    for frame in drawing.frames:
        parts.extend(_frame(frame, drawing.height))
    for x1, y1, x2, y2 in drawing.connections:
        parts.append(
            f'<line class="connection" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'
        )
    for frame in drawing.frames:
        style = f"role-{frame.role}"
        for box in frame.boxes:
            fault = " fault" if box.fault else ""
            title = f"{box.title}. {box.fault}" if box.fault else box.title
            parts.append(
                f'<g class="box {style}{fault}" style="--step: {min(frame.number, 6)}">'
                f"<title>{escape(title)}</title>"
            )
            parts.extend(_box(box))
            parts.append("</g>")
    parts.append("</svg>")
    return "".join(parts)


def _frame(frame: Frame, height: float) -> Iterator[str]:
    fault = " fault" if frame.fault else ""
    yield (
        f'<rect class="frame{fault}" x="{frame.x:.1f}" y="2" width="{frame.width:.1f}"'
        f' height="{height - 4:.0f}" rx="9"/>'
    )
    for line, text in enumerate(frame.captions):
        style = ' class="name"' if line == 0 else ""
        yield (
            f'<text{style} x="{frame.x + frame.width / 2:.1f}" y="{height - 42 + 15 * line:.0f}"'
            f' text-anchor="middle">{escape(text)}</text>'
        )


def _box(box: Box) -> Iterator[str]:
    x, y, right, bottom = box.x, box.y, box.right, box.y + box.height
    if box.kind == "ellipsis":
        yield (
            f'<text class="name" x="{x + box.width / 2:.1f}" y="{MIDDLE + 4}"'
            f' text-anchor="middle">+{box.units}</text>'
        )
        return
    if box.kind == "nodes":
        for cx, cy in box.unit_centres():
            yield f'<circle class="unit" cx="{cx:.1f}" cy="{cy:.1f}" r="4.6"/>'
        return
    if box.kind in {"vector", "unbuilt"}:
        style = "column" if box.kind == "vector" else "unbuilt"
        yield (
            f'<rect class="{style}" x="{x:.1f}" y="{y:.1f}" width="{box.width:.1f}"'
            f' height="{box.height:.1f}" rx="3"/>'
        )
        return
    back = box.depth * 0.7  # how far up the back edge is drawn
    across = box.depth * 0.45
    yield (
        f'<path class="top" d="M{x:.1f} {y:.1f}l{across:.1f} {-back:.1f}'
        f'h{box.width:.1f}l{-across:.1f} {back:.1f}z"/>'
        f'<path class="side" d="M{right:.1f} {y:.1f}l{across:.1f} {-back:.1f}'
        f'v{box.height:.1f}l{-across:.1f} {back:.1f}z"/>'
        f'<rect class="front" x="{x:.1f}" y="{y:.1f}" width="{box.width:.1f}"'
        f' height="{box.height:.1f}"/>'
    )
    if box.skip:
        yield (
            f'<path class="skip" d="M{x - 4:.1f} {bottom:.1f}'
            f"C{x - 4:.1f} {bottom + 16:.1f} {right + 3:.1f} {bottom + 16:.1f}"
            f' {right + 3:.1f} {bottom:.1f}"/>'
        )
