"""Weights, gradients and outputs of the layers of a run, over time; on request."""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Sequence
from html import escape
from typing import Any

import streamlit as st
from PIL import Image

from components.backend import engine
from components.layer_looks import looks
from components.layer_strips import strip
from components.run_controls import ask_of_run
from designer.design import Design
from designer.training import Run
from designer.training.layer_values import LayerSnapshot, LayerValues, Spread

MOST_AT_ONCE = 8
"""Layers shown together."""

PARTS = {
    "outputs": "Outputs",
    "weights": "Weights",
    "gradients": "Gradients",
}

_KEPT = "layer_statistics_html"
_BLUE, _GREY = "#4c6ef5", "#868e96"


def layer_statistics_view(run: Run) -> None:
    """Show what happens inside the layers of a run, if that was asked for; offer to ask."""
    found = looks(run)
    if not run.is_over:
        st.toggle(
            "Look inside the layers",
            run.watch_layers,
            key=f"watch_layers_{run.id}",
            on_change=_watch,
            args=(run.id,),
            help="Weights, gradients and outputs at the end of each epoch, at most every few"
            " seconds. It costs one more step each time; the training itself is not changed.",
        )
    if not found:
        if run.is_over:
            st.caption(
                "Nobody looked inside the layers of this run while it trained. A run of the same"
                " seed goes the same way: start it again, and look."
            )
            st.button(
                "Start again and look inside",
                icon=":material/replay:",
                key=f"again_looking_{run.id}",
                on_click=ask_of_run,
                args=(run.id, "again_looking"),
            )
        elif run.watch_layers:
            st.caption(":material/hourglass_top: The first look comes at the end of the epoch.")
        return
    _gradients_by_layer(found)
    _over_time(run, found)


def _watch(run: str) -> None:
    engine().store.watch_layers(run, bool(st.session_state[f"watch_layers_{run}"]))


def _gradients_by_layer(found: Sequence[LayerSnapshot]) -> None:
    if not any(layer.gradients for layer in found[-1].layers):
        return
    # ECharts keeps its chart and moves it on; Plotly would flicker.
    st.echarts_chart(
        gradient_chart(found),
        key="gradients_by_layer",
        height=260,
        renderer="svg",
        alt="Length of the gradient of each layer, from the input to the output",
    )


def gradient_chart(found: Sequence[LayerSnapshot]) -> dict[str, Any]:
    """Return the lengths of the gradients by layer as Apache ECharts knows a chart."""
    names = [layer.name for layer in found[-1].layers if layer.gradients]

    def lengths(look: LayerSnapshot) -> list[float | None]:
        known = {layer.name: layer.gradient_norm for layer in look.layers}
        values = [known.get(name, math.nan) for name in names]
        # A logarithm knows neither nothing nor what is no number: a gap is left.
        return [float(f"{v:.4g}") if math.isfinite(v) and v > 0 else None for v in values]

    now, first = found[-1], found[0]
    series: list[dict[str, Any]] = [
        {"type": "bar", "name": f"after epoch {now.epoch}", "data": lengths(now), "color": _BLUE}
    ]
    if now.step != first.step:
        series.append(
            {
                "type": "line",
                "name": f"after epoch {first.epoch}",
                "data": lengths(first),
                "color": _GREY,
                "lineStyle": {"width": 1.5, "type": "dashed"},
                "symbolSize": 5,
            }
        )
    lengths_seen = [v for one in series for v in one["data"] if v is not None]
    # Bars stand on the power of ten below the shortest.
    floor = 10.0 ** math.floor(math.log10(min(lengths_seen, default=1.0)))
    return {
        "animation": False,
        "title": {
            "text": "Gradient by layer, from input to output",
            "left": 0,
            "textStyle": {"fontSize": 15, "fontWeight": "bold"},
        },
        "legend": {"right": 0, "top": 24, "icon": "roundRect", "itemWidth": 16, "itemHeight": 3},
        "grid": {"left": 8, "right": 12, "top": 56, "bottom": 8, "containLabel": True},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": names, "axisLabel": {"hideOverlap": True}},
        "yAxis": {
            "type": "log",
            "min": floor,
            "startValue": floor,
            "axisLabel": {"hideOverlap": True},
        },
        "series": series,
    }


def _over_time(run: Run, found: Sequence[LayerSnapshot]) -> None:
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        part = st.segmented_control(
            "What to see over time",
            list(PARTS),
            default="outputs",
            required=True,
            format_func=lambda name: PARTS[name],
            key="layer_statistics_part",
        )
    shown = [layer for layer in found[-1].layers if _spread(layer, part) is not None]
    pages = range(0, len(shown), MOST_AT_ONCE)
    first = 0
    if len(pages) > 1:
        with right:
            first = st.selectbox(
                "Layers",
                list(pages),
                format_func=lambda at: _page_words(shown, at),
                key=f"layer_statistics_page_{part}",
            )
    names = [layer.name for layer in shown[first : first + MOST_AT_ONCE]]
    question = (run.id, found[-1].step, len(found), part, tuple(names))
    kept = st.session_state.get(_KEPT)
    if kept is None or kept[0] != question:
        kept = (question, strips_html(found, part, names))
        st.session_state[_KEPT] = kept
    st.html(kept[1])
    if part == "outputs" and learns_scaled_targets(run):
        st.caption(
            "While it learns, its targets are scaled: the last layer's numbers are about 0 here."
            " The finished model answers in the data's own unit."
        )


def learns_scaled_targets(run: Run) -> bool:
    """Say whether the numbers that a run predicts are in another unit than the data's as yet."""
    task = Design.from_dict(run.design)["task"]
    return task == "regression" and run.settings.get("target_scaling") == "auto"


def _page_words(shown: Sequence[LayerValues], at: int) -> str:
    last = min(at + MOST_AT_ONCE, len(shown))
    return f"{shown[at].name} to {shown[last - 1].name} ({at + 1}–{last} of {len(shown)})"


def strips_html(found: Sequence[LayerSnapshot], part: str, names: Sequence[str]) -> str:
    """Return a picture a layer of how its numbers were spread, look after look, as HTML.

    Args:
        found: the looks, in order.
        part: one of ``PARTS``.
        names: of the layers.
    """
    by_name = [{layer.name: layer for layer in look.layers} for look in found]
    epochs = f"{found[0].epoch}", f"{found[-1].epoch}"
    cards = []
    for name in names:
        layers = [look[name] for look in by_name if name in look]
        spreads = [spread for layer in layers if (spread := _spread(layer, part)) is not None]
        cards.append(_card(layers[-1], part, spreads, epochs))
    return (
        '<div style="display:grid;grid-template-columns:repeat(auto-fill,minmax(240px,1fr));'
        f'gap:14px 20px">{"".join(cards)}</div>'
    )


def _card(layer: LayerValues, part: str, spreads: Sequence[Spread], epochs: tuple[str, str]) -> str:
    made = strip(spreads)
    now = spreads[-1]
    figures = f"{_short(now.mean)} ± {_short(now.std)}"
    if part == "outputs":
        figures += f" · {layer.zeros:.0%} zeros"
        if layer.activation.startswith("relu"):
            figures += f" · {layer.dead:.0%} dead"
    head = (
        f'<div style="font-weight:600;overflow-wrap:anywhere">{escape(layer.name)}</div>'
        f'<div style="font-size:13px;opacity:.8">{escape(figures)}</div>'
    )
    if made is None:
        return f'<div>{head}<div style="font-size:13px">not a number</div></div>'
    stream = io.BytesIO()
    Image.fromarray(made.pixels).save(stream, format="PNG")
    address = f"data:image/png;base64,{base64.b64encode(stream.getvalue()).decode()}"
    alt = (
        f"{PARTS[part]} of {layer.name} from epoch {epochs[0]} to {epochs[1]}, between"
        f" {_short(made.low)} and {_short(made.high)}; now {figures}"
    )
    ends = (
        '<div style="display:flex;flex-direction:column;justify-content:space-between;'
        'font-size:12px;opacity:.75;text-align:right;min-width:52px">'
        f"<span>{_short(made.high)}</span><span>{_short(made.low)}</span></div>"
    )
    picture = (
        f'<img alt="{escape(alt)}" src="{address}" style="flex:1;min-width:0;height:84px;'
        "image-rendering:pixelated;border:1px solid rgba(134,142,150,.35);border-radius:4px"
        '">'
    )
    below = (
        '<div style="display:flex;justify-content:space-between;font-size:12px;opacity:.75;'
        f'padding-left:58px"><span>epoch {epochs[0]}</span><span>{epochs[1]}</span></div>'
    )
    middle = f'<div style="display:flex;gap:6px;margin-top:4px">{ends}{picture}</div>'
    return f"<div>{head}{middle}{below}</div>"


def _spread(layer: LayerValues, part: str) -> Spread | None:
    """Return what is shown of a layer: its outputs, or its first weight (the kernel)."""
    if part == "outputs":
        return layer.outputs
    return next(iter(getattr(layer, part).values()), None)


def _short(value: float) -> str:
    return f"{value:.3g}".replace("-", "−") if math.isfinite(value) else "not a number"
