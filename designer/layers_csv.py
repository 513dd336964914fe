"""The layers of a network as a table in a file: one row a layer, for a spreadsheet or pandas."""

from __future__ import annotations

import csv
import io
from typing import Any

from designer.receptive_field import ReceptiveField, receptive_fields
from designer.summary import BYTES_A_NUMBER, LayerSummary, Summary

COLUMNS = (
    "name",
    "class_name",
    "path",
    "inputs",
    "output_shape",
    "params",
    "trainable_params",
    "multiply_adds",
    "activation_bytes",
    "receptive_field_height",
    "receptive_field_width",
    "fault",
)

#: What a spreadsheet would take for the start of a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def layers_csv(summary: Summary) -> str:
    """Return every layer as CSV, a heading first.

    Several inputs stand in one cell with spaces between them, sizes of a shape with an ``x``.
    A receptive field is the word ``all`` where the whole input is seen, and empty where there is
    none; what could not be worked out because a layer cannot be built is empty, too.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    fields = receptive_fields(summary.layers)
    for layer in summary.layers:
        writer.writerow([_safe(cell) for cell in _row(layer, fields[layer.name])])
    return text.getvalue()


def _row(layer: LayerSummary, field: ReceptiveField | None) -> tuple[Any, ...]:
    built = layer.output_shape is not None and layer.counted
    shape = layer.output_shape or ()
    height: Any = ""
    width: Any = ""
    if field is not None:
        height, width = (field.height, field.width) if field.sides else ("all", "all")
    return (
        layer.name,
        layer.class_name,
        layer.path,
        " ".join(layer.inputs),
        "x".join(str(size) for size in shape[1:] if size is not None),
        layer.params if built else "",
        layer.trainable_params if built else "",
        layer.multiply_adds if built else "",
        BYTES_A_NUMBER * layer.output_size if built else "",
        height,
        width,
        str(layer.fault) if layer.fault else "",
    )


def _safe(cell: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula."""
    if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS):
        return f"'{cell}"
    return cell
