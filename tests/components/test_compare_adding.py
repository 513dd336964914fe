"""The button by which any page adds a design to the comparison."""

from __future__ import annotations

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from designer import Design


def a_page() -> None:
    from components.compare_adding import compare_button
    from designer import Design

    compare_button(Design.from_template("dnn", hidden=[3]))


def test_a_page_adds_its_design_and_goes_to_the_comparison(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gone: list[str] = []
    monkeypatch.setattr(st, "switch_page", gone.append)
    app = AppTest.from_function(a_page).run()
    for _ in range(4):
        app.button(key="compare_button").click().run()
    assert not app.exception
    assert gone == ["compare.py"] * 4
    entries = app.session_state["comparison_entries"]
    assert [entry.label for entry in entries][:2] == ["Your DNN", "Your DNN (2)"]
    assert {entry.design for entry in entries} == {Design.from_template("dnn", hidden=[3])}
    assert app.run().button(key="compare_button").disabled
