"""Train: choose data, fit design and data to each other, start, watch, see what it is worth."""

from __future__ import annotations

import streamlit as st

from components import studio
from components.backend import engine
from components.data_view import dataset_examples, fit_view, input_words
from components.own_data import hide_own_data, own_data_button, own_data_is_open, own_data_panel
from components.owner import ask_owner
from components.pressing import pressed
from components.run_view import run_view
from components.training_form import choose_dataset, dataset_choice, epoch_estimate, settings_form
from designer.errors import DesignerError
from designer.templates import template

engine().warm()
ask_owner()
design = studio.current_design()

choices, view = st.columns([4, 9], gap="medium")

with choices:
    st.markdown(f"**{template(design.template).title}** {input_words(design)}")
    info = dataset_choice(design)
    own_data_button()
    ready = fit_view(design, info)
    settings = settings_form(info, design)
    if ready and settings:
        epoch_estimate(design, settings)
    # What has begun is kept in one piece until the page follows it, come what may in between.
    begun: dict[str, str] = st.session_state.setdefault("train_begun", {})
    if pressed(
        "Train",
        key="train",
        type="primary",
        icon=":material/play_arrow:",
        disabled=not (ready and settings),
        width="stretch",
    ):
        assert settings is not None
        try:
            begun["run"] = engine().train(design, settings)
        except DesignerError as error:
            st.error(str(error))
    if "run" in begun:
        studio.set_run(begun["run"])
        hide_own_data()
        begun.clear()

with view:
    run = studio.current_run()
    if own_data_is_open():
        with st.container(key="own_data_panel"):
            used = own_data_panel()
        if used:
            choose_dataset(used)
            hide_own_data()
            st.rerun()
    elif run is None:
        st.markdown(f"#### {info.title}")
        dataset_examples(info, design["task"])
        st.caption("Press Train, and the curves appear here.")
    else:
        run_view(run)
        with st.expander(f"Examples of {info.title}"):
            dataset_examples(info, design["task"])

studio.keep_in_address()
