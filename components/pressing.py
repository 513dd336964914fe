"""Buttons whose press is never lost.

Streamlit's ``if st.button(…)`` hears a press only if the run of the script that the press began
comes as far as the button. A run that something else begins in between (a file that arrives, an
answer of the browser, ``st.rerun``) breaks it off, and the press is forgotten: a person presses
Train, and nothing happens. Here a press is written down before the script runs at all, and stays
until the button is reached.
"""

from __future__ import annotations

import time
from typing import Any

import streamlit as st

#: Seconds after which a press counts no more: its button was not on the page for so long.
LONGEST = 20.0


def pressed(label: str, *, key: str, **options: Any) -> bool:
    """Show a button; return whether it was pressed since this place was last reached.

    Args:
        label: of the button.
        key: of the button, as no other on the page has.
        options: as ``st.button`` takes them, but ``on_click``.
    """
    presses = _presses()
    st.button(label, key=key, on_click=_note, args=(presses, key), **options)
    at = presses.pop(key, None)
    if at is None or options.get("disabled"):
        return False
    return time.monotonic() - at < LONGEST


def _presses() -> dict[str, float]:
    known: dict[str, float] = st.session_state.setdefault("presses", {})
    return known


def _note(presses: dict[str, float], key: str) -> None:
    # Nothing of Streamlit's is touched here: each touch is a place where a run can be broken off.
    presses[key] = time.monotonic()
