"""The drawing as SVG: for the page, whose style sheet colours it, and as a file of its own."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from designer.drawing.ink import FONTS, MUTED, PAPER, FileInk, Ink, PageInk, hue_of
from designer.drawing.shapes import Box, Drawing, Frame
from designer.drawing.sizes import ACROSS, BACK
from designer.drawing.strokes import lines
from designer.drawing.words import LEGEND

#: Wider frames have their captions at their left edge.
CENTRED = 640.0

_SIGNS = {
    "+": "M-4.5 0h9M0-4.5v9",
    "×": "M-3.4-3.4l6.8 6.8M3.4-3.4l-6.8 6.8",
    "⧺": "M-2-4.5v9M2-4.5v9",
}


def to_svg(drawing: Drawing, *, selected: str | None = None) -> str:
    """Return the drawing for the page: its colours come from the classes of ``architecture.css``.

    Every box and open frame is an item of a tree, in reading order, with ``data-key`` (its
    place), ``data-parent`` and ``aria-expanded`` where it can be opened or closed.

    Args:
        selected: the key of what is selected.
    """
    width, height = f"{drawing.width:.0f}", f"{drawing.height:.0f}"
    return "".join(
        [
            f'<svg width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="none"'
            ' preserveAspectRatio="xMinYMid">',
            *_picture(drawing, PageInk(), selected),
            "</svg>",
        ]
    )


def standalone_svg(drawing: Drawing, *, title: str | None = None) -> str:
    """Return the drawing as a complete file, fit for a paper or a slide: light, on white.

    Args:
        title: what the file says it is; by default the template's name.
    """
    margin, legend = 12.0, 26.0
    width, height = drawing.width + 2 * margin, drawing.height + 2 * margin + legend
    shown = LEGEND if drawing.width >= 700 else LEGEND.partition(". ")[0] + "."
    return "".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>\n',
            '<svg xmlns="http://www.w3.org/2000/svg"'
            f' width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}"'
            f' role="img" font-family="{FONTS}" font-size="12.5" fill="{MUTED}">',
            f"<title>{escape(title or drawing.name)}</title>",
            f"<desc>{escape(drawing.description)}</desc>",
            f'<rect width="100%" height="100%" fill="{PAPER}"/>',
            f'<g transform="translate({margin:.0f} {margin:.0f})">',
            *_picture(drawing, FileInk(), None),
            "</g>",
            f'<text x="{margin + 4:.0f}" y="{height - 14:.0f}" font-size="11.5">'
            f"{escape(shown)}</text>",
            "</svg>\n",
        ]
    )


def _picture(drawing: Drawing, ink: Ink, selected: str | None) -> Iterator[str]:
    """Yield the background, the lines, and then everything one can point at, in reading order."""
    hidden = ' aria-hidden="true"' if ink.on_page else ""
    yield f"<g{hidden}>"
    for frame in drawing.frames:
        yield _back(frame, ink)
        for part in frame.parts:
            if isinstance(part, Frame):
                yield _back(part, ink)
    yield from lines(drawing, ink)
    yield "</g>"
    for frame in drawing.frames:
        yield from _frame(frame, ink, selected, (frame.x, frame.x + frame.width))


def _back(frame: Frame, ink: Ink) -> str:
    style = "frame" + (" block" if frame.level > 1 else "") + (" fault" if frame.fault else "")
    return (
        f'<rect{ink(style)} x="{frame.x:.1f}" y="{frame.y:.1f}" width="{frame.width:.1f}"'
        f' height="{frame.height:.1f}" rx="{9 if frame.level == 1 else 7}"/>'
    )


def _frame(
    frame: Frame, ink: Ink, selected: str | None, room: tuple[float, float]
) -> Iterator[str]:
    if ink.on_page:
        if frame.open:
            yield _item(frame, "section" if frame.level == 1 else "inner", selected, True)
        else:
            yield f'<g class="section" data-of="{escape(frame.key)}" aria-hidden="true">'
        yield (
            f'<rect class="hit" x="{frame.x:.1f}" y="{frame.y:.1f}" width="{frame.width:.1f}"'
            f' height="{frame.height:.1f}" rx="{9 if frame.level == 1 else 7}"/>'
        )
    else:
        yield "<g>"
    yield from _captions(frame, ink)
    yield "</g>"
    for part in frame.parts:
        if isinstance(part, Frame):
            yield from _frame(part, ink, selected, room)
        else:
            yield from _box(part, ink, selected, room)


def _captions(frame: Frame, ink: Ink) -> Iterator[str]:
    hidden = ' aria-hidden="true"' if ink.on_page else ""
    if frame.level > 1:
        name, shape = frame.captions
        yield (
            f'<text{ink("name")}{hidden} x="{frame.x + 10:.1f}" y="{frame.y + 17:.1f}">'
            f"{escape(name)}</text>"
        )
        if 7.2 * len(name) + 6.4 * len(shape) + 34 < frame.width:
            yield (
                f'<text{hidden} x="{frame.x + frame.width - 10:.1f}" y="{frame.y + 17:.1f}"'
                f' text-anchor="end">{escape(shape)}</text>'
            )
        return
    wide = frame.width > CENTRED
    x = frame.x + (14 if wide else frame.width / 2)
    anchor = "" if wide else ' text-anchor="middle"'
    if ink.on_page and wide:
        yield f'<g class="wide" data-x="{frame.x:.0f}" data-width="{frame.width:.0f}">'
    for line, text in enumerate(frame.captions):
        style = ink("name") if line == 0 else ""
        y = frame.y + frame.height - 45 + 17 * line
        yield f'<text{style}{hidden} x="{x:.1f}" y="{y:.1f}"{anchor}>{escape(text)}</text>'
    if ink.on_page and wide:
        yield "</g>"


def _item(part: Box | Frame, style: str, selected: str | None, expanded: bool | None) -> str:
    fault = f". {part.fault}" if isinstance(part, Box) and part.fault else ""
    opening = "" if expanded is None else f' aria-expanded="{str(expanded).lower()}"'
    return (
        f'<g class="{style}" role="treeitem" aria-level="{part.level}"{opening}'
        f' aria-selected="{"true" if part.key == selected else "false"}"'
        f' data-key="{escape(part.key)}" data-parent="{escape(part.parent)}"'
        f' aria-label="{escape(part.title + fault)}">'
    )


# --- boxes -------------------------------------------------------------------------------------


def _box(box: Box, ink: Ink, selected: str | None, room: tuple[float, float]) -> Iterator[str]:
    hue = "fault" if box.fault else hue_of(box.role, box.number)
    if ink.on_page:
        style = f"box {box.kind} hue-{hue}{' fault' if box.fault else ''}"
        yield _item(box, style, selected, box.expanded)
    else:
        yield f"<g><title>{escape(box.title)}</title>"
    yield from _SHAPES[box.kind](box, ink, hue)
    hidden = ' aria-hidden="true"' if ink.on_page else ""
    if box.label and box.label_beside:
        yield (
            f'<text{ink("label")}{hidden} x="{box.right + 7:.1f}" y="{box.label_y:.1f}">'
            f"{escape(box.label)}</text>"
        )
    elif box.label:
        x = box.x + box.width / 2 - 3.5
        yield (
            f"<text{ink('label')}{hidden}"
            f' transform="translate({x:.1f} {box.label_y:.1f})rotate(90)">'
            f"{escape(box.label)}</text>"
        )
    if box.fault:
        x, y = box.centre[0], box.y - BACK * box.depth - (26 if box.skips else 9)
        half = 3.7 * len(box.faulty) + 12
        left, right = room  # the words stay inside the section where they can
        x = (
            min(max(x, left + half), right - half)
            if right - left > 2 * half
            else (left + right) / 2
        )
        yield (
            f'<text{ink("callout")}{hidden} x="{x:.1f}" y="{y:.1f}"'
            f' text-anchor="middle">⚠ {escape(box.faulty)}</text>'
        )
    yield "</g>"


def _maps(box: Box, ink: Ink, hue: str) -> Iterator[str]:
    x, y, w, h = box.x, box.y, box.width, box.height
    over, up = ACROSS * box.depth, BACK * box.depth
    pale = "" if box.learns else " pale"
    yield (
        f'<path{ink("top" + pale, hue)} d="M{x:.1f} {y:.1f}l{over:.1f} {-up:.1f}h{w:.1f}'
        f'l{-over:.1f} {up:.1f}z"/>'
        f'<path{ink("side" + pale, hue)} d="M{x + w:.1f} {y:.1f}l{over:.1f} {-up:.1f}v{h:.1f}'
        f'l{-over:.1f} {up:.1f}z"/>'
        f'<rect{ink("front" + pale, hue)} x="{x:.1f}" y="{y:.1f}" width="{w:.1f}"'
        f' height="{h:.1f}"/>'
    )
    if 1 < box.slices < w / 2.5:
        step = w / box.slices
        cuts = "".join(
            f"M{x + n * step + over:.1f} {y - up:.1f}l{-over:.1f} {up:.1f}v{h:.1f}"
            for n in range(1, box.slices)
        )
        yield f'<path{ink("slices")} d="{cuts}"/>'


def _vector(box: Box, ink: Ink, hue: str) -> Iterator[str]:
    pale = "" if box.learns else " pale"
    yield _rect(box, ink("column" + pale, hue), 3)


def _nodes(box: Box, ink: Ink, hue: str) -> Iterator[str]:
    style = ink("unit" if box.learns else "unit pale", hue)
    for x, y in box.unit_centres():
        yield f'<circle{style} cx="{x:.1f}" cy="{y:.1f}" r="4.8"/>'


def _mark(box: Box, ink: Ink, hue: str) -> Iterator[str]:
    yield _rect(box, ink(f"mark {box.does}", hue), 2)


def _join(box: Box, ink: Ink, hue: str) -> Iterator[str]:
    x, y = box.centre
    yield f'<circle{ink("join")} cx="{x:.1f}" cy="{y:.1f}" r="{box.width / 2:.1f}"/>'
    sign = _SIGNS.get(box.sign, _SIGNS["+"])
    yield f'<path{ink("sign")} transform="translate({x:.1f} {y:.1f})" d="{sign}"/>'


def _unbuilt(box: Box, ink: Ink, hue: str) -> Iterator[str]:
    yield _rect(box, ink("unbuilt fault" if box.fault else "unbuilt"), 3)


def _ellipsis(box: Box, ink: Ink, hue: str) -> Iterator[str]:
    yield _rect(box, ink("more"), 13)
    x, y = box.centre
    hidden = ' aria-hidden="true"' if ink.on_page else ""
    yield (
        f'<text{ink("name")}{hidden} x="{x:.1f}" y="{y + 4.5:.1f}" text-anchor="middle">'
        f"+{box.units}</text>"
    )


def _rect(box: Box, style: str, radius: float) -> str:
    return (
        f'<rect{style} x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}"'
        f' height="{box.height:.1f}" rx="{radius:g}"/>'
    )


_SHAPES = {
    "maps": _maps,
    "vector": _vector,
    "nodes": _nodes,
    "mark": _mark,
    "join": _join,
    "unbuilt": _unbuilt,
    "ellipsis": _ellipsis,
}
