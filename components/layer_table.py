"""The layer table: every section, block and layer with its class, output shape and costs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import streamlit as st

from components.assets import register
from designer.layers_csv import layers_csv
from designer.places import Place, ancestors
from designer.summary import LayerSummary, Summary

_mount = register("layer_table")

#: A network with more layers opens with its groups closed.
SMALL = 30


def layer_table(
    summary: Summary,
    *,
    selected: Place | None = None,
    on_select: Callable[[str], None] | None = None,
    key: str = "layer_table",
) -> None:
    """Show every layer, grouped by stem, groups and task.

    Only what is open is sent to the page, so that a network of hundreds of layers follows a
    dragged control as easily as a small one.

    Args:
        selected: the place that is selected: its row is marked and in sight, its section open.
        on_select: called with the key of the place a person selects.
    """
    state = st.session_state.get(key)
    view = state.get("view") if isinstance(state, Mapping) else None
    data = table_data(summary, opened=opened_by(summary, view, selected), selected=selected)
    if st.session_state.pop(f"{key}_save", False):
        data["file"] = {"name": f"{summary.template}_layers.csv", "text": layers_csv(summary)}

    def select() -> None:
        if on_select is not None:
            on_select(st.session_state[key].get("select") or "")

    def save() -> None:
        # The file is made and sent once, by the run that follows.
        st.session_state[f"{key}_save"] = True

    _mount(
        data=data,
        key=key,
        on_view_change=_nothing,
        on_select_change=select,
        on_save_change=save,
    )


def _nothing() -> None:
    """The table is drawn anew by the run that follows."""


def opened_by(summary: Summary, view: Any, selected: Place | None = None) -> set[str]:
    """Return the keys of the sections that are open.

    Small networks are open from the start; of large ones, only what stands around the groups.
    What has been selected since a person last opened or closed something opens its section.

    Args:
        view: what the page sent when somebody last opened or closed something: ``template``,
            ``known`` and ``open`` sections, and what was ``selected`` then; anything else is
            ignored.
    """
    small = len(summary.layers) <= SMALL
    usual = {section.key for section in summary.sections if small or not section.number}
    around = ancestors(summary.sections, selected.key) if selected else ()
    wanted = {around[0].key} if len(around) > 1 else set()
    if not isinstance(view, Mapping) or view.get("template") != summary.template:
        return usual | wanted
    known, opened = (
        {name for name in view.get(part) or () if isinstance(name, str)}
        for part in ("known", "open")
    )
    if selected is not None and view.get("selected") == selected.key:
        wanted = set()  # a person has closed it since
    return opened | (usual - known) | wanted


def write_shape(shape: tuple[int | None, ...] | None) -> str:
    """Write a shape as Keras prints it, without the batch's None."""
    if shape is None:
        return "—"
    return " × ".join(f"{size:,}" for size in shape[1:] if size is not None)


def table_data(
    summary: Summary,
    *,
    opened: Collection[str] | None = None,
    selected: Place | None = None,
) -> dict[str, Any]:
    """Return the table's sections, with the rows of those that are open.

    Args:
        opened: keys of sections; ``None`` for all.
    """
    sections = []
    for section in summary.sections:
        is_open = opened is None or section.key in opened
        sections.append(
            {
                **_row(section),
                "title": _title(section),
                "open": is_open,
                "share": section.params / summary.total_params if summary.total_params else 0,
                "rows": [
                    _row(place) for child in section.children for place in child.walk()
                ] if is_open else [],
            }
        )  # fmt: skip
    return {
        "template": summary.template,
        "selected": selected.key if selected else "",
        "sections": sections,
    }


def _title(section: Place) -> str:
    blocks, layers = section.blocks, len(section.layers)
    inside = f"{blocks} block{'s' * (blocks > 1)}, " if blocks else ""
    return f"{section.title} · {inside}{layers} layer{'s' * (layers > 1)}"


def _row(place: Place) -> dict[str, Any]:
    layer: LayerSummary = place.layers[-1]
    alone = place.kind == "layer"
    return {
        "key": place.key,
        "kind": place.kind,
        "title": place.title,
        "class_name": layer.class_name if alone else "",
        "shape": write_shape(layer.output_shape),
        "params": place.params,
        "multiply_adds": place.multiply_adds,
        "counted": place.counted,
        "fault": place.fault is not None,
        "deep": alone and layer.path.count("/") >= 2,
    }
