"""All runs at a glance."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event

from designer.training import RunStore
from designer.training.overview import design_words, settings_words
from tests.components.runs import begun_run, finished_run


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunStore]:
    monkeypatch.setenv("MODEL_DESIGNER_HOME", str(tmp_path))
    made = RunStore(f"sqlite:///{tmp_path / 'runs.sqlite'}")
    yield made
    made.close()


def test_it_says_what_the_runs_say(store: RunStore) -> None:
    finished_run(store)
    begun = begun_run(store, done=2, learning_rate=0.01)
    store.rename(begun, "Faster")
    store.annotate(begun, "ten times")
    found = store.overview()
    assert [one.id for one in found] == [run.id for run in store.runs()]
    for one, run in zip(found, store.runs(), strict=True):
        assert (one.name, one.note, one.title) == (run.name, run.note, run.title)
        assert (one.condition, one.complete) == (run.condition, run.is_complete)
        assert (one.design, one.settings) == (run.design, run.settings)
        assert (one.template, one.dataset) == (run.template, "iris")
        assert (one.epoch, one.epochs) == (run.progress.epoch, run.progress.epochs)
        assert (one.elapsed, one.best_epoch) == (run.progress.elapsed, run.best_epoch)
        assert one.metrics == run.metrics
        assert one.created == pytest.approx(run.created.timestamp())
    assert [one.id for one in store.overview([begun, "nobody"])] == [begun]


def test_it_asks_the_database_once(store: RunStore) -> None:
    for _ in range(3):
        finished_run(store)
    asked: list[str] = []
    event.listen(store._engine, "before_cursor_execute", lambda *of: asked.append(of[2]))
    assert len(store.overview()) == 3
    (statement,) = asked
    assert "metrics_of_run" not in statement
    assert "FROM runs" in statement


def test_a_run_whose_worker_is_gone_is_interrupted(store: RunStore) -> None:
    run = begun_run(store)
    store.record(run, pid=2**22 - 3, process_started=1.0)
    (found,) = store.overview()
    assert found.condition == "interrupted"
    assert not found.complete


def test_a_figure_that_is_not_a_number_is_none(store: RunStore) -> None:
    run = begun_run(store)
    store.end(run, "finished", metrics={"loss": math.nan, "test_loss": 0.5})
    (found,) = store.overview()
    assert found.figure("loss") is None
    assert found.figure("test_loss") == 0.5
    assert found.figure("accuracy") is None


def test_what_was_chosen_is_told_in_short(store: RunStore) -> None:
    parameters = {"input_shape": [4], "task": "multiclass", "classes": 3}
    usual, other = (
        store.run(begun_run(store, parameters={**parameters, **more}, **settings))
        for more, settings in (
            ({}, {}),
            ({"hidden": [64, 32], "dropout": 0.3}, {"learning_rate": 0.01, "clip_norm": 1.0}),
        )
    )
    assert design_words(json.dumps(usual.design)) == ""
    assert design_words(json.dumps(other.design)) == "hidden 64 and 32, dropout 0.3"
    assert settings_words(json.dumps(usual.settings)) == ""
    assert settings_words(json.dumps(other.settings)) == "learning rate 0.01, clip norm 1"


def test_a_design_of_another_time_is_no_accident() -> None:
    words = design_words(json.dumps({"template": "gone", "parameters": {}}))
    assert words.startswith("cannot be read any more")
