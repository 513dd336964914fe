"""Who a browser is, so that what it brings along is shown to it alone: no login, a random mark."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from components.assets import register
from designer.datasets.own import owner_of_token
from designer.errors import DesignerError

_mount = register("owner")

_COOKIE = "model_designer_owner"
_KEY = "owner"


def owner() -> str | None:
    """Return the owner that this browser stands for; ``None`` until it has said who it is."""
    state = st.session_state.get(_KEY)
    told = state.get("mark") if isinstance(state, Mapping) else None
    for mark in (told, st.context.cookies.get(_COOKIE)):
        if mark is not None:
            try:
                return owner_of_token(mark)
            except DesignerError:
                continue  # somebody wrote it by hand
    return None


def ask_owner() -> None:
    """Have the browser say who it is, unless its cookie did; it keeps its mark for a year.

    Shows nothing.
    """
    _mount(data={"known": owner() is not None}, key=_KEY, on_mark_change=_nothing)


def _nothing() -> None:
    """The run that follows knows."""
