"""The training curves: loss and metrics, training and validation, as they are made."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go
import streamlit as st

from designer.training import MetricPoint, Run

_BLUE, _ORANGE = "#4263eb", "#e8590c"


def curves(run: Run, points: Sequence[MetricPoint]) -> None:
    """Show loss and metrics against the epoch."""
    names = _names(points)
    if not names:
        return
    columns = st.columns(min(2, len(names)))
    for place, name in enumerate(names):
        with columns[place % len(columns)]:
            st.plotly_chart(
                curve(run, points, name),
                key=f"curve_{name}",
                config={"displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d"]},
            )


def title(name: str) -> str:
    """Write a metric's name for a person: ``outputs1_accuracy`` → ``Outputs1 accuracy``."""
    words = {"mae": "Mean absolute error", "mse": "Mean squared error", "auc": "AUC"}
    return words.get(name, name.replace("_", " ").capitalize())


def curve(run: Run, points: Sequence[MetricPoint], name: str) -> go.Figure:
    """Return one chart: a figure while each epoch goes on, and at its end on both parts."""
    steps = max(1.0, run.progress.steps / max(1, run.progress.epochs))
    batches = [point for point in points if point.kind == "batch" and name in point.values]
    epochs = [point for point in points if point.kind == "epoch"]
    figure = go.Figure()
    figure.add_scatter(
        x=[point.step / steps for point in batches],
        y=[point.values[name] for point in batches],
        name="within the epoch",
        mode="lines",
        line={"color": _BLUE, "width": 1},
        opacity=0.4,
        hovertemplate="epoch %{x:.2f}: %{y:.4g}",
    )
    for key, label, colour in (
        (name, "training", _BLUE),
        (f"val_{name}", "validation", _ORANGE),
    ):
        kept = [point for point in epochs if key in point.values]
        figure.add_scatter(
            x=[point.epoch for point in kept],
            y=[point.values[key] for point in kept],
            name=label,
            mode="lines+markers",
            line={"color": colour, "width": 2.5},
            marker={"size": 6},
            hovertemplate="epoch %{x}: %{y:.4g}",
        )
    figure.update_layout(
        title={"text": title(name), "font": {"size": 15}, "x": 0, "xanchor": "left"},
        height=300,
        margin={"l": 8, "r": 8, "t": 40, "b": 8},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 1, "xanchor": "right"},
        xaxis={
            "title": {"text": "epoch"},
            "range": [0, max(1, run.progress.epochs) * 1.02],
            "fixedrange": False,
        },
        yaxis={"rangemode": "tozero" if name == "loss" else "normal"},
        uirevision=run.id,  # a zoom survives the next point
        hovermode="x unified",
    )
    return figure


def _names(points: Sequence[MetricPoint]) -> list[str]:
    """Return what is charted: the loss first, then the metrics; a multitask head's own losses
    are left to the final figures."""
    found: dict[str, None] = {}
    for point in points:
        for name in point.values:
            if not name.startswith("val_") and not name.endswith("_loss"):
                found[name] = None
    return sorted(found, key=lambda name: name != "loss")
