"""The training curves: loss and metrics, training and validation, as they are made."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st

from designer.training import MetricPoint, Run

if TYPE_CHECKING:
    import plotly.graph_objects as go

_BLUE, _PALE_BLUE, _ORANGE = "#4c6ef5", "rgba(76, 110, 245, 0.5)", "#e8590c"
_HEIGHT = 300


def curves(run: Run, points: Sequence[MetricPoint]) -> None:
    """Show loss and metrics against the epoch: moving while a run goes on, and once it is over
    to zoom into and to take as a picture."""
    names = _names(points)
    if not names:
        return
    columns = st.columns(min(2, len(names)))
    for place, name in enumerate(names):
        with columns[place % len(columns)]:
            alt = f"{title(name)} of training and validation against the epoch"
            if run.is_over:
                st.plotly_chart(
                    figure(run, points, name),
                    key=f"figure_{name}",
                    config={"displaylogo": False},
                    alt=alt,
                )
            else:
                # Streamlit makes a Plotly chart anew whenever its data change, which flickers;
                # this one is kept and moved on.
                st.echarts_chart(
                    moving_chart(run, points, name),
                    key=f"curve_{name}",
                    height=_HEIGHT,
                    renderer="svg",
                    alt=alt,
                )


@dataclass(frozen=True)
class Line:
    """One line of a chart: (epoch, value) pairs; ``None`` where a value is not a number."""

    label: str
    colour: str
    width: float
    has_marks: bool
    pairs: tuple[tuple[float, float | None], ...]


def lines(run: Run, points: Sequence[MetricPoint], name: str) -> list[Line]:
    """Return the lines of a metric: the mean so far within each epoch, and at each epoch's end
    over the training and the validation part."""
    steps = max(1.0, run.progress.steps / max(1, run.progress.epochs))
    within = [
        (point.step / steps, point.values[name])
        for point in points
        if point.kind == "batch" and name in point.values
    ]
    found = [Line("within the epoch", _PALE_BLUE, 1, False, _finite(within))]
    for key, label, colour in ((name, "training", _BLUE), (f"val_{name}", "validation", _ORANGE)):
        pairs = [
            (point.epoch, point.values[key])
            for point in points
            if point.kind == "epoch" and key in point.values
        ]
        # Marks where there is room for them.
        found.append(Line(label, colour, 2.5, len(pairs) <= 40, _finite(pairs)))
    return found


def _finite(pairs: Iterable[tuple[float, float]]) -> tuple[tuple[float, float | None], ...]:
    return tuple((x, y if math.isfinite(y) else None) for x, y in pairs)


def _last_epoch(run: Run) -> int:
    return max(1, run.progress.epoch if run.is_over else run.progress.epochs)


def title(name: str) -> str:
    """Write a metric's name for a person: ``outputs1_accuracy`` → ``Outputs1 accuracy``."""
    words = {"mae": "Mean absolute error", "mse": "Mean squared error", "auc": "AUC"}
    return words.get(name, name.replace("_", " ").capitalize())


def moving_chart(run: Run, points: Sequence[MetricPoint], name: str) -> dict[str, Any]:
    """Return a chart as Apache ECharts knows it (https://echarts.apache.org/en/option.html)."""
    series = [
        {
            "type": "line",
            "name": line.label,
            "color": line.colour,
            "data": [list(pair) for pair in line.pairs],
            "lineStyle": {"width": line.width},
            "symbol": "circle",
            "symbolSize": 6,
            "showSymbol": line.has_marks,
        }
        for line in lines(run, points, name)
    ]
    return {
        "animation": False,
        "title": {
            "text": title(name),
            "left": 0,
            "textStyle": {"fontSize": 15, "fontWeight": "bold"},
        },
        "legend": {"right": 0, "top": 2, "icon": "roundRect", "itemWidth": 16, "itemHeight": 3},
        "grid": {"left": 8, "right": 12, "top": 44, "bottom": 24, "containLabel": True},
        "tooltip": {"trigger": "axis", "valueFormatter": "%.4g"},
        "xAxis": {
            "type": "value",
            "name": "epoch",
            "nameLocation": "middle",
            "nameGap": 26,
            "min": 0,
            "max": _last_epoch(run),
        },
        "yAxis": {"type": "value", "scale": name != "loss"},
        "series": series,
    }


def figure(run: Run, points: Sequence[MetricPoint], name: str) -> go.Figure:
    """Return a chart as a Plotly figure."""
    import plotly.graph_objects as go  # a quarter of a second that the first page is spared

    made = go.Figure()
    for line in lines(run, points, name):
        made.add_scatter(
            x=[x for x, _ in line.pairs],
            y=[y for _, y in line.pairs],
            name=line.label,
            mode="lines+markers" if line.has_marks else "lines",
            line={"color": line.colour, "width": line.width},
            marker={"size": 6},
            hovertemplate="%{y:.4g}",
        )
    made.update_layout(
        title={"text": title(name), "font": {"size": 15}, "x": 0, "xanchor": "left"},
        height=_HEIGHT,
        margin={"l": 8, "r": 8, "t": 44, "b": 8},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 1, "xanchor": "right"},
        xaxis={"title": {"text": "epoch"}, "range": [0, _last_epoch(run) * 1.01]},
        yaxis={"rangemode": "tozero" if name == "loss" else "normal"},
        hovermode="x unified",
    )
    return made


def _names(points: Sequence[MetricPoint]) -> list[str]:
    """Return what is charted: the loss first, then the metrics; a multitask head's own losses
    are left to the final figures."""
    found: dict[str, None] = {}
    for point in points:
        for name in point.values:
            if not name.startswith("val_") and not name.endswith("_loss"):
                found[name] = None
    return sorted(found, key=lambda name: name != "loss")
