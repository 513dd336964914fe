"""The layer table: name, class, output shape, parameters, multiply-adds, and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import streamlit as st

from components.assets import register
from designer.layers import rule_for
from designer.summary import LayerSummary, Summary

_mount = register("layer_table")

#: A network with more layers opens with its groups closed.
SMALL = 30


def layer_table(summary: Summary, *, key: str = "layer_table") -> None:
    """Show every layer, grouped by stem, group and task; each answers why it has its numbers.

    Only what a person has opened is sent to the page, so that a network of hundreds of layers
    follows a dragged control as easily as a small one.
    """
    state = st.session_state.get(key)
    view = state.get("view") if isinstance(state, Mapping) else None
    opened, asked = opened_by(summary, view)
    _mount(data=table_data(summary, opened=opened, asked=asked), key=key, on_view_change=_nothing)


def _nothing() -> None:
    """The table is drawn anew by the run that follows."""


def opened_by(summary: Summary, view: Any) -> tuple[set[str], set[str]]:
    """Return which sections are open and which layers were asked why.

    Small networks are open from the start; of large ones, only what stands around the groups.

    Args:
        view: what the page sent when somebody last opened or closed something: ``template``,
            ``known`` and ``open`` sections, ``why`` (names of layers); anything else is ignored.
    """
    names = {_section(layer) for layer in summary.layers}
    small = len(summary.layers) <= SMALL
    usual = {name for name in names if small or not name.startswith("Group")}
    if not isinstance(view, Mapping) or view.get("template") != summary.template:
        return usual, set()
    known, opened, asked = (
        {name for name in view.get(part) or () if isinstance(name, str)}
        for part in ("known", "open", "why")
    )
    return opened | (usual - known), asked


def write_shape(shape: tuple[int | None, ...] | None) -> str:
    """Write a shape as Keras prints it, without the batch's None."""
    if shape is None:
        return "—"
    return " × ".join(f"{size:,}" for size in shape[1:] if size is not None)


def _section(layer: LayerSummary) -> str:
    parts = layer.path.split("/")
    return (parts[1] if len(parts) > 1 else parts[0]).replace("group", "Group ").capitalize()


def table_data(
    summary: Summary,
    *,
    opened: Collection[str] | None = None,
    asked: Collection[str] | None = None,
) -> dict[str, Any]:
    """Return the table's sections, with the rows of those that are open.

    Args:
        opened: names of sections; ``None`` for all.
        asked: names of layers that explain themselves; ``None`` for all.
    """
    sections: list[dict[str, Any]] = []
    for layer in summary.layers:
        parts, title = layer.path.split("/"), _section(layer)
        if not sections or sections[-1]["name"] != title:
            sections.append(
                {
                    "name": title,
                    "open": opened is None or title in opened,
                    "blocks": set(),
                    "count": 0,
                    "params": 0,
                    "multiply_adds": 0,
                    "layers": [],
                }
            )
        section = sections[-1]
        section["count"] += 1
        if len(parts) > 2 and parts[2].startswith("block"):
            section["blocks"].add(parts[2])
        section["params"] += layer.params
        section["multiply_adds"] += layer.multiply_adds
        section["shape"] = write_shape(layer.output_shape)
        section["fault"] = section.get("fault", False) or layer.fault is not None
        if section["open"]:
            row = _row(layer, asked is None or layer.name in asked)
            row["block"] = parts[2].replace("block", "Block ").capitalize() if parts[2:] else ""
            section["layers"].append(row)
    for section in sections:
        blocks, layers = len(section.pop("blocks")), section.pop("count")
        inside = f"{blocks} block{'s' * (blocks > 1)}, " if blocks else ""
        section["title"] = f"{section['name']} · {inside}{layers} layer{'s' * (layers > 1)}"
        section["share"] = section["params"] / summary.total_params if summary.total_params else 0
    return {"template": summary.template, "sections": sections}


def _row(layer: LayerSummary, explained: bool) -> dict[str, Any]:
    row: dict[str, Any] = {
        "name": layer.name,
        "class_name": layer.class_name,
        "shape": write_shape(layer.output_shape),
        "params": layer.params,
        "multiply_adds": layer.multiply_adds,
        "fault": layer.fault is not None,
    }
    if explained:
        settings = ", ".join(f"{name}={value!r}" for name, value in layer.layer.config.items())
        row["teaches"] = rule_for(layer.class_name).teaches
        row["why"] = {
            "Shape": layer.why_shape(),
            "Parameters": layer.why_params(),
            "Multiply-adds": layer.why_multiply_adds(),
            "Comes from": ", ".join(layer.inputs),
            "Settings": settings,
        }
    return row
