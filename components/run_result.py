"""What a finished run is worth: its figures on examples it has never seen, and some of these."""

from __future__ import annotations

import numpy as np
import streamlit as st

from components.curve_words import label, write_figure
from components.data_view import picture_html
from designer.datasets import dataset_info
from designer.datasets.catalogue import DatasetInfo, TaskView
from designer.errors import DesignerError
from designer.training import Prediction, Predictions, Run, load_predictions
from designer.training.runs import PENDING, READY


def run_result(run: Run) -> None:
    """Show the figures of a run on its test examples, and examples it got right and wrong."""
    tests = {name: value for name, value in run.metrics.items() if name.startswith("test_")}
    if not tests:
        st.caption(_why_not(run))
        return
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.markdown("#### On examples it has never seen")
        st.page_link("export.py", label="Take this model home", icon=":material/download:")
    _figures({n: v for n, v in tests.items() if n == "test_loss" or not n.endswith("_loss")})
    try:
        info = dataset_info(run.settings["dataset"])
        predictions = load_predictions(run.id)
        view = info.view(predictions.task)
    except DesignerError as error:
        st.caption(str(error))
        return
    if predictions.task == "regression":
        half = len(predictions.examples) // 2
        parts = (("Farthest off", range(half)), ("Nearest", range(half, 2 * half)))
    else:
        wrong = [n for n, example in enumerate(predictions.examples) if not example.is_right]
        right = [n for n, example in enumerate(predictions.examples) if example.is_right]
        parts = (("Wrong, the worst first", wrong), ("Right", right))  # type: ignore[assignment]
    for heading, places in parts:
        st.markdown(f"**{heading}**")
        if not places:
            st.caption("None among the test examples.")
        elif info.kind == "image":
            st.html(_pictures(info, view, predictions, list(places)))
        else:
            st.dataframe(_rows(view, predictions, list(places)), hide_index=True)


def _why_not(run: Run) -> str:
    if not run.is_over:
        return "The result on examples it has never seen is made when training is over."
    if run.result == PENDING:
        return "The final figures are being made."
    if run.state == "failed":
        return "A failed run has no result."
    return run.result if run.result not in ("", READY) else "This run has no result."


def _figures(values: dict[str, float]) -> None:
    with st.container(horizontal=True):
        for name, value in values.items():
            st.metric(label(name), write_figure(name, value), border=True)


def told(view: TaskView, outputs: list[list[float]], *, truth: bool) -> str:
    """Write what was predicted, or what is true, in words.

    Args:
        view: the data set's view for the task.
        outputs: one list a head, as in :class:`Prediction`.
        truth: whether these are the labels (a class's number) or what the model put out.
    """
    if view.task == "regression":
        return ", ".join(f"{value:.4g}" for value in outputs[0])
    if view.task == "multilabel":
        return ", ".join(
            name for name, value in zip(view.heads[0], outputs[0], strict=True) if value >= 0.5
        ) or "none"  # fmt: skip
    if view.task == "binary":
        chance = outputs[0][0]
        name = view.heads[0][int(chance >= 0.5)]
        return name if truth else f"{name} ({max(chance, 1 - chance):.0%})"
    words = []
    for names, values in zip(view.heads, outputs, strict=True):
        best = int(values[0]) if truth else int(np.argmax(values))
        words.append(names[best] if truth else f"{names[best]} ({values[best]:.0%})")
    return ", ".join(words)


def _pictures(
    info: DatasetInfo, view: TaskView, predictions: Predictions, places: list[int]
) -> str:
    low, high = info.pixel_range or (0, 255)
    cells = []
    for place in places:
        example = predictions.examples[place]
        scaled = (predictions.features[place].astype(float) - low) * (255 / (high - low))
        picture = scaled.round().astype(np.uint8)
        picture = picture[..., 0] if picture.shape[2] == 1 else picture
        label = told(view, example.outputs, truth=False)
        truth = told(view, example.truth, truth=True)
        detail = "" if example.is_right else f"<br>is {truth}"
        cells.append(picture_html(picture, label, side=54, detail=detail))
    return f'<div style="display:flex;flex-wrap:wrap;gap:8px">{"".join(cells)}</div>'


def _rows(view: TaskView, predictions: Predictions, places: list[int]) -> dict[str, list]:
    def column(of: list[Prediction], truth: bool) -> list[str]:
        return [told(view, one.truth if truth else one.outputs, truth=truth) for one in of]

    chosen = [predictions.examples[place] for place in places]
    table: dict[str, list] = {"predicted": column(chosen, False), "true": column(chosen, True)}
    for number, name in enumerate(view.feature_names):
        table[name] = [float(predictions.features[place][number]) for place in places]
    return table
