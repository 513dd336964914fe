"""The History page, run as Streamlit runs it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from components import history_view, studio
from designer import Design
from tests.components.runs import DNN, begun_run, finished_run
from tests.components.sessions import session_of
from tests.pages.standin import StandIn
from tests.pages.visiting import markdown, visit


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch, engine: StandIn) -> SimpleNamespace:
    """A session whose buttons are pressed by calling what they call."""
    return session_of(monkeypatch, history_view, studio)


def test_without_runs_the_next_step_is_said(engine: StandIn) -> None:
    app = visit("history")
    assert "No runs yet" in markdown(app)
    assert [one.proto.label for one in app.get("page_link")] == ["Train this design"]


def test_with_runs_there_are_three_views(engine: StandIn) -> None:
    for rate in (0.01, 0.001, 0.0001):
        finished_run(engine.store, learning_rate=rate)
    app = visit("history")
    assert "No runs yet" not in markdown(app)
    words = [one.value for one in app.caption]
    assert any("to see their curves over one another" in one for one in words)
    app.segmented_control(key="history_below").select("What differs").run()
    assert not app.exception
    assert any("two runs or more" in one.value for one in app.caption)
    app.segmented_control(key="history_below").select("Parallel coordinates").run()
    assert not app.exception
    assert any("All runs that are over" in one.value for one in app.caption)


def test_one_run_has_no_parallels(engine: StandIn) -> None:
    finished_run(engine.store)
    app = visit("history")
    app.segmented_control(key="history_below").select("Parallel coordinates").run()
    assert any("Two runs that are over" in one.value for one in app.caption)


def test_a_run_is_named_and_noted(engine: StandIn, session: SimpleNamespace) -> None:
    run = finished_run(engine.store)
    history_view.act("describe", [run], {"name": " The first ", "note": "why not"})
    assert (engine.store.run(run).name, engine.store.run(run).note) == ("The first", "why not")
    history_view.act("describe", ["nobody"], {"name": "x"})
    assert "There is no run 'nobody'" in session.session_state["history_problem"]


def test_runs_are_deleted_unless_they_are_under_way(
    engine: StandIn,
    session: SimpleNamespace,
) -> None:
    done, busy = finished_run(engine.store), begun_run(engine.store, done=1)
    studio.set_run(done)
    history_view.act("delete", [done, busy], {})
    assert [run.id for run in engine.store.runs()] == [busy]
    assert session.session_state["history_word"] == "1 run deleted."
    assert "stop it first" in session.session_state["history_problem"]
    assert studio.current_run() is None


def test_a_run_is_opened_and_its_design_taken(engine: StandIn, session: SimpleNamespace) -> None:
    run = finished_run(engine.store, parameters={**DNN, "hidden": [7]})
    history_view.act("open", [run], {})
    assert studio.current_run() == run
    assert session.session_state["history_going"] == "train.py"
    history_view.act("design", [run], {})
    assert studio.current_design() == Design.from_template("dnn", **DNN, hidden=[7])
    assert session.session_state["history_going"] == "design.py"
    assert studio.undoes() == f"Took the design of {run}"
