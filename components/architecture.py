"""The architecture drawing: three depths to open and close, one selection, pictures to save.

The server lays the drawing out and sends it as SVG; zooming and panning stay in the browser.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from components import studio
from components.assets import register
from designer.drawing import DEPTHS, LEGEND, Drawing, draw
from designer.drawing.svg import standalone_svg, to_svg
from designer.places import Place
from designer.summary import Summary

_mount = register("architecture")

#: A drawing with more boxes is not sent anew while a control is dragged, only when it rests.
LARGE = 250


@dataclass(frozen=True)
class View:
    """What a person has opened and closed; see ``designer.drawing.draw``."""

    depth: str = "blocks"
    opened: frozenset[str] = frozenset()
    closed: frozenset[str] = frozenset()


def architecture(
    summary: Summary,
    *,
    selected: Place | None = None,
    on_select: Callable[[str | None], None] | None = None,
    key: str = "architecture",
) -> None:
    """Show the drawing of a design, to open, to select in, to zoom and to save.

    Args:
        selected: what is selected, here or elsewhere.
        on_select: is told the key of what a person selects here, or ``None`` for nothing.
    """
    state = st.session_state.get(key)
    view = view_of(summary, _of(state, "view") or st.session_state.get(f"{key}_view"))
    _mount(
        data=drawing_data(
            summary,
            view,
            selected=selected,
            resting=studio.is_resting(),
            sequence=st.session_state.get(f"{key}_sequence", 0),
            picture=_of(state, "picture"),
            painted=partial(_painted, key),
        ),
        key=key,
        on_view_change=partial(_keep_view, key),
        on_select_change=partial(_select, key, on_select),
        on_picture_change=_nothing,
    )


def still(drawing: Drawing, *, key: str, width: float | None = None) -> None:
    """Show a drawing as a picture, without its tools.

    Args:
        width: the width of the widest of several drawings that are shown on one scale.
    """
    data = {"svg": to_svg(drawing), "width": max(width or 0.0, drawing.width), "still": True}
    _mount(
        data={**data, "height": drawing.height, "label": drawing.description},
        key=key,
        on_view_change=_nothing,
        on_select_change=_nothing,
        on_picture_change=_nothing,
    )


def view_of(summary: Summary, view: Any) -> View:
    """Return what is to be shown, from what the page sent; anything else is ignored.

    The depth stays from template to template; what is opened by hand belongs to one.
    """
    if not isinstance(view, Mapping):
        return View()
    depth = view.get("depth")
    depth = depth if depth in DEPTHS else "blocks"
    if view.get("template") != summary.template:
        return View(depth)
    return View(depth, _keys(view.get("opened")), _keys(view.get("closed")))


def _keys(sent: Any) -> frozenset[str]:
    return (
        frozenset(key for key in sent if isinstance(key, str))
        if isinstance(sent, list)
        else (frozenset())
    )


def drawing_data(
    summary: Summary,
    view: View,
    *,
    selected: Place | None = None,
    resting: bool = True,
    sequence: int = 0,
    picture: Any = None,
    painted: Callable[[Summary, View], tuple[Drawing, str]] | None = None,
) -> dict[str, Any]:
    """Return what is sent to the page.

    Args:
        resting: whether no control is being dragged: a large drawing waits for that, and the
            page keeps the one it has.
        sequence: of the selection that was dealt with last.
        picture: the page's wish for a file: ``kind`` and ``number``.
        painted: returns the drawing and its SVG, by default made anew.
    """
    data: dict[str, Any] = {
        "template": summary.template,
        "depth": view.depth,
        "opened": sorted(view.opened),
        "closed": sorted(view.closed),
        "sequence": sequence,
        "legend": LEGEND,
    }
    if not resting and view.depth == "layers" and len(summary.layers) > LARGE:
        return data
    drawing, svg = (painted or _paint)(summary, view)
    if not resting and len(drawing.boxes) > LARGE:
        return data
    data |= {
        "svg": svg,
        "width": round(drawing.width),
        "height": round(drawing.height),
        "label": f"Architecture of {summary.template}",
        "description": drawing.description,
        "note": drawing.note,
        "selected": drawing.shows(selected) if selected else "",
    }
    if isinstance(picture, Mapping) and picture.get("kind") in {"svg", "png"}:
        data["picture"] = {
            "kind": picture["kind"],
            "number": picture.get("number"),
            "name": f"{summary.template}_{view.depth}",
            "svg": standalone_svg(drawing, title=f"Architecture of {summary.template}"),
        }
    return data


def _paint(summary: Summary, view: View) -> tuple[Drawing, str]:
    drawing = draw(summary, depth=view.depth, opened=view.opened, closed=view.closed)
    return drawing, to_svg(drawing)


def _painted(key: str, summary: Summary, view: View) -> tuple[Drawing, str]:
    """Return what was painted last, if it is the same: a selection changes nothing in it."""
    shelf = f"{key}_painted"
    design, seen, made = st.session_state.get(shelf, (None, None, None))
    if made is None or seen != view or design != summary.design:
        made = _paint(summary, view)
        st.session_state[shelf] = summary.design, view, made
    return made


def _of(state: Any, name: str) -> Any:
    return state.get(name) if isinstance(state, Mapping) else None


def _keep_view(key: str) -> None:
    st.session_state[f"{key}_view"] = _of(st.session_state.get(key), "view")


def _select(key: str, on_select: Callable[[str | None], None] | None) -> None:
    event = _of(st.session_state.get(key), "select")
    if not isinstance(event, Mapping):
        return
    if isinstance(event.get("sequence"), int):
        st.session_state[f"{key}_sequence"] = event["sequence"]
    wanted = event.get("key")
    if on_select is not None:
        on_select(wanted if isinstance(wanted, str) and wanted else None)


def _nothing() -> None:
    """The run that follows answers."""
