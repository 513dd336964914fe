"""Export: take a model home, proven to load elsewhere with the same predictions."""

from __future__ import annotations

import streamlit as st

from components import studio
from components.export_view import export_view, source_choice

design = studio.current_design()

choices, view = st.columns([4, 9], gap="medium")
with choices:
    source = source_choice(design)
with view:
    export_view(source)

studio.keep_in_address()
