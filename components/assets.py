"""Registers a custom component from the files beside it: NAME.css and NAME.js."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

_FOLDER = Path(__file__).parent


def register(name: str) -> Any:
    """Return the command that mounts the component whose files are called ``name``."""
    css = [(_FOLDER / file).read_text() for file in ("base.css", f"{name}.css")]
    return st.components.v2.component(
        f"model_designer_{name}",
        html='<div class="root"></div>\n',
        css="\n".join(css),
        js=(_FOLDER / f"{name}.js").read_text(),
    )
