"""What the curves send to the page: new points only, thinned where nobody could see them."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from components.curve_words import event_words, title
from components.curves import Curve, curves_data, metric_names
from designer.training import RunStore
from designer.training.following import MOST_POINTS, FollowedRun
from designer.training.runs import Event
from designer.training.store import NewPoint
from tests.components.runs import append, begun_run, finished_run


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunStore]:
    monkeypatch.setenv("MODEL_DESIGNER_HOME", str(tmp_path))
    made = RunStore(f"sqlite:///{tmp_path / 'runs.sqlite'}")
    yield made
    made.close()


def followed(store: RunStore, run: str) -> FollowedRun:
    made = FollowedRun(store, run)
    made.look()
    return made


def sent(shown: FollowedRun, ask: Any = None) -> dict[str, Any]:
    data = curves_data([Curve(shown)], ask)
    json.dumps(data, allow_nan=False)
    return data["runs"][0]


def having(message: dict[str, Any], **more: Any) -> dict[str, Any]:
    """What a page says that has taken a message."""
    have = {message["id"]: [message["generation"], *message["upto"]]}
    return {"number": 1, "have": have, **more}


def test_a_page_without_points_is_sent_all_and_then_only_new_ones(store: RunStore) -> None:
    run = begun_run(store, done=2)
    shown = followed(store, run)
    first = sent(shown)
    assert first["after"] == [0, 0]
    assert first["upto"] == [20, 2]
    assert first["batch"]["step"] == list(range(1, 21))
    assert first["epoch"]["epoch"] == [1, 2]
    assert first["stepsPerEpoch"] == 10
    assert first["bestEpoch"] == 2

    append(store, run, range(21, 24))
    shown.look()
    more = sent(shown, having(first))
    assert (more["after"], more["upto"]) == ([20, 2], [23, 2])
    assert more["batch"]["step"] == [21, 22, 23]
    assert more["epoch"]["step"] == []
    nothing = sent(shown, having(more))
    assert nothing["batch"] == {
        "step": [], "epoch": [], "seconds": [], "values": {"loss": [], "accuracy": []},
    }  # fmt: skip


@pytest.mark.parametrize(
    "ask",
    [
        None,
        "all",
        {"have": 3, "window": "wide"},
        {"have": {"RUN": ["GENERATION", -1, 0]}},
        {"have": {"RUN": ["GENERATION", 10_000, 0]}},
        {"have": {"RUN": ["another", 20, 2]}, "window": [5, 5]},
        {"have": {"RUN": ["GENERATION", "20", 2]}, "number": "one", "window": [None, 3]},
    ],
)
def test_what_a_page_cannot_have_is_sent_anew(store: RunStore, ask: Any) -> None:
    shown = followed(store, begun_run(store, done=2))
    if isinstance(ask, dict) and isinstance(ask.get("have"), dict):
        (held,) = ask["have"].values()
        held = [shown.generation if part == "GENERATION" else part for part in held]
        ask = {**ask, "have": {shown.run.id: held}}
    message = sent(shown, ask)
    assert message["after"] == [0, 0]
    assert len(message["batch"]["step"]) == 20


def test_many_points_are_thinned_without_losing_a_peak(store: RunStore) -> None:
    run = begun_run(store, epochs=1, steps=50_000)
    points = [NewPoint(n, 1, "batch", {"loss": 1 / n}) for n in range(1, 50_001)]
    points[31_234] = NewPoint(31_235, 1, "batch", {"loss": 77.0})
    points[40_000] = NewPoint(40_001, 1, "batch", {"loss": math.nan})
    store.record(run, points)
    shown = followed(store, run)
    message = sent(shown)
    steps, losses = message["batch"]["step"], message["batch"]["values"]["loss"]
    assert 500 < len(steps) <= MOST_POINTS + 100
    assert steps == sorted(set(steps))
    assert (steps[0], steps[-1]) == (1, 50_000)
    assert losses[steps.index(31_235)] == 77.0
    assert losses[steps.index(40_001)] is None
    assert message["upto"] == [50_000, 0]
    assert "detail" not in message

    near = sent(shown, having(message, window=[31_000.5, 31_500]))["detail"]
    assert near["window"] == [31_000.5, 31_500]
    assert near["batch"]["step"] == list(range(31_000, 31_502))


def test_a_page_that_was_away_for_long_is_sent_all_thinned(store: RunStore) -> None:
    run = begun_run(store, epochs=1, steps=100_000, done=0)
    append(store, run, range(1, 11), steps=100_000, epochs=1)
    shown = followed(store, run)
    first = sent(shown)
    append(store, run, range(11, 5_000), steps=100_000, epochs=1)
    shown.look()
    message = sent(shown, having(first))
    assert message["after"] == [0, 0]
    assert len(message["batch"]["step"]) <= MOST_POINTS


def test_the_loss_comes_first_and_heads_have_no_losses_of_their_own(store: RunStore) -> None:
    run = begun_run(store)
    values = {"outputs1_accuracy": 1.0, "outputs1_loss": 1.0, "loss": 1.0, "val_auc": 0.5}
    store.record(run, [NewPoint(1, 1, "epoch", values)])
    assert metric_names([followed(store, run)]) == ["loss", "outputs1_accuracy", "auc"]
    assert metric_names([]) == []


def test_several_runs_share_what_is_sent(store: RunStore) -> None:
    shown = [Curve(followed(store, finished_run(store)), f"run {n}") for n in range(3)]
    data = curves_data(shown, None, metric="loss")
    assert [run["label"] for run in data["runs"]] == ["run 0", "run 1", "run 2"]
    assert data["metric"] == "loss"
    assert data["titles"] == {"loss": "Loss", "accuracy": "Accuracy"}
    assert not data["live"]


@pytest.mark.parametrize(
    ("kind", "details", "words"),
    [
        ("paused", {}, "Paused"),
        ("recovered", {"attempt": 1}, "Taken up again after its worker was gone"),
        ("learning_rate", {"learning_rate": 0.0005}, "Learning rate 0.0005"),
        ("changed", {"epochs": 20, "early_stopping": 5},
         "Changed: epochs 20, early stop after 5 epochs"),
        ("changed", {"early_stopping": None}, "Changed: no early stop"),
        ("changed", {"learning_rate": None}, "Changed: the optimizer's own learning rate"),
        ("early_stop", {}, "Early stop"),
        ("started", {}, ""),
        ("of a later version", {}, ""),
    ],
)  # fmt: skip
def test_events_are_told_in_words(kind: str, details: dict[str, Any], words: str) -> None:
    assert event_words(Event(1, kind, 5, 1, details, 0.0)) == words


def test_names_are_written_for_people() -> None:
    assert title("outputs1_accuracy") == "Outputs1 accuracy"
    assert title("mae") == "Mean absolute error"
    assert title("auc") == "AUC"
