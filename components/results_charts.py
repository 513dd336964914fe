"""Charts of results that stand still: ROC curves, predicted against true, residuals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from designer.evaluating import Residuals, RocCurve

if TYPE_CHECKING:
    import plotly.graph_objects as go

_BLUE, _ORANGE, _GREY = "#4c6ef5", "#e8590c", "#8a93a6"
_HEIGHT = 330

#: With more points, some at random stand for all.
MOST_POINTS = 2_000


def roc_figure(curves: Sequence[tuple[str, RocCurve]]) -> go.Figure:
    """Return curves, the area of each in its name."""
    import plotly.graph_objects as go  # a quarter of a second that other pages are spared

    made = go.Figure()
    for name, curve in curves:
        label = name if len(name) <= 24 else f"{name[:23]}…"
        made.add_scatter(
            x=curve.false_positive_rate,
            y=curve.true_positive_rate,
            mode="lines",
            name=f"{label} · {curve.area:.3f}",
            line={"width": 2.2},
            hovertemplate="%{x:.1%} of others, %{y:.1%} of these<extra>%{fullData.name}</extra>",
        )
    made.add_scatter(
        x=[0, 1], y=[0, 1], mode="lines", name="chance", hoverinfo="skip",
        line={"dash": "dot", "color": _GREY, "width": 1.5},
    )  # fmt: skip
    made.update_layout(
        **_layout("others taken for it", "of the class, found"),
        legend={"orientation": "h", "y": -0.34, "yanchor": "top", "x": 0},
    )
    made.update_xaxes(range=[-0.02, 1.02], tickformat=".0%")
    made.update_yaxes(range=[-0.02, 1.02], tickformat=".0%")
    return made


def truth_figure(found: Residuals) -> go.Figure:
    """Return predicted against true numbers, with the line they would lie on."""
    import plotly.graph_objects as go

    rows = _some(len(found.truth))
    truth, predicted = found.truth[rows], found.predicted[rows]
    ends = [float(min(truth.min(), predicted.min())), float(max(truth.max(), predicted.max()))]
    made = go.Figure()
    made.add_scatter(
        x=ends, y=ends, mode="lines", name="perfect", hoverinfo="skip",
        line={"dash": "dot", "color": _GREY, "width": 1.5},
    )  # fmt: skip
    made.add_scatter(
        x=truth, y=predicted, mode="markers", name="examples",
        marker={"color": _BLUE, "size": 6, "opacity": 0.65},
        hovertemplate="is %{x:.4g}, said %{y:.4g}<extra></extra>",
    )  # fmt: skip
    made.update_layout(**_layout("true", "predicted"), showlegend=False)
    return made


def residuals_figure(found: Residuals) -> go.Figure:
    """Return how often which error occurs."""
    import plotly.graph_objects as go

    counts, edges = np.histogram(found.errors, bins=min(40, max(5, len(found.errors) // 8)))
    made = go.Figure()
    made.add_bar(
        x=(edges[:-1] + edges[1:]) / 2,
        y=counts,
        width=np.diff(edges),
        marker={"color": _BLUE, "line": {"width": 0.5, "color": "white"}},
        hovertemplate="%{y} examples near %{x:.4g}<extra></extra>",
    )
    made.add_vline(x=0, line={"color": _GREY, "dash": "dot"})
    made.add_vline(x=found.mean_error, line={"color": _ORANGE, "width": 2})
    made.update_layout(**_layout("predicted minus true (orange: the mean)", "examples"))
    return made


def _layout(x: str, y: str) -> dict[str, Any]:
    return {
        "height": _HEIGHT,
        "margin": {"l": 8, "r": 8, "t": 16, "b": 8},
        "xaxis": {"title": {"text": x}},
        "yaxis": {"title": {"text": y}},
    }


def _some(count: int) -> np.ndarray:
    if count <= MOST_POINTS:
        return np.arange(count)
    return np.sort(np.random.default_rng(0).choice(count, MOST_POINTS, replace=False))
