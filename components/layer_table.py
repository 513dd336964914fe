"""The layer table: name, class, output shape, parameters, multiply-adds, and why."""

from __future__ import annotations

from typing import Any

from components.assets import register
from designer.layers import rule_for
from designer.summary import LayerSummary, Summary

_mount = register("layer_table")

#: A network with more layers opens with its groups closed.
SMALL = 30

#: While a control is being dragged, networks with more layers send their numbers alone; the
#: sentences that explain them follow when it rests.
LIVE = 80


def layer_table(summary: Summary, *, resting: bool = True, key: str = "layer_table") -> None:
    """Show every layer, grouped by stem, group and task; each answers why it has its numbers.

    Args:
        resting: whether no control is being dragged just now.
    """
    explained = resting or len(summary.layers) <= LIVE
    _mount(data=table_data(summary, explained=explained), key=key)


def write_shape(shape: tuple[int | None, ...] | None) -> str:
    """Write a shape as Keras prints it, without the batch's None."""
    if shape is None:
        return "—"
    return " × ".join(f"{size:,}" for size in shape[1:] if size is not None)


def table_data(summary: Summary, *, explained: bool = True) -> dict[str, Any]:
    """Return the table's sections and rows, with or without the sentences that explain them."""
    sections: list[dict[str, Any]] = []
    for layer in summary.layers:
        parts = layer.path.split("/")
        name = parts[1] if len(parts) > 1 else parts[0]
        title = name.replace("group", "Group ").capitalize()
        if not sections or sections[-1]["name"] != title:
            sections.append(
                {"name": title, "blocks": set(), "params": 0, "multiply_adds": 0, "layers": []}
            )
        section = sections[-1]
        if len(parts) > 2 and parts[2].startswith("block"):
            section["blocks"].add(parts[2])
        section["params"] += layer.params
        section["multiply_adds"] += layer.multiply_adds
        section["shape"] = write_shape(layer.output_shape)
        section["fault"] = section.get("fault", False) or layer.fault is not None
        section["layers"].append(_row(layer, explained))
    for section in sections:
        blocks, layers = len(section.pop("blocks")), len(section["layers"])
        inside = f"{blocks} block{'s' * (blocks > 1)}, " if blocks else ""
        section["title"] = f"{section['name']} · {inside}{layers} layer{'s' * (layers > 1)}"
        section["share"] = section["params"] / summary.total_params if summary.total_params else 0
    return {
        "template": summary.template,
        "small": len(summary.layers) <= SMALL,
        "sections": sections,
        "teaches": {
            name: rule_for(name).teaches for name in {one.class_name for one in summary.layers}
        },
    }


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
        row["why"] = {
            "Shape": layer.why_shape(),
            "Parameters": layer.why_params(),
            "Multiply-adds": layer.why_multiply_adds(),
            "Comes from": ", ".join(layer.inputs),
            "Settings": settings,
        }
    return row
