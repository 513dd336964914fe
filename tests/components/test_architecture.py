"""What the drawing's component sends, and how it reads what the page sends back."""

from __future__ import annotations

import json

import pytest
from streamlit.testing.v1 import AppTest

from components.architecture import LARGE, View, drawing_data, view_of
from designer import Design
from designer.places import ancestors
from designer.summary import Summary, outline
from designer.templates import templates


def summary_of(name: str, **parameters: object) -> Summary:
    return outline(Design.from_template(name, **parameters))


@pytest.mark.parametrize("name", list(templates()))
def test_what_is_sent_is_json_and_small(name: str) -> None:
    data = drawing_data(summary_of(name), View())
    assert len(json.dumps(data)) < 60_000
    assert data["label"] == f"Architecture of {name}"
    assert data["svg"].startswith("<svg")


@pytest.mark.parametrize(
    "sent",
    [None, "x", [], {"depth": 3}, {"depth": "deep", "opened": "group1"}, {"opened": [1, None, {}]}],
)
def test_anything_else_than_a_view_is_ignored(sent: object) -> None:
    assert view_of(summary_of("cnn"), sent) == View()


def test_a_view_belongs_to_a_template_but_the_depth_stays() -> None:
    sent = {"template": "resnet50", "depth": "groups", "opened": ["group2"], "closed": ["task"]}
    assert view_of(summary_of("resnet50"), sent) == View(
        "groups", frozenset({"group2"}), frozenset({"task"})
    )
    assert view_of(summary_of("vgg16"), sent) == View("groups")


def test_what_hides_the_selected_place_stands_for_it() -> None:
    summary = summary_of("resnet152")

    def shown(key: str, view: View) -> str:
        place = ancestors(summary.sections, key)[-1]
        return drawing_data(summary, view, selected=place)["selected"]

    layer = "group3_block20_conv2"
    assert shown(layer, View("groups")) == "group3"
    assert shown(layer, View()).startswith("group3/block6…")
    assert shown(layer, View(opened=frozenset({"group3"}))) == "group3/block20"
    assert shown(layer, View("layers")) == layer
    assert shown("group3/block20", View("layers")) == "group3/block20"
    assert shown("group3", View("layers")) == "group3"
    assert drawing_data(summary, View())["selected"] == ""


def test_a_large_drawing_waits_until_the_hand_rests() -> None:
    summary = summary_of("resnet152")
    assert len(summary.layers) > LARGE
    assert "svg" not in drawing_data(summary, View("layers"), resting=False)
    assert "svg" in drawing_data(summary, View("layers"), resting=True)
    assert "svg" in drawing_data(summary, View(), resting=False)


def test_a_picture_is_sent_only_when_it_is_asked_for() -> None:
    summary = summary_of("cnn")
    assert "picture" not in drawing_data(summary, View())
    assert "picture" not in drawing_data(summary, View(), picture={"kind": "exe"})
    picture = drawing_data(summary, View("groups"), picture={"kind": "svg", "number": "7"})
    assert picture["picture"]["name"] == "cnn_groups"
    assert picture["picture"]["number"] == "7"
    assert picture["picture"]["svg"].startswith("<?xml")


def test_a_selection_paints_nothing_anew() -> None:
    app = AppTest.from_function(_selecting)
    app.run(timeout=30)
    assert not app.exception
    first = app.session_state["trial_painted"]
    app.session_state["chosen"] = "group1"
    app.run(timeout=30)
    assert app.session_state["trial_painted"] is first
    app.session_state["template"] = "vgg16"
    app.run(timeout=30)
    assert app.session_state["trial_painted"] is not first


def _selecting() -> None:
    import streamlit as st

    from components.architecture import architecture
    from designer import Design
    from designer.places import nearest
    from designer.summary import outline

    summary = outline(Design.from_template(st.session_state.get("template", "cnn")))
    chosen = st.session_state.get("chosen")
    selected = nearest(summary.sections, chosen) if chosen else None
    architecture(summary, selected=selected, key="trial")
