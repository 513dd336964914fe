"""The newest figures of a run."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from components.run_head import head_data
from designer.training import RunStore
from designer.training.following import FollowedRun
from designer.training.store import NewPoint
from tests.components.runs import append, begun_run, finished_run


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunStore]:
    monkeypatch.setenv("MODEL_DESIGNER_HOME", str(tmp_path))
    made = RunStore(f"sqlite:///{tmp_path / 'runs.sqlite'}")
    yield made
    made.close()


def tiles(store: RunStore, run: str) -> dict[str, tuple[str, str]]:
    shown = FollowedRun(store, run)
    shown.look()
    return {tile["label"]: (tile["value"], tile["detail"]) for tile in head_data(shown)["tiles"]}


def test_a_run_under_way_shows_the_epoch_so_far_and_the_last_validation(store: RunStore) -> None:
    run = begun_run(store, done=2)
    append(store, run, [21])
    store.record(run, best_epoch=1)
    found = tiles(store, run)
    assert list(found) == ["Loss", "Loss, validation", "Accuracy", "Accuracy, validation"]
    assert found["Loss"] == (f"{2 * math.exp(-21 / 40):#.4g}", "")
    best = f"best: {2 * math.exp(-10 / 40) + 0.1:#.4g}, epoch 1"
    assert found["Loss, validation"] == (f"{2 * math.exp(-20 / 40) + 0.1:#.4g}", best)
    assert found["Accuracy, validation"][1] == ""


def test_a_finished_run_shows_its_test_first(store: RunStore) -> None:
    found = tiles(store, finished_run(store))
    assert found["Loss, test"][0] == "0.6000"
    assert found["Accuracy, test"][0] == "75.0%"


def test_what_is_not_a_number_is_said(store: RunStore) -> None:
    run = begun_run(store)
    assert tiles(store, run) == {}
    store.record(run, [NewPoint(1, 1, "batch", {"loss": math.nan})])
    assert tiles(store, run) == {"Loss": ("not a number", "")}
