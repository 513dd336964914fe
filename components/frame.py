"""What stands around every page: the title, the mark, the room."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_ICON = Path(__file__).with_name("icon.svg")
_MARK = Path(__file__).with_name("logo.svg")

_STYLE = """
<style>
/* Streamlit leaves six lines of room above a page that has its navigation on top. */
.stMainBlockContainer { padding-top: 4.4rem; padding-bottom: 3rem; }
@media (max-width: 640px) {
  /* One column: what the design costs comes before its controls. */
  .stHorizontalBlock:has(.st-key-totals_bar) { flex-direction: column-reverse; }
  .stHorizontalBlock:has(.st-key-totals_bar) > .stColumn { flex: none; width: 100%; }
}
</style>
"""


def frame() -> None:
    """Set the page's title and layout, and show the mark."""
    st.set_page_config(page_title="Model Designer", page_icon=_ICON.read_text(), layout="wide")
    st.logo(_MARK.read_text(), size="large")
    st.html(_STYLE)
