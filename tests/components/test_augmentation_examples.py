"""The pictures before and after augmentation, as the page shows them."""

from __future__ import annotations

import base64
import re

import numpy as np
from streamlit.testing.v1 import AppTest

from components.augmentation_examples import rows_html


def test_every_picture_is_shown_and_named() -> None:
    pixels = np.arange(2 * 3 * 4 * 4, dtype=np.uint8).reshape(2, 3, 4, 4, 1)
    told = {"shape": list(pixels.shape), "pixels": base64.b64encode(pixels.tobytes()).decode()}
    html = rows_html(told)
    assert re.findall(r'alt="([^"]+)"', html) == [
        f"Example {number}, {which}"
        for number in (1, 2)
        for which in ("as it is", "varied, 1", "varied, 2")
    ]
    addresses = re.findall(r'src="data:image/png;base64,([^"]+)"', html)
    assert len(set(addresses)) == 6


def _controls() -> None:
    import streamlit as st

    from components.augmentation_examples import augmentation_controls

    kept = st.session_state.setdefault("form", {"augmentation": {"zoom": 0.1}})
    st.session_state["said"] = augmentation_controls(kept)


def test_the_controls_say_what_was_kept_and_keep_what_they_say() -> None:
    page = AppTest.from_function(_controls).run()
    assert page.session_state["said"].zoom == 0.1
    page.slider(key="augmentation_turn").set_value(30)
    page.selectbox(key="augmentation_mirror").set_value("horizontal")
    page.run()
    assert not page.exception
    said = page.session_state["said"]
    assert (said.rotation, said.flip, said.zoom, said.translation) == (30.0, "horizontal", 0.1, 0)
    assert page.session_state["form"]["augmentation"] == said.to_dict()
