"""A model that can only be looked at: what it is, why it is not edited, its drawing and layers."""

from __future__ import annotations

import streamlit as st

from components import studio
from components.architecture import architecture
from components.layer_table import layer_table
from components.markdown import plain_words
from components.opening import notes, open_a_file
from components.totals import totals_of_a_file
from designer.importing import Imported
from designer.importing.looking import Looked
from designer.importing.naming import fit
from designer.places import Place, nearest
from designer.templates import template
from designer.templates.parameters import show

_SELECTED = "imported_selected"

#: The ends of arguments' names that say nothing of what a layer does.
_QUIET = ("_initializer", "dtype", "trainable")


def imported_view(imported: Imported) -> None:
    """Show a model, with the way back to the design before."""
    looked = imported.looked
    assert looked is not None
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            st.markdown(f"#### {plain_words(looked.summary.name)}", width="content")
            st.badge("To look at", icon=":material/visibility:", color="gray")
        with st.container(horizontal=True, width="content"):
            with st.popover("File", icon=":material/folder:", key="file_menu"):
                open_a_file()
            design = studio.current_design()
            st.button(
                f"Back to {template(design.template).title}",
                icon=":material/arrow_back:",
                type="primary",
                on_click=studio.leave_looked,
                help="The design you had before, as you left it.",
            )
    st.info(plain_words(imported.sentence), icon=":material/visibility:")
    if imported.notes:
        notes(imported.notes)
    _layers(looked)


@st.fragment
def _layers(looked: Looked) -> None:
    summary = looked.summary
    key = st.session_state.get(_SELECTED)
    place = nearest(summary.sections, key) if key else None
    totals_of_a_file(summary)
    architecture(summary, selected=place, on_select=_select, key="imported_architecture")
    if place is not None:
        _place(looked, place)
    layer_table(summary, selected=place, on_select=_select, key="imported_table")


def _select(key: str | None) -> None:
    st.session_state[_SELECTED] = key or ""


def _place(looked: Looked, place: Place) -> None:
    """Show what the file says of a layer, and what there is to say of its figures."""
    with st.container(border=True, key="imported_place"):
        if place.kind != "layer":
            st.markdown(
                f"**{plain_words(place.title)}** · {len(place.layers):,} layers,"
                f" {place.params:,} parameters"
            )
            return
        row = place.layers[0]
        found = next(layer for layer in looked.model.layers if layer.name == row.name)
        st.markdown(f"**{plain_words(row.name)}** · {plain_words(row.class_name)}")
        if row.class_name == "Lambda":
            st.caption("Lambda, not run: the code in the file is neither decoded nor shown.")
        else:
            shown = {
                fit(name): show(value)
                for name, value in found.config.items()
                if value is not None and not name.endswith(_QUIET)
            }
            st.markdown(
                " · ".join(
                    f"{plain_words(name)}: {plain_words(text)}" for name, text in shown.items()
                )
            )
        if reason := looked.summary.unedited.get(row.name):
            st.caption(f"In no design of ours: {plain_words(reason)}.")
        words = [row.why_shape(), row.why_params()] if row.counted else [row.why_shape()]
        st.caption(plain_words(" ".join(words)))
