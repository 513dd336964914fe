"""What a finished run is worth: its figures on examples it has never seen, and its answers."""

from __future__ import annotations

import streamlit as st

from components.results_view import results
from designer.training import Run
from designer.training.runs import PENDING, READY


def run_result(run: Run) -> None:
    """Show what a run's model got right and wrong; its figures are in the head of the page."""
    if not any(name.startswith("test_") for name in run.metrics):
        st.caption(_why_not(run))
        return
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.markdown("#### On examples it has never seen")
        st.page_link("export.py", label="Take this model home", icon=":material/download:")
    results(run)


def _why_not(run: Run) -> str:
    if not run.is_over:
        return "The result on examples it has never seen is made when training is over."
    if run.result == PENDING:
        return "The final figures are being made."
    if run.state == "failed":
        return "A failed run has no result."
    return run.result if run.result not in ("", READY) else "This run has no result."
