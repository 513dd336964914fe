"""Parallel coordinates: settings and figures of many runs, a line a run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from components.compare_chart import INK
from components.curve_words import setting_or_words, title
from components.history_rows import PARTS, dataset_title, main_metric, template_title
from designer.comparing.phrases import write
from designer.training.overview import RunOverview
from designer.training.sinks import SINKS

if TYPE_CHECKING:
    import plotly.graph_objects as go

#: Axes that a page has room for.
MOST_AXES = 10

#: Fewer different values than this stand evenly spaced, each with its name.
FEW = 9

#: From the lowest figure to the highest; each can be told from what is behind it.
SHADES = {
    "light": [[0, "#7f8fd8"], [1, "#26349c"]],
    "dark": [[0, "#6a78c8"], [1, "#ffd8a8"]],
}

_HEIGHT = 420
_USUAL = ("learning_rate", "batch_size", "epochs", "schedule", "weight_decay", "validation")


def history_parallel(runs: Sequence[RunOverview], *, all_runs: bool) -> None:
    """Show settings and figures of runs as parallel coordinates.

    Args:
        all_runs: whether these are all there are, as none is chosen.
    """
    judged = [run for run in runs if main_metric(run) or run.metrics]
    axes = axes_of(judged)
    if len(judged) < 2 or len(axes) < 2:
        st.caption(
            "Two runs that are over and that differ in a setting are needed: change one, such as"
            " the learning rate, and train again."
        )
        return
    which = "All runs that are over" if all_runs else "The runs that are chosen"
    st.caption(f"{which}, a line a run. Drag along an axis to keep the lines that cross it there.")
    with st.container(key="history_parallel_room"):  # a small screen scrolls it
        st.plotly_chart(
            figure(judged, axes, dark=st.context.theme.type == "dark"),
            key="history_parallel",
            config={"displaylogo": False, "displayModeBar": False},
            alt="Settings and figures of the runs as parallel coordinates; the table has them too",
        )


def axes_of(runs: Sequence[RunOverview]) -> list[tuple[str, list[Any]]]:
    """Return what differs among runs: title and a value a run, the figures last."""
    settings = [run.settings for run in runs]
    names = list(dict.fromkeys(name for values in settings for name in values))
    names.sort(key=lambda name: _USUAL.index(name) if name in _USUAL else len(_USUAL))
    axes: list[tuple[str, list[Any]]] = [
        ("Template", [template_title(run.template) for run in runs]),
        ("Design", [run.design_words or "as the template" for run in runs]),
        ("Data", [dataset_title(run.dataset) for run in runs]),
    ]
    axes += [
        (title(name), [setting_or_words(name, values.get(name)) for values in settings])
        for name in names
        if name not in ("dataset", "augmentation", "task", "seed", *SINKS)
    ]
    figures = _figures(runs)
    different = [axis for axis in axes if len({write(value) for value in axis[1]}) > 1]
    return different[: MOST_AXES - len(figures)] + figures


def _figures(runs: Sequence[RunOverview]) -> list[tuple[str, list[Any]]]:
    names = dict.fromkeys(name for run in runs for name in run.metrics)
    found: list[tuple[str, list[Any]]] = []
    for part in PARTS[:2]:
        for name in names:
            if name.startswith(part) and not name.endswith("_loss"):
                found.append((_figure_title(name), [run.figure(name) for run in runs]))
        if f"{part}loss" in names:
            found.append(
                (_figure_title(f"{part}loss"), [run.figure(f"{part}loss") for run in runs])
            )
        if found:
            break
    return found[:3]


def _figure_title(name: str) -> str:
    part, _, rest = name.partition("_")
    return f"{title(rest)}, {'test' if part == 'test' else 'validation'}"


def figure(
    runs: Sequence[RunOverview], axes: Sequence[tuple[str, list[Any]]], *, dark: bool = False
) -> go.Figure:
    """Return the chart as a Plotly figure, on light or dark."""
    import plotly.graph_objects as go  # a quarter of a second that the other pages are spared

    ink = INK["dark" if dark else "light"]
    dimensions = [_dimension(name, values) for name, values in axes]
    # The colour is that of the metric, or of the loss where there is no other.
    judged = dimensions[-len(_figures(runs)) :] if _figures(runs) else dimensions
    shades = next((d["values"] for d in judged if _is_varied(d["values"])), [0] * len(runs))
    made = go.Figure(
        go.Parcoords(
            dimensions=dimensions,
            line={
                "color": shades,
                "colorscale": SHADES["dark" if dark else "light"],
            },
            labelfont={"color": ink, "size": 14},
            tickfont={"color": ink, "size": 13},
            rangefont={"color": "rgba(0,0,0,0)", "size": 1},
        )
    )
    made.update_layout(
        height=_HEIGHT,
        margin={"l": _room_before(dimensions[0]), "r": 60, "t": 60, "b": 24},
        paper_bgcolor="rgba(0,0,0,0)",
        uirevision="history",
    )
    return made


def _room_before(first: dict[str, Any]) -> int:
    """Return pixels for the words left of the first axis, and for half of its title."""
    words = max((len(text) for text in first.get("ticktext", ())), default=6)
    return max(90, 24 + 8 * words)


def _is_varied(values: Sequence[float]) -> bool:
    return len(set(values)) > 1


def _dimension(name: str, values: Sequence[Any]) -> dict[str, Any]:
    numbers = [value for value in values if isinstance(value, int | float)]
    distinct = sorted(set(numbers))
    # Learning rates lie decades apart: on an even axis all small ones would be one.
    even = not name.startswith("Learning rate")
    if even and len(numbers) == len(values) and (len(distinct) >= FEW or _has_fractions(numbers)):
        return {"label": name, "values": list(values)}
    if any(value is None for value in values) and len(distinct) >= FEW:
        # Runs without the figure stand below all others.
        low = distinct[0] - 0.08 * (distinct[-1] - distinct[0] or 1)
        return {"label": name, "values": [low if value is None else value for value in values]}
    words = [write(value) for value in values]
    order = sorted(set(words), key=lambda word: _rank(values[words.index(word)], word))
    places = [order.index(word) for word in words]
    every = max(1, math.ceil(len(order) / 12))
    return {
        "label": name,
        "values": places,
        "range": [-0.2, max(1, len(order) - 1) + 0.2],
        "tickvals": list(range(0, len(order), every)),
        "ticktext": [_short(word) for word in order[::every]],
    }


def _has_fractions(numbers: Sequence[float]) -> bool:
    return not all(isinstance(number, int) for number in numbers)


def _rank(value: Any, word: str) -> tuple[bool, float, str]:
    number = isinstance(value, int | float)
    return (number, float(value) if number else 0.0, word)


def _short(word: str) -> str:
    shown = word if len(word) <= 18 else f"{word[:17]}…"
    return shown.replace("&", "&amp;").replace("<", "&lt;")
