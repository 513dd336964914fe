"""Named designs: what the browser keeps, read by the server, whatever it may be."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components import shelf, studio
from designer import Design
from tests.components.sessions import session_of

MINE = Design.from_template("dnn", hidden=[7])


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    return session_of(monkeypatch, studio, shelf)


def entries(*kept: Any, done: int = 0) -> dict[str, Any]:
    return {"act": "entries", "entries": list(kept), "done": done}


def test_a_design_is_saved_under_a_name_once(session: SimpleNamespace) -> None:
    studio.set_design(MINE)
    assert shelf.shelf_data(shown=True)["suggestion"] == "My DNN"
    shelf.receive({"act": "save", "name": "  Mine "})
    put = shelf.shelf_data(shown=True)["put"]
    assert (put["number"], put["name"]) == (1, "Mine")
    assert Design.from_json(put["text"]) == MINE
    kept = {"name": put["name"], "text": put["text"]}
    shelf.receive(entries(kept, done=1))
    assert shelf.shelf_data(shown=True)["put"] is None
    assert studio.named_designs() == (("Mine", MINE),)
    shelf.receive({"act": "save", "name": "Mine"})
    assert shelf.shelf_data(shown=True)["put"]["number"] == 2


def test_the_suggested_name_is_not_taken(session: SimpleNamespace) -> None:
    cnn = Design.from_template("cnn").to_json()
    assert shelf.shelf_data(shown=True)["suggestion"] == "CNN"
    shelf.receive(entries({"name": "CNN", "text": cnn}, {"name": "CNN 2", "text": cnn}))
    assert shelf.shelf_data(shown=True)["suggestion"] == "CNN 3"


def test_a_design_is_opened_and_that_can_be_undone(session: SimpleNamespace) -> None:
    shelf.receive({"act": "open", "name": "Mine", "text": MINE.to_json()})
    assert studio.current_design() == MINE
    assert studio.undoes() == "Opened “Mine”"
    studio.undo()
    assert studio.current_design() == Design.from_template("cnn")


def test_what_cannot_be_opened_says_why_and_stays(session: SimpleNamespace) -> None:
    newer = '{"template": "dnn", "version": 99}'
    shelf.receive(entries({"name": "Newer", "text": newer}, 7, {"name": "Mine"}, {"text": "{"}))
    seen = shelf.shelf_data(shown=True)["entries"]
    assert len(seen) == 4, "one answer for each entry, in order"
    assert "newer Model Designer" in seen[0]["problem"]
    assert seen[1]["problem"] == seen[2]["problem"] == "It holds no design."
    assert "not JSON" in seen[3]["problem"]
    assert studio.named_designs() == ()
    shelf.receive({"act": "open", "name": "Newer", "text": newer})
    assert "Newer: " in shelf.shelf_data(shown=True)["problem"]
    assert studio.current_design() == Design.from_template("cnn")


def test_a_list_says_what_a_design_is() -> None:
    _, about, problem = shelf.read_text(Design.from_template("resnet50").to_json())
    assert (about, problem) == ("ResNet50 · 25,636,712 parameters", "")


def test_a_page_that_only_reads_shows_nothing(session: SimpleNamespace) -> None:
    assert shelf.shelf_data(shown=False)["entries"] == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
ENTRY = st.fixed_dictionaries({}, optional={"name": JSON, "text": JSON, "saved": JSON}) | JSON
PAYLOAD = JSON | st.fixed_dictionaries(
    {"act": st.sampled_from(["entries", "save", "open"])},
    optional={"entries": st.lists(ENTRY, max_size=4) | JSON, "name": JSON, "text": JSON},
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(payload=PAYLOAD)
def test_nothing_in_a_browser_is_a_traceback(session: SimpleNamespace, payload: Any) -> None:
    shelf.receive(payload)
    data = shelf.shelf_data(shown=True)
    assert isinstance(data["problem"], str)
    assert studio.current_design()
