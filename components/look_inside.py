"""Inside a trained model: its filters, what its layers make of an example, where it looks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st

from components.asking import answer_to
from components.boundary_view import boundary
from components.inside_pictures import (
    diverging,
    heat_over,
    tiles_html,
    values_figure,
)
from components.results_examples import as_picture
from components.results_view import kept_results
from designer.design import Design
from designer.errors import DesignerError
from designer.evaluating import Results, heads_of, rank, rank_regression
from designer.looking.packing import pack, unpack
from designer.summary import LayerSummary, Summary, summarize
from designer.training import Run
from designer.training.boundary import has_boundary

_CONVOLUTIONS = ("Conv2D", "DepthwiseConv2D")


def look_inside(run: Run) -> None:
    """Show what a person asks to see of the run's model."""
    try:
        kept_results(run.id)
    except DesignerError as error:
        st.info(str(error), icon=":material/folder_off:")
        return
    _inside(run)


@st.fragment
def _inside(run: Run) -> None:
    kept = kept_results(run.id)
    summary = summarize(Design.from_dict(run.design))
    views: dict[str, Callable[[Run, Results, Summary], None]] = {}
    if kept.subject.is_picture:
        views["Filters"] = _filters
        views["Feature maps"] = _maps
    else:
        if has_boundary(run.id):
            views["Decision boundary"] = _boundary
        views["Outputs of layers"] = _maps
    views["What it looked at"] = _looked_at
    names = list(views)
    view = st.segmented_control(
        "What to see inside", names, default=names[0], required=True, key=f"inside_{run.id}"
    )
    views[view](run, kept, summary)


def _boundary(run: Run, kept: Results, summary: Summary) -> None:
    boundary(run)


def layers_with_filters(summary: Summary, picture: tuple[int, ...]) -> list[LayerSummary]:
    """Return the layers whose weights can be seen as pictures: convolutions with more than one
    pixel, and dense layers that look at the flattened picture itself."""
    found = []
    reaches = {layer.name for layer in summary.layers if layer.class_name == "InputLayer"}
    for layer in summary.layers:
        size = layer.layer.config.get("kernel_size")
        sides = size if isinstance(size, list | tuple) else (size, size)
        if layer.class_name in _CONVOLUTIONS and max(sides) > 1:
            found.append(layer)
        elif set(layer.inputs) <= reaches and layer.inputs:
            if layer.class_name in ("Flatten", "Reshape"):
                reaches.add(layer.name)
            elif layer.class_name == "Dense":
                found.append(layer)
    return found


def _filters(run: Run, kept: Results, summary: Summary) -> None:
    layers = layers_with_filters(summary, kept.features.shape[1:])
    if not layers:
        st.caption("This model has no layer whose weights could be seen as pictures.")
        return
    name = st.selectbox("Layer", [layer.name for layer in layers], key=f"filters_{run.id}")
    layer = next(one for one in layers if one.name == name)
    depth = layer.input_shapes[0][-1] if layer.class_name == "Conv2D" else 1
    channel = 0
    if depth not in (1, 3):
        channel = int(
            st.number_input(
                f"Input channel, 1 to {depth}", 1, depth, 1, key=f"channel_{run.id}_{name}"
            )
        ) - 1  # fmt: skip
    answer = answer_to("filters", key=f"filters_{run.id}", run=run.id, layer=name, channel=channel)
    if answer is None:
        return
    values = unpack(answer["filters"])
    what = "filters" if layer.class_name in _CONVOLUTIONS else "units"
    part = f"{len(values)} of {answer['count']:,}" if len(values) < answer["count"] else "All"
    of = f" · of {answer['channels']:,} input channels, channel {channel + 1}" if depth > 3 else ""
    st.caption(
        f"{part} {len(values) if part == 'All' else ''} {what} of {name}{of}. Orange weights speak"
        " for what lies beneath them, blue ones against it; white ones do not care."
        if values.ndim == 3
        else f"{part} {what} of {name}, in the colours they answer to."
    )
    st.html(tiles_html(diverging(values), [f"{what[:-1]} {n + 1}" for n in range(len(values))]))


def _maps(run: Run, kept: Results, summary: Summary) -> None:
    row = _example(run, kept)
    if row is None:
        return
    raw = kept.raw(row)
    assert raw is not None
    layers = [layer.name for layer in summary.layers if layer.class_name != "InputLayer"]
    name = st.selectbox("Layer", layers, key=f"maps_{run.id}")
    shape = next(layer.cost.shape for layer in summary.layers if layer.name == name)
    answer = answer_to(
        "feature_maps", key=f"maps_{run.id}", run=run.id, layer=name, features=pack(raw)
    )
    if answer is None:
        return
    if "values" in answer:
        values = np.asarray(answer["values"])
        silent = int((values == 0).sum())
        st.caption(
            f"{len(values):,} of {answer['count']:,} numbers that come out of {name}"
            + (f"; {silent:,} are exactly 0." if silent else ".")
        )
        st.plotly_chart(
            values_figure(values, _class_names(kept, summary, name)),
            key=f"values_{run.id}",
            config={"displaylogo": False},
            alt=f"The numbers that come out of {name}",
        )
        return
    maps = unpack(answer["maps"])
    lows, highs = np.asarray(answer["lows"]), np.asarray(answer["highs"])
    flat = int((highs == lows).sum())
    size = " × ".join(str(side) for side in (shape or ())[:2])
    part = f"{len(maps)} of {answer['count']:,}" if len(maps) < answer["count"] else f"{len(maps)}"
    st.caption(
        f"{part} feature maps of {name}, {size} each; dark to bright is the smallest to the"
        " largest value of each."
        + (f" {flat} are the same everywhere: they found nothing here." if flat else "")
    )
    labels = [f"{high:.2g}" if high > low else "–" for low, high in zip(lows, highs, strict=True)]
    st.html(tiles_html(list(maps), labels))


def _class_names(kept: Results, summary: Summary, layer: str) -> list[str] | None:
    """Return what the numbers of a layer stand for, if it is a head."""
    heads = list(summary.design.graph.outputs)
    if layer not in heads or not kept.subject.class_names:
        return None
    names = kept.subject.class_names[heads.index(layer)]
    return list(names[1:]) if kept.subject.task == "binary" else list(names)


def _looked_at(run: Run, kept: Results, summary: Summary) -> None:
    row = _example(run, kept)
    if row is None:
        return
    raw = kept.raw(row)
    assert raw is not None
    heads = heads_of(kept)
    number, unit, about = 0, 0, ""
    if heads:
        names = [head.name for head in heads]
        head = heads[0]
        if len(heads) > 1:
            name = st.selectbox("What is predicted", names, key=f"saliency_head_{run.id}")
            head = heads[names.index(name)]
        classes = sorted(range(len(head.classes)), key=lambda one: -float(head.scores[row, one]))
        chosen = st.selectbox(
            "Evidence for",
            classes,
            key=f"saliency_class_{run.id}_{row}_{head.name}",
            format_func=lambda one: f"{head.classes[one]} ({head.scores[row, one]:.1%})",
        )
        about = head.classes[chosen]
        place = names.index(head.name)
        # A label is one unit of the only head.
        number, unit = (0, place) if kept.subject.task == "multilabel" else (place, chosen)
        if kept.subject.task == "multilabel" and chosen == 0:
            st.caption("The evidence against a label is where covering makes it likelier.")
    elif len(kept.subject.target_names) > 1:
        targets = kept.subject.target_names
        about = st.selectbox("What is predicted", targets, key=f"saliency_head_{run.id}")
        unit = targets.index(about)
    else:
        about = kept.subject.target_names[0]
    if not kept.subject.is_picture:
        _features(run, kept, raw, number, unit, about)
        return
    has_maps = any(
        layer.cost.shape and len(layer.cost.shape) == 3 and layer.class_name != "InputLayer"
        for layer in summary.layers
    )
    ways = ["Grad-CAM", "Occlusion"] if has_maps and heads else ["Occlusion"]
    way = ways[0]
    if len(ways) > 1:
        way = st.segmented_control(
            "How", ways, default=ways[0], required=True, key=f"saliency_way_{run.id}"
        )
    picture = as_picture(kept.subject, raw)
    assert picture is not None
    if way == "Grad-CAM":
        answer = answer_to(
            "grad_cam",
            key=f"saliency_{run.id}",
            run=run.id,
            features=pack(raw),
            head=number,
            unit=unit,
        )
        if answer is None:
            return
        heat = unpack(answer["heat"])
        rows, columns = answer["size"]
        words = (
            f"Where the {rows} × {columns} maps of {answer['layer']} speak for “{about}”."
            if answer["strength"] > 0
            else f"Nothing in the maps of {answer['layer']} speaks for “{about}”."
        )
    else:
        answer = answer_to(
            "occlusion",
            key=f"saliency_{run.id}",
            run=run.id,
            features=pack(raw),
            head=number,
            unit=unit,
        )
        if answer is None:
            return
        fall = unpack(answer["fall"])
        most = float(np.abs(fall).max())
        heat = np.clip(fall, 0, None) / most if most else np.zeros_like(fall)
        side = answer["side"]
        words = (
            f"Where covering {side} × {side} pixels lowers the answer for “{about}”, by"
            f" {float(fall.max()):.3g} at most of {answer['score']:.3g}."
        )
    st.html(
        tiles_html(
            [picture, heat_over(picture, heat), (255 * heat).round().astype(np.uint8)],
            ["the example", "the evidence over it", "the evidence alone"],
            side=170,
        )
    )
    st.caption(words)


def _features(run: Run, kept: Results, raw: np.ndarray, number: int, unit: int, about: str) -> None:
    usual = np.median(np.asarray(kept.features, np.float64), axis=0)
    answer = answer_to(
        "occlusion",
        key=f"saliency_{run.id}",
        run=run.id,
        features=pack(raw),
        head=number,
        unit=unit,
        baseline=[float(value) for value in usual],
    )
    if answer is None:
        return
    falls = np.asarray(answer["falls"])
    order = np.argsort(np.abs(falls))[::-1][:30][::-1]
    names = [f"{kept.subject.feature_names[n]} = {float(raw[n]):.4g}" for n in order]
    st.caption(
        f"How much the answer for “{about}” ({answer['score']:.3g}) falls when one feature is"
        " replaced by its usual value: those to the right speak for it, those to the left"
        " against it."
    )
    st.plotly_chart(
        values_figure(falls[order], names, lying=True),
        key=f"falls_{run.id}",
        config={"displaylogo": False},
        alt="How much each feature speaks for the answer",
    )


def _example(run: Run, kept: Results) -> int | None:
    """Let a person choose a test example; return its row."""
    heads = heads_of(kept)
    wrong = rank(heads).rows if heads else rank_regression(kept.truths[0], kept.outputs[0]).rows
    shown = np.flatnonzero(kept.places >= 0)
    kinds = {"Any": shown}
    if heads:
        right = np.setdiff1d(shown, wrong)
        kinds = {"Mistakes": wrong, "Right ones": right}
    else:
        kinds = {"Farthest off first": wrong}
    kinds = {name: rows[kept.places[rows] >= 0] for name, rows in kinds.items()}
    kinds = {name: rows for name, rows in kinds.items() if len(rows)}
    if not kinds:
        st.caption("No test example was kept.")
        return None
    left, right_ = st.columns([3, 2])
    with left:
        kind = st.segmented_control(
            "Test examples",
            list(kinds),
            default=next(iter(kinds)),
            required=True,
            key=f"kind_{run.id}",
        )
    rows = kinds[kind]
    with right_:
        number = st.number_input(
            f"Which of {len(rows):,}", 1, len(rows), 1, key=f"which_{run.id}_{kind}"
        )
    row = int(rows[int(number) - 1])
    if heads:
        told = [
            f"{head.name} {head.classes[head.truth[row]]}, taken for {head.classes[head.said[row]]}"
            f" ({head.scores[row].max():.1%})"
            for head in heads[:3]
        ]
        st.caption("It is " + "; ".join(told))
    return row
