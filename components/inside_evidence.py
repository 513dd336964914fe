"""Which part of an example an answer comes from: Grad-CAM, occlusion, features one by one."""

from __future__ import annotations

import numpy as np
import streamlit as st

from components.asking import answer_to
from components.inside_examples import chosen_example
from components.inside_pictures import heat_over, tiles_html, values_figure
from components.results_examples import as_picture
from designer.datasets.gaps import known_values
from designer.evaluating import Head, Results, heads_of
from designer.looking.packing import pack, unpack
from designer.plain_numbers import plain_number
from designer.summary import Summary
from designer.training import Run


def looked_at(run: Run, kept: Results, summary: Summary) -> None:
    """Show where the evidence for an answer lies, on an example a person chooses."""
    row = chosen_example(run, kept)
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
        place = names.index(head.name)
        if kept.subject.task == "multilabel":  # a label is one unit of the only head
            number, unit, about = 0, place, head.name
        else:
            number, unit = place, _chosen_class(run, head, row)
            about = head.classes[unit]
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
    answer = answer_to(
        "grad_cam" if way == "Grad-CAM" else "occlusion",
        key=f"saliency_{run.id}",
        run=run.id,
        features=pack(raw),
        head=number,
        unit=unit,
    )
    if answer is None:
        return
    if way == "Grad-CAM":
        heat = unpack(answer["heat"])
        rows, columns = answer["size"]
        words = (
            f"Where the {rows} × {columns} maps of {answer['layer']} speak for “{about}”."
            if answer["strength"] > 0
            else f"Nothing in the maps of {answer['layer']} speaks for “{about}”."
        )
    else:
        fall = unpack(answer["fall"])
        most = float(np.abs(fall).max())
        heat = np.clip(fall, 0, None) / most if most else np.zeros_like(fall)
        side = answer["side"]
        words = (
            f"Where covering {side} × {side} pixels lowers the answer for “{about}”, by"
            f" {plain_number(float(fall.max()), 3)} at most of {plain_number(answer['score'], 3)}."
        )
    st.html(
        tiles_html(
            [picture, heat_over(picture, heat), (255 * heat).round().astype(np.uint8)],
            ["the example", "the evidence over it", "the evidence alone"],
            side=170,
        )
    )
    st.caption(words)


def _chosen_class(run: Run, head: Head, row: int) -> int:
    """Let a person choose the class the evidence for which is shown, the likeliest first."""
    classes = sorted(range(len(head.classes)), key=lambda one: -float(head.scores[row, one]))
    return st.selectbox(
        "Evidence for",
        classes,
        key=f"saliency_class_{run.id}_{row}_{head.name}",
        format_func=lambda one: f"{head.classes[one]} ({head.scores[row, one]:.1%})",
    )


def _features(run: Run, kept: Results, raw: np.ndarray, number: int, unit: int, about: str) -> None:
    columns = np.asarray(kept.features, np.float64).T
    usual = [float(np.median(known_values(column))) for column in columns]
    answer = answer_to(
        "occlusion",
        key=f"saliency_{run.id}",
        run=run.id,
        features=pack(raw),
        head=number,
        unit=unit,
        baseline=usual,
    )
    if answer is None:
        return
    falls = np.asarray(answer["falls"])
    order = np.argsort(np.abs(falls))[::-1][:30][::-1]
    told = ["missing" if np.isnan(value) else plain_number(float(value)) for value in raw]
    names = [f"{kept.subject.feature_names[n]} = {told[n]}" for n in order]
    st.caption(
        f"How much the answer for “{about}” ({plain_number(answer['score'], 3)}) falls when one"
        " feature is"
        " replaced by its usual value: those to the right speak for it, those to the left"
        " against it."
    )
    st.plotly_chart(
        values_figure(falls[order], names, lying=True),
        key=f"falls_{run.id}",
        config={"displaylogo": False},
        alt="How much each feature speaks for the answer",
    )
