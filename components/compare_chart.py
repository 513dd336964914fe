"""Parameters against multiply-adds: the compared designs among networks everybody knows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import streamlit as st

from components.compare_words import HEX
from designer import Design, summarize
from designer.summary import Summary
from designer.templates import template

if TYPE_CHECKING:
    import plotly.graph_objects as go

#: Templates as points of reference.
KNOWN = ("vgg16", "resnet18", "resnet34", "resnet50", "resnet152")

#: Where the names of neighbours stand, so that both can be read.
_AROUND = {"ResNet50": "top left", "VGG16": "top left"}

#: What is written on the chart; Plotly's own grey is too pale for a projector.
INK = {"light": "#4a5468", "dark": "#c3cad8"}

#: Axes grow by factors instead of steps when the largest is so many times the smallest.
FAR_APART = 8

_HEIGHT = 380


def compare_chart(labels: Sequence[str], summaries: Sequence[Summary]) -> None:
    """Show the chart."""
    st.plotly_chart(
        figure(labels, summaries, dark=st.context.theme.type == "dark"),
        key="compare_chart",
        config={"displaylogo": False, "displayModeBar": False},
        alt="Parameters against multiply-adds of the compared designs and of known networks",
    )


@cache
def reference_points() -> tuple[tuple[str, int, int], ...]:
    """Return title, multiply-adds and parameters of the templates of reference."""
    found = []
    for name in KNOWN:
        summary = summarize(Design.from_template(name))
        found.append((template(name).title, summary.multiply_adds, summary.total_params))
    return tuple(found)


def figure(labels: Sequence[str], summaries: Sequence[Summary], *, dark: bool = False) -> go.Figure:
    """Return the chart as a Plotly figure, on light or dark."""
    import plotly.graph_objects as go  # a quarter of a second that the other pages are spared

    ink = INK["dark" if dark else "light"]
    letters = {"tickfont": {"color": ink}, "title_font": {"color": ink}}
    made = go.Figure()
    # A design that cannot be built has no figures yet.
    shown = [one for one in enumerate(zip(labels, summaries, strict=True)) if not one[1][1].fault]
    ours = {(summary.multiply_adds, summary.total_params) for _, (_, summary) in shown}
    known = [point for point in reference_points() if point[1:] not in ours]
    made.add_scatter(
        x=[point[1] for point in known],
        y=[point[2] for point in known],
        text=[point[0] for point in known],
        mode="markers+text",
        cliponaxis=False,
        textposition=[_AROUND.get(point[0], "bottom right") for point in known],
        textfont={"color": ink, "size": 12},
        marker={"color": "#7c8699", "size": 9},
        name="templates",
        hovertemplate="%{text}<br>%{x:,} multiply-adds<br>%{y:,} parameters<extra></extra>",
    )
    for place, (label, summary) in shown:
        made.add_scatter(
            x=[summary.multiply_adds],
            y=[summary.total_params],
            text=["ABCD"[place]],
            customdata=[_plain(label)],
            mode="markers+text",
            textfont={"color": "white", "size": 13},
            marker={"color": HEX[place], "size": 24, "line": {"color": "white", "width": 1}},
            name=f"{'ABCD'[place]} {_plain(label)}",
            hovertemplate="%{text} %{customdata}<br>%{x:,} multiply-adds"
            "<br>%{y:,} parameters<extra></extra>",
        )
    xs = [point[1] for point in known] + [one.multiply_adds for _, (_, one) in shown]
    ys = [point[2] for point in known] + [one.total_params for _, (_, one) in shown]
    made.update_layout(
        height=_HEIGHT,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        showlegend=False,
        uirevision="compare",
        xaxis={"title": {"text": "multiply-adds for one example"}, **letters, **_axis(xs)},
        yaxis={"title": {"text": "parameters"}, **letters, **_axis(ys)},
    )
    return made


def _axis(values: Sequence[int]) -> dict[str, object]:
    numbers = {"exponentformat": "SI"}
    if min(values) <= 0 or max(values) <= FAR_APART * min(values):
        return {"type": "linear", "rangemode": "tozero", **numbers}
    wide = max(values) > 1_000 * min(values)
    return {"type": "log", "dtick": 1 if wide else "D2", **numbers}


def _plain(label: str) -> str:
    """Return a name that Plotly does not read as markup."""
    return label.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
