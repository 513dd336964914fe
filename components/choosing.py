"""Controls of Streamlit's that show what was decided elsewhere on the page."""

from __future__ import annotations

from typing import Any

import streamlit as st


def show_choice(key: str, value: Any) -> None:
    """Have the control with this key, which comes next, show a value.

    It is not said where the control shows it already: Streamlit would send it to the browser with
    every run of the page, where it takes the place of what a person has chosen meanwhile, and the
    next request, of a part that asks by itself, would take the choice back.
    """
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
