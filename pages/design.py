"""Design: choose a template, shape it, see what it costs."""

from __future__ import annotations

import streamlit as st

from components import studio
from components.architecture import architecture
from components.control_panel import control_panel
from components.design_bar import design_bar
from components.keras_status import keras_status
from components.layer_table import layer_table
from components.totals import totals
from designer.summary import outline

PANEL = "design_panel"


def apply_edits() -> None:
    studio.apply_edits(st.session_state[PANEL].edits)


@st.fragment
def live() -> None:
    """What follows the controls: it runs by itself whenever one of them moves."""
    design = studio.current_design()
    summary = outline(design)
    controls, view = st.columns([4, 9], gap="medium")
    with view:
        # The numbers first: they are what an eye on a slider waits for.
        with st.container(key="totals_bar"):
            totals(summary)
        architecture(summary, selected=studio.selected(summary), on_select=studio.select)
        with st.container(
            horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
        ):
            keras_status(summary)
            st.page_link(
                "train.py",
                label="Train this design",
                icon=":material/play_arrow:",
                disabled=summary.fault is not None,
            )
    with controls:
        control_panel(
            design,
            errors=studio.errors(),
            ack=studio.acknowledged(),
            on_edit=apply_edits,
            key=PANEL,
        )
    with view:
        layer_table(summary)
    if studio.is_resting():
        studio.keep_in_address()


studio.rest()
design_bar(studio.current_design())
live()
