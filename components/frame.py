"""What stands around every page: the title, the mark, the room, what was wrong with a link."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from components import studio

_ICON = Path(__file__).with_name("icon.svg")
_MARK = Path(__file__).with_name("logo.svg")

_STYLE = """
<style>
/* Streamlit leaves six lines of room above a page that has its navigation on top. */
.stMainBlockContainer { padding-top: 4.4rem; padding-bottom: 3rem; }
/* Streamlit's own captions are too pale for a projector (4.3 : 1). */
.stApp [data-testid="stCaptionContainer"] { opacity: .8; }
/* What has no face takes no room. */
.st-key-history_echo { display: none; }
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


def link_notes() -> None:
    """Say what in the link that opened the page did not work, until the design is changed."""
    # Always there, so that nothing below moves when the notes go: a control in use would be lost.
    with st.container(key="link_notes"):
        for note in studio.notes():
            st.warning(note, icon=":material/link_off:")
