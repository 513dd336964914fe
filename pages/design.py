"""Design: choose a template, shape it, see what it costs; or look at a model from elsewhere."""

from __future__ import annotations

import streamlit as st

from components import studio
from components.architecture import architecture
from components.code_view import code_view
from components.control_panel import control_panel
from components.design_bar import design_bar
from components.fault_bar import fault_bar, trouble
from components.history_bar import history_echo
from components.imported_view import imported_view
from components.inspector import inspector
from components.keras_status import keras_status
from components.layer_table import layer_table
from components.shares import shares
from components.totals import totals
from designer.summary import outline

PANEL = "design_panel"
BELOW = ("Layers", "Where it goes", "Code")


def apply_edits() -> None:
    studio.apply_edits(st.session_state[PANEL].edits)


@st.fragment
def live() -> None:
    """What follows the controls: it runs by itself whenever one of them moves."""
    design = studio.current_design()
    summary = outline(design)
    place = studio.selected(summary)
    controls, view = st.columns([4, 9], gap="medium")
    with view:
        # The numbers first: they are what an eye on a slider waits for.
        with st.container(key="totals_bar"):
            totals(summary)
        fault_bar(summary)
        history_echo()
        architecture(summary, selected=place, on_select=studio.select)
        with st.container(
            horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
        ):
            keras_status(summary)
            if not trouble(summary):
                st.page_link("train.py", label="Train this design", icon=":material/play_arrow:")
    with controls:
        control_panel(
            design,
            errors=studio.errors(),
            ack=studio.acknowledged(),
            generation=studio.generation(),
            on_edit=apply_edits,
            key=PANEL,
        )
    with view:
        inspector(summary, place, on_select=studio.select)
        with st.container(key="below"):
            below = st.segmented_control(
                "Below",
                BELOW,
                default=BELOW[0],
                key="design_below",
                label_visibility="collapsed",
            )
            if below == "Where it goes":
                shares(summary, selected=place, on_select=studio.select)
            elif below == "Code":
                lit = {layer.name for layer in place.layers} if place else ()
                code_view(design, resting=studio.is_resting(), selected=lit)
            else:
                layer_table(summary, selected=place, on_select=studio.select)
    if studio.is_resting():
        studio.keep_in_address()


studio.rest()
if looked := studio.looked_at():
    imported_view(looked)
    studio.keep_in_address()
else:
    design_bar(studio.current_design())
    live()
