"""Export: take a model home, proven to load elsewhere with the same predictions."""

from __future__ import annotations

import streamlit as st

from components import studio
from components.export_formats import format_choice
from components.export_list import export_list
from components.export_options import options_choice
from components.export_source import source_choice
from components.export_view import export_view
from components.owner import ask_owner

ask_owner()
design = studio.current_design()

choices, view = st.columns([4, 9], gap="medium")
with choices:
    source = source_choice(design)
    format = format_choice() if source else None
with view:
    shown = ""
    if source and format:
        shown = export_view(source, format, options_choice(source, format))
    export_list(shown)

studio.keep_in_address()
