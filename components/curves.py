"""The training curves: loss and metrics, training and validation, as they are made."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import streamlit as st

from designer.training import MetricPoint, Run

_BLUE, _PALE_BLUE, _ORANGE = "#4c6ef5", "rgba(76, 110, 245, 0.5)", "#e8590c"


def curves(run: Run, points: Sequence[MetricPoint]) -> None:
    """Show loss and metrics against the epoch."""
    names = _names(points)
    if not names:
        return
    columns = st.columns(min(2, len(names)))
    for place, name in enumerate(names):
        with columns[place % len(columns)]:
            # With a key, the chart on the page is kept and moved on: it does not flicker.
            st.echarts_chart(
                curve(run, points, name),
                key=f"curve_{name}",
                height=300,
                renderer="svg",
                alt=f"{title(name)} of training and validation against the epoch",
            )


def title(name: str) -> str:
    """Write a metric's name for a person: ``outputs1_accuracy`` → ``Outputs1 accuracy``."""
    words = {"mae": "Mean absolute error", "mse": "Mean squared error", "auc": "AUC"}
    return words.get(name, name.replace("_", " ").capitalize())


def curve(run: Run, points: Sequence[MetricPoint], name: str) -> dict[str, Any]:
    """Return one chart: a figure while each epoch goes on, and at its end on both parts.

    It is an option object of Apache ECharts (https://echarts.apache.org/en/option.html).
    """
    steps = max(1.0, run.progress.steps / max(1, run.progress.epochs))
    batches = [point for point in points if point.kind == "batch" and name in point.values]
    epochs = [point for point in points if point.kind == "epoch"]
    lines = [
        _line(
            "within the epoch",
            _PALE_BLUE,
            ((point.step / steps, point.values[name]) for point in batches),
            lineStyle={"width": 1},
            showSymbol=False,
        )
    ]
    for key, label, colour in ((name, "training", _BLUE), (f"val_{name}", "validation", _ORANGE)):
        pairs = [(point.epoch, point.values[key]) for point in epochs if key in point.values]
        # Marks where there is room for them.
        look = {
            "lineStyle": {"width": 2.5},
            "symbol": "circle",
            "symbolSize": 6,
            "showSymbol": len(pairs) <= 40,
        }
        lines.append(_line(label, colour, pairs, **look))
    return {
        "animation": False,
        "title": {"text": title(name), "left": 0, "textStyle": {"fontSize": 15}},
        "legend": {"right": 0, "top": 2, "icon": "roundRect", "itemWidth": 16, "itemHeight": 3},
        "grid": {"left": 8, "right": 12, "top": 44, "bottom": 24, "containLabel": True},
        "tooltip": {"trigger": "axis", "valueFormatter": "%.4g"},
        "xAxis": {
            "type": "value",
            "name": "epoch",
            "nameLocation": "middle",
            "nameGap": 26,
            "min": 0,
            "max": max(1, run.progress.epoch if run.is_over else run.progress.epochs),
        },
        "yAxis": {"type": "value", "scale": name != "loss"},
        "series": lines,
    }


def _line(
    label: str, colour: str, pairs: Iterable[tuple[float, float]], **look: Any
) -> dict[str, Any]:
    data = [[x, y if math.isfinite(y) else None] for x, y in pairs]
    return {"type": "line", "name": label, "color": colour, "data": data, **look}


def _names(points: Sequence[MetricPoint]) -> list[str]:
    """Return what is charted: the loss first, then the metrics; a multitask head's own losses
    are left to the final figures."""
    found: dict[str, None] = {}
    for point in points:
        for name in point.values:
            if not name.startswith("val_") and not name.endswith("_loss"):
                found[name] = None
    return sorted(found, key=lambda name: name != "loss")
