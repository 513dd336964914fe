"""The buttons of the history: what they say, and what is asked of them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from components import history_bar, studio
from designer import Design
from tests.components.sessions import session_of


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    made = session_of(monkeypatch, studio, history_bar)
    studio.set_design(Design.from_template("cnn", classes=5))
    studio.set_design(Design.from_template("cnn", classes=6))
    return made


def test_buttons_name_their_step_and_the_list_is_sent_when_open(session: SimpleNamespace) -> None:
    studio.undo()
    data = history_bar.bar_data(opened=False, ack=0)
    assert data == {
        "echo": False,
        "ack": 0,
        "undoes": "Classes: 26 → 5",
        "redoes": "Classes: 5 → 6",
    }
    data = history_bar.bar_data(opened=True, ack=0)
    assert data["steps"] == ["Opened CNN", "Classes: 26 → 5", "Classes: 5 → 6"]
    assert data["position"] == 1


def test_each_act_is_done_once(session: SimpleNamespace) -> None:
    acts = [[1, "undo", None], [2, "undo", None]]
    assert history_bar.apply_acts(acts, 0) == 2
    assert studio.position() == 0
    assert history_bar.apply_acts([*acts, [3, "redo", None]], 2) == 3
    assert studio.position() == 1
    assert history_bar.apply_acts([[4, "go", 2]], 3) == 4
    assert studio.current_design()["classes"] == 6


@pytest.mark.parametrize(
    "junk",
    [None, 7, {}, "undo", [7], [[]], [["1", "undo", None]], [[True, "undo", None]],
     [[1, "go", "0"]], [[1, "go", None]], [[1, "format", 0]], [[1, ["undo"], 0]], [[1, "go", -5]]],
)  # fmt: skip
def test_what_is_no_act_changes_nothing(session: SimpleNamespace, junk: Any) -> None:
    history_bar.apply_acts(junk, 0)
    assert studio.position() == 2
