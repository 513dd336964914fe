"""What differs between some runs: their designs, their settings, what came of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import streamlit as st

from components.compare_tables import plain_table
from components.compare_words import plain_text
from components.curve_words import label, setting_or_words, write_figure, write_time
from components.history_rows import dataset_title, template_title
from designer.comparing import compare
from designer.comparing.phrases import write
from designer.design import Design
from designer.errors import DesignerError
from designer.training.overview import RunOverview

#: Runs that stand side by side.
MOST = 8

#: Runs whose designs are compared with the first one's in words.
MOST_IN_WORDS = 4

NOT_THERE = "–"


def history_differences(runs: Sequence[RunOverview]) -> None:
    """Show in what runs differ, and what came of it."""
    if len(runs) < 2:
        st.caption("Choose two runs or more in the table to see what differs between them.")
        return
    shown = runs[:MOST]
    if len(runs) > MOST:
        st.caption(f"The first {MOST} of the {len(runs)} runs that are chosen.")
    plain_table(differences_data(shown), key="history_differences")
    for run in shown[1:MOST_IN_WORDS]:
        if words := design_difference(shown[0].design_text, run.design_text):
            st.markdown(
                f"**{plain_text(run.title)}** against **{plain_text(shown[0].title)}**\n"
                + "".join(f"\n* {plain_text(sentence)}" for sentence in words)
            )


def differences_data(runs: Sequence[RunOverview]) -> dict[str, Any]:
    """Return the table: a row for everything that is not alike in all of them."""
    columns: list[dict[str, Any]] = [{"title": "What differs"}]
    columns += [{"title": run.title} for run in runs]
    rows: list[dict[str, Any]] = []

    def section(title: str, values: Iterable[tuple[str, Sequence[str]]]) -> None:
        found = [(name, cells) for name, cells in values if len(set(cells)) > 1]
        if found:
            rows.append({"kind": "section", "cells": [{"text": title}]})
        for name, cells in found:
            texts = [{"text": name}, *({"text": cell} for cell in cells)]
            rows.append({"kind": "changed", "cells": texts})

    section("Design", _designs(runs))
    section("Settings", _settings(runs))
    if not rows:
        text = "The same design and the same settings."
        rows.append({"kind": "alike", "cells": [{"text": text}]})
    section("What came of it", _figures(runs))
    return {"label": "What differs between the runs", "columns": columns, "rows": rows}


def _designs(runs: Sequence[RunOverview]) -> Iterable[tuple[str, list[str]]]:
    yield "Template", [template_title(run.template) for run in runs]
    parameters = [run.design.get("parameters", {}) for run in runs]
    for name in _names(parameters):
        yield _words(name), [_write(values, name) for values in parameters]


def _settings(runs: Sequence[RunOverview]) -> Iterable[tuple[str, list[str]]]:
    settings = [_flat(run.settings) for run in runs]
    for name in _names(settings):
        if name == "dataset":
            yield "Data set", [dataset_title(str(values.get(name, ""))) for values in settings]
        else:
            told = [
                {name: setting_or_words(name, values[name])} if name in values else {}
                for values in settings
            ]
            yield _words(name), [_write(values, name) for values in told]


def _figures(runs: Sequence[RunOverview]) -> Iterable[tuple[str, list[str]]]:
    for name in _names(run.metrics for run in runs):
        figures = [run.figure(name) for run in runs]
        yield (
            label(name),
            [NOT_THERE if value is None else write_figure(name, value) for value in figures],
        )
    yield "Epochs done", [str(run.epoch) for run in runs]
    yield "Best epoch", [str(run.best_epoch or NOT_THERE) for run in runs]
    yield "Time", [write_time(run.elapsed) for run in runs]


def _names(of: Iterable[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(name for values in of for name in values))


def _flat(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings with those of the augmentation beside the others."""
    flat: dict[str, Any] = {}
    for name, value in settings.items():
        if isinstance(value, Mapping):
            flat |= {f"{name}: {inner}": one for inner, one in value.items()}
        else:
            flat[name] = value
    return flat


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _write(values: Mapping[str, Any], name: str) -> str:
    if name not in values:
        return NOT_THERE
    value = values[name]
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        return "; ".join(write(one).replace("_", " ") for one in value)
    return ", ".join(map(write, value)) if isinstance(value, list) else write(value)


@lru_cache(maxsize=256)
def design_difference(first: str, second: str) -> tuple[str, ...]:
    """Return in words how a design differs from another, both as JSON text; nothing if they are
    alike, or one of them cannot be read any more."""
    if first == second:
        return ()
    try:
        return compare(Design.from_json(first), Design.from_json(second)).words
    except DesignerError:
        return ()
