"""What a finished run is worth: its figures on examples it has never seen, and its answers."""

from __future__ import annotations

import streamlit as st

from components.curve_words import label, write_figure
from components.results_view import results
from designer.training import Run
from designer.training.runs import PENDING, READY


def run_result(run: Run) -> None:
    """Show the figures of a run on its test examples, and what it got right and wrong."""
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
    results(run)


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
