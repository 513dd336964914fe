"""The design as code: in a style a person chooses, two side by side if wanted."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import streamlit as st

from components.assets import register
from components.highlighting import highlighted
from designer.code import (
    ACTIVATIONS,
    CodeError,
    changed_lines,
    lines_of_layers,
    styles,
    why_not,
    write_lines,
    write_notebook,
)
from designer.design import Design

_mount = register("code_view", uses=("copying",))

#: Sources of more layers wait for the hand to rest, unless they are written with loops.
MOST_LAYERS_WHILE_DRAGGING = 120

_AS_DESIGNED = "design"


@dataclass(frozen=True)
class View:
    """What a person chose to see.

    Attributes:
        style: of the code.
        other: of the code beside it.
        side_by_side: whether there are two.
        activations: how activations are written; ``None`` as the design has them.
    """

    style: str = "functional"
    other: str = "reuse"
    side_by_side: bool = False
    activations: str | None = None


def view_of(sent: Any) -> View:
    """Return the view a page sent; what we do not know is left as it was first."""
    if not isinstance(sent, Mapping):
        return View()
    view = View(side_by_side=sent.get("side_by_side") is True)
    if sent.get("style") in list(styles()):
        view = replace(view, style=sent["style"])
    if sent.get("other") in list(styles()):
        view = replace(view, other=sent["other"])
    if sent.get("activations") in list(ACTIVATIONS):
        view = replace(view, activations=sent["activations"])
    return view


def code_view(
    design: Design, *, resting: bool, key: str = "code", selected: Collection[str] = ()
) -> None:
    """Show a design as code; lines that changed since it last rested are marked.

    Args:
        resting: whether no control is being dragged; very long sources wait for it.
        selected: names of layers whose lines are lit.
    """
    kept, marks, answered = f"{key}_view", f"{key}_before", f"{key}_answered"
    state = st.session_state.get(key)
    sent = state.get("view") if isinstance(state, Mapping) else None
    if sent is not None:
        st.session_state[kept] = sent
    sent = st.session_state.get(kept)
    before, now = st.session_state.get(marks, (design, design))
    if resting and design != now:
        before, now = now, design
    st.session_state[marks] = (before, now)
    data = code_data(
        design,
        view_of(sent),
        before=before if resting else now,
        resting=resting,
        selected=selected,
    )
    asked = _notebook_asked(sent)
    if asked and asked[0] != st.session_state.get(answered, 0):
        st.session_state[answered] = asked[0]
        data["notebook"] = _notebook(design, asked, view_of(sent).activations)
    _mount(data=data, key=key, on_view_change=_nothing)


def _nothing() -> None:
    """The code is written anew by the run that follows."""


def code_data(
    design: Design,
    view: View,
    *,
    before: Design,
    resting: bool = True,
    selected: Collection[str] = (),
) -> dict[str, Any]:
    """Return what the page shows.

    Args:
        before: the design that changes are marked against.
    """
    shown = (view.style, view.other) if view.side_by_side else (view.style,)
    return {
        "name": design.template,
        "styles": [
            {"name": one.name, "title": one.title, "teaches": one.teaches}
            for one in styles().values()
        ],
        "view": {
            "style": view.style,
            "other": view.other,
            "side_by_side": view.side_by_side,
            "activations": view.activations or _AS_DESIGNED,
        },
        "panes": [_pane(design, style, view, before, resting, selected) for style in shown],
        "notebook": None,
    }


def _pane(
    design: Design,
    style: str,
    view: View,
    before: Design,
    resting: bool,
    selected: Collection[str],
) -> dict[str, Any]:
    pane: dict[str, Any] = {"style": style, "lines": None, "changed": [], "lit": [], "reason": ""}
    if obstacle := why_not(design, style):
        pane["reason"] = str(obstacle)
        pane["works"] = list(obstacle.works)
        return pane
    long = len(design.graph.layers) > MOST_LAYERS_WHILE_DRAGGING and style != "reuse"
    if long and not resting:
        return pane
    lines = _written(design, style, view.activations)
    source = _source(lines)
    pane["lines"] = highlighted(source)
    if before != design and before.template == design.template:
        pane["changed"] = list(changed_lines(_written_before(before, style, view), source))
    pane["lit"] = lines_of_layers(design, lines, view.activations, selected)
    return pane


@lru_cache(maxsize=16)
def _written(design: Design, style: str, activations: str | None) -> tuple[str, ...]:
    return tuple(write_lines(design, style, activations))


def _source(lines: Sequence[str]) -> str:
    return "\n".join(lines) + "\n"


def _written_before(before: Design, style: str, view: View) -> str:
    """Return the source to compare with: none if the style could not express that design."""
    return "" if why_not(before, style) else _source(_written(before, style, view.activations))


def _notebook_asked(sent: Any) -> tuple[int, str] | None:
    asked = sent.get("notebook") if isinstance(sent, Mapping) else None
    if not isinstance(asked, Mapping) or not isinstance(asked.get("sequence"), int):
        return None
    return (asked["sequence"], asked["style"]) if asked.get("style") in list(styles()) else None


def _notebook(
    design: Design, asked: tuple[int, str], activations: str | None
) -> dict[str, Any] | None:
    try:
        text = write_notebook(design, asked[1], activations)
    except CodeError:  # the style's reason stands in its pane
        return None
    return {"sequence": asked[0], "name": f"{design.template}_{asked[1]}.ipynb", "text": text}
