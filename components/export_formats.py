"""The formats, as cards that are grouped by what they are for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import streamlit as st

from components.assets import register
from designer.exports import ExportFormat, formats

_mount = register("export_formats")

_KEY = "export_formats"
_CHOSEN = "export_format"

#: What a format is for: names of formats. What is in none of them comes at the end.
PURPOSES: Mapping[str, tuple[str, ...]] = {
    "Run it elsewhere": ("saved_model", "onnx"),
    "On small devices": ("litert",),
    "Go on in Keras": ("keras", "weights"),
    "Read it": ("code", "notebook", "design", "svg"),
}
OTHERS = "More"


def format_choice() -> ExportFormat:
    """Show the formats there are, and return the one that is chosen."""
    offered = [one for one in formats().values() if not one.is_package]
    usable = [one.name for one in offered if not one.missing()]
    chosen = st.session_state.get(_CHOSEN)
    if chosen not in usable:
        chosen = usable[0]

    def take() -> None:
        state = st.session_state.get(_KEY)
        asked = state.get("chosen") if isinstance(state, Mapping) else None
        if asked in usable:
            st.session_state[_CHOSEN] = asked

    _mount(
        data={"groups": grouped(offered), "chosen": chosen},
        key=_KEY,
        on_chosen_change=take,
    )
    return formats()[chosen]


def grouped(offered: Iterable[ExportFormat]) -> list[dict[str, Any]]:
    """Return the cards by purpose; a purpose that no format serves is left out."""
    left = {one.name: one for one in offered}
    groups = []
    for purpose, names in PURPOSES.items():
        inside = [left.pop(name) for name in names if name in left]
        groups.append((purpose, inside))
    groups.append((OTHERS, list(left.values())))
    return [
        {"title": purpose, "formats": [_card(one) for one in inside]}
        for purpose, inside in groups
        if inside
    ]


def _card(one: ExportFormat) -> dict[str, str]:
    return {
        "name": one.name,
        "title": one.title,
        "description": one.description,
        "missing": one.missing(),
    }
