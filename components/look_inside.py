"""Inside a trained model: its filters, what its layers make of an example, where it looks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st

from components.asking import answer_to
from components.boundary_view import boundary
from components.data_view import picture_html
from components.inside_evidence import looked_at
from components.inside_examples import chosen_example
from components.inside_pictures import diverging, tiles_html, values_figure
from components.results_examples import as_picture
from components.results_view import kept_results
from designer.design import Design
from designer.errors import DesignerError
from designer.evaluating import Results
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
    views["What it looked at"] = looked_at
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
    row = chosen_example(run, kept)
    if row is None:
        return
    raw = kept.raw(row)
    assert raw is not None
    if kept.subject.is_picture and (picture := as_picture(kept.subject, raw)) is not None:
        st.html(picture_html(picture, "the example", side=84))
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
