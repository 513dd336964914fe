"""Buttons whose press is never lost."""

from __future__ import annotations

import time

import pytest
from streamlit.testing.v1 import AppTest

from components import pressing


def script() -> None:
    import streamlit as st

    from components.pressing import pressed

    if st.session_state.pop("interrupt", False):
        st.rerun()
    if st.session_state.get("shown", True):
        is_off = st.session_state.get("off", False)
        if pressed("Go", key="go", disabled=is_off):
            st.session_state["times"] = st.session_state.get("times", 0) + 1


def times(app: AppTest) -> int:
    return int(app.session_state["times"]) if "times" in app.session_state else 0


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_function(script, default_timeout=30).run()


def test_a_press_counts_once(app: AppTest) -> None:
    app.button[0].click().run()
    app.run()
    assert times(app) == 1
    app.button[0].click().run()
    assert times(app) == 2


def test_a_press_outlives_a_run_that_is_broken_off(app: AppTest) -> None:
    app.session_state["interrupt"] = True
    app.button[0].click().run()
    app.run()
    assert times(app) == 1


def test_a_button_that_cannot_be_pressed_any_more_does_nothing_later(app: AppTest) -> None:
    app.session_state["off"] = True
    app.button[0].click().run()
    app.session_state["off"] = False
    app.run()
    assert times(app) == 0


def test_a_press_of_long_ago_is_forgotten(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    app.session_state["shown"] = False
    app.button[0].click().run()
    later = time.monotonic() + pressing.LONGEST
    monkeypatch.setattr(pressing.time, "monotonic", lambda: later)
    app.session_state["shown"] = True
    app.run()
    assert times(app) == 0
