"""Registers a custom component from the files beside it: NAME.css and NAME.js."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import streamlit as st

#: Where the components' styles and scripts are.
FOLDER = Path(__file__).parent


def register(name: str, *, uses: Iterable[str] = ()) -> Any:
    """Return the command that mounts the component whose files are called ``name``.

    Args:
        uses: further scripts, of what several components share, that come before its own.
    """
    css = [(FOLDER / file).read_text() for file in ("base.css", f"{name}.css")]
    scripts = [(FOLDER / f"{file}.js").read_text() for file in (*uses, name)]
    return st.components.v2.component(
        f"model_designer_{name}",
        html='<div class="root"></div>\n',
        css="\n".join(css),
        js="\n".join(scripts),
    )
