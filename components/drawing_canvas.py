"""A sheet to draw on with mouse, finger or pen; what is drawn is sent while it is drawn."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from components.assets import register

_mount = register("drawing_canvas", uses=("leaving",))

#: Pixels a side of what is sent: enough for what a data set then makes of it.
SIDE = 112


def drawing_canvas(*, dark_on_light: bool = False, key: str = "drawing") -> np.ndarray | None:
    """Show the sheet and return what is drawn, (SIDE, SIDE) from 0 to 1; ``None`` if nothing."""
    _mount(data={"side": SIDE, "dark_on_light": dark_on_light}, key=key, on_drawing_change=_nothing)
    state = st.session_state.get(key)
    return ink_of(state.get("drawing") if isinstance(state, Mapping) else None)


def _nothing() -> None:
    """The run that follows asks the model."""


def ink_of(sent: Any) -> np.ndarray | None:
    """Return what the page sent as ink; ``None`` if nothing is drawn or it is not a drawing."""
    if not isinstance(sent, str) or not sent:
        return None
    try:
        pixels = np.frombuffer(base64.b64decode(sent, validate=True), np.uint8)
    except (binascii.Error, ValueError):
        return None
    if pixels.size != SIDE * SIDE or not pixels.any():
        return None
    return pixels.reshape(SIDE, SIDE).astype(np.float32) / 255
