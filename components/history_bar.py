"""Undo, redo, and the list of everything that was done to the design."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from components import studio
from components.assets import register

_mount = register("history_bar", uses=("leaving",))

_KEY = "history_bar"
_ACK = "history_bar_ack"


def history_bar() -> None:
    """Show the buttons, and listen to Ctrl+Z, Ctrl+Shift+Z and Ctrl+Y."""
    state = st.session_state.get(_KEY)
    view = state.get("view") if isinstance(state, Mapping) else None
    opened = isinstance(view, Mapping) and view.get("open") is True
    _mount(
        data=bar_data(opened=opened, ack=st.session_state.get(_ACK, 0)),
        key=_KEY,
        on_acts_change=_act,
        on_view_change=_nothing,
        width="content",
    )


def history_echo() -> None:
    """Tell the buttons what they would do now, from the part of a page that runs by itself.

    The buttons stand outside that part, and so are not drawn anew while a slider is dragged.
    """
    _mount(data={"echo": True, **_names()}, key="history_echo")


def bar_data(*, opened: bool, ack: int) -> dict[str, Any]:
    """Return what the buttons and, once it is open, the list show."""
    data: dict[str, Any] = {"echo": False, "ack": ack, **_names()}
    if opened:
        data["steps"] = [step.label for step in studio.history()]
        data["position"] = studio.position()
    return data


def _names() -> dict[str, str | None]:
    return {"undoes": studio.undoes(), "redoes": studio.redoes()}


def apply_acts(payload: Any, ack: int) -> int:
    """Do what was asked for, each act once, and return the newest that has been dealt with.

    Args:
        payload: what the page sent: a list of ``[sequence, act, position]``, where the act is
            ``undo``, ``redo`` or ``go``; anything else is ignored.
        ack: the newest sequence dealt with before.
    """
    for act in payload if isinstance(payload, list) else ():
        if not isinstance(act, list) or len(act) != 3:
            continue
        sequence, name, position = act
        if type(sequence) is not int or sequence <= ack:
            continue
        ack = sequence
        if name == "undo":
            studio.undo()
        elif name == "redo":
            studio.redo()
        elif name == "go" and type(position) is int:
            studio.go_to(position)
    return ack


def _act() -> None:
    payload = st.session_state[_KEY].acts
    st.session_state[_ACK] = apply_acts(payload, st.session_state.get(_ACK, 0))


def _nothing() -> None:
    """The list is drawn by the run that follows."""
