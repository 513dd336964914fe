"""The tables of a comparison: totals of all designs, and two of them layer for layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from components.assets import register
from components.compare_words import COLOURS
from components.layer_table import write_shape
from designer.comparing import Change, Comparison, LayerPair
from designer.comparing.phrases import counted
from designer.comparing.printing import change_label, runs, write_value

_mount = register("compare_table")

#: A table of more rows than this is cut: nobody reads it, and the page must stay alive.
MOST_ROWS = 1_500

_TONES = {"▲": "more", "▼": "less", "=": ""}

_STATUS = {"same": "= alike", "changed": "≠ changed"}


def compare_totals_table(
    labels: Sequence[str], base: int, comparisons: Sequence[Comparison], *, key: str
) -> None:
    """Show every total of every design, with its difference against the base."""
    _mount(data=totals_data(labels, base, comparisons), key=key)


def compare_layers_table(
    comparison: Comparison, places: tuple[int, int], *, all_layers: bool, key: str
) -> None:
    """Show the layers of two designs side by side, those that differ or all."""
    _mount(data=layers_data(comparison, places, all_layers=all_layers), key=key)


def plain_table(data: Mapping[str, Any], *, key: str) -> None:
    """Show another table in the same dress: ``label``, ``columns`` and ``rows``, as below."""
    _mount(data=dict(data), key=key)


def totals_data(
    labels: Sequence[str], base: int, comparisons: Sequence[Comparison]
) -> dict[str, Any]:
    """Return the table of totals.

    Args:
        base: the place of the base.
        comparisons: the base against each design, itself included, in order.
    """
    columns = [{"title": "Total"}]
    columns += [
        _column(place, f"{label}, the base" if place == base else label, number=True)
        for place, label in enumerate(labels)
    ]
    rows = []
    for index, one in enumerate(comparisons[base].totals):
        cells: list[dict[str, Any]] = [{"text": one.total.label}]
        for place, comparison in enumerate(comparisons):
            difference = comparison.totals[index]
            partial = " so far" if comparison.b.fault and difference.total.of_shapes else ""
            cell = {"text": one.total.write(difference.b) + partial}
            if place != base:
                tone = _TONES[difference.sign] if difference.is_whole else ""
                cell |= {"note": difference.words, "tone": tone}
            cells.append(cell)
        rows.append({"kind": "total", "cells": cells})
    return {"label": "Totals and differences", "columns": columns, "rows": rows}


def layers_data(
    comparison: Comparison, places: tuple[int, int], *, all_layers: bool
) -> dict[str, Any]:
    """Return the table of layers.

    Args:
        places: the places of the two designs among those compared.
        all_layers: whether layers that are alike are shown one by one.
    """
    letters = tuple("ABCD"[place] for place in places)
    columns = [
        {"title": "Status"},
        {"title": f"Layer, as {letters[0]} or else {letters[1]} calls it"},
        {"title": "What differs"},
    ]
    rows: list[dict[str, Any]] = []
    section = ""
    for run in runs(comparison.layers):
        if section != run[0].section == run[-1].section:
            section = run[0].section
            rows.append({"kind": "section", "cells": [{"text": section}]})
        if run[0].status == "same" and not all_layers:
            rows.append({"kind": "alike", "cells": [{"text": _alike(run)}]})
            continue
        for pair in run:
            if pair.section != section:
                section = pair.section
                rows.append({"kind": "section", "cells": [{"text": section}]})
            rows.append(_row(pair, letters))
    if len(rows) > MOST_ROWS:
        left = len(rows) - MOST_ROWS
        rows = rows[:MOST_ROWS]
        rows.append({"kind": "alike", "cells": [{"text": f"… and {left:,} rows more"}]})
    return {
        "label": f"Layers of {letters[0]} and {letters[1]}",
        "columns": columns,
        "rows": rows,
    }


def _alike(run: Sequence[LayerPair]) -> str:
    text = f"{counted(len(run), 'layer')} alike"
    first, last = run[0].section, run[-1].section
    return text if first == last else f"{text}, from {first} to {last}"


def _row(pair: LayerPair, letters: tuple[str, ...]) -> dict[str, Any]:
    status = {"only_a": f"− only in {letters[0]}", "only_b": f"+ only in {letters[1]}"}
    what: dict[str, Any] = {"changes": [_change(change) for change in pair.changes]}
    if not pair.changes:
        shape = write_shape(pair.layer.output_shape)
        what = {"text": f"output {shape}, {counted(pair.layer.params, 'parameter')}"}
    return {
        "kind": pair.status,
        "cells": [
            {"text": {**_STATUS, **status}[pair.status]},
            {"text": _name(pair), "code": True, "note": pair.layer.class_name},
            what,
        ],
    }


def _name(pair: LayerPair) -> str:
    if pair.a and pair.b and pair.a.name != pair.b.name:
        return f"{pair.a.name} → {pair.b.name}"
    return pair.layer.name


def _change(change: Change) -> list[str]:
    return [
        change_label(change),
        write_value(change.name, change.a),
        write_value(change.name, change.b),
    ]


def _column(place: int, title: str, *, number: bool = False) -> dict[str, Any]:
    return {
        "title": title,
        "letter": "ABCD"[place],
        "colour": COLOURS[place],
        "number": number,
    }
