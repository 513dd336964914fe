"""What stands around every page: the frame and the navigation. ``main.py`` serves it."""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st

# ``streamlit run`` puts this folder on the path, not the one the packages are in.
ROOT = str(Path(__file__).resolve().parent.parent)
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)

from components.frame import frame, link_notes  # noqa: E402

frame()

page = st.navigation(
    [
        st.Page("design.py", title="Design", icon=":material/architecture:", default=True),
        st.Page("compare.py", title="Compare", icon=":material/compare:"),
        st.Page("train.py", title="Train", icon=":material/show_chart:"),
        st.Page("history.py", title="History", icon=":material/history:"),
        st.Page("export.py", title="Export", icon=":material/download:"),
    ],
    position="top",
)
link_notes()
page.run()
