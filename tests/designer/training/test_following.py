"""A run that is followed: nothing twice, nothing lost, whatever happens to it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from designer.errors import RunError
from designer.training import RunStore
from designer.training.curves_csv import curves_csv
from designer.training.following import FollowedRun, Followers
from designer.training.runs import BATCH, MetricPoint
from designer.training.store import NewPoint
from tests.components.runs import append, begun_run, finished_run


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunStore]:
    monkeypatch.setenv("MODEL_DESIGNER_HOME", str(tmp_path))
    made = RunStore(f"sqlite:///{tmp_path / 'runs.sqlite'}")
    yield made
    made.close()


def test_each_look_adds_what_is_new(store: RunStore) -> None:
    run = begun_run(store)
    shown = FollowedRun(store, run)
    for first in range(1, 40, 7):
        append(store, run, range(first, first + 7))
        assert shown.look().progress.step == first + 6
    assert list(shown.batch.step) == list(range(1, 43))
    assert list(shown.epoch.epoch) == [1, 2, 3, 4]
    points = store.metrics(run)
    kept = shown.points()
    assert [(p.step, p.kind, p.values) for p in kept] == [
        (p.step, p.kind, p.values) for p in points
    ]


def test_points_made_again_after_a_checkpoint_replace_the_old_ones(store: RunStore) -> None:
    run = begun_run(store, done=2.5)
    shown = FollowedRun(store, run)
    shown.look()
    before = shown.generation
    store.add_event(run, "recovered", 25, 3)
    store.forget_after(run, 22, 3)
    shown.look()
    assert list(shown.batch.step) == list(range(1, 23))
    # More is written than was forgotten, before anybody looks again.
    store.forget_after(run, 20, 3)
    append(store, run, range(30, 50))
    shown.look()
    assert list(shown.batch.step) == [*range(1, 21), *range(30, 50)]
    assert list(shown.batch.step) == [p.step for p in store.metrics(run, kind=BATCH)]
    assert shown.generation != before


def test_the_time_of_a_pause_is_left_out(store: RunStore) -> None:
    run = begun_run(store)
    shown = FollowedRun(store, run)
    begun = store.events(run)[0].made
    shown.events = [*store.events(run)]
    paused = replace(shown.events[0], kind="paused", made=begun + 3.5)
    shown._standstills = [paused.made]
    moments = [1.0, 3.0, 103.0, 104.0]
    shown._append(
        MetricPoint(n + 1, n + 1, 1, BATCH, {"loss": 1.0}, begun + moment)
        for n, moment in enumerate(moments)
    )
    assert [round(second, 3) for second in shown.batch.seconds] == [1.0, 3.0, 3.0, 4.0]


def test_a_look_may_be_shared(store: RunStore) -> None:
    run = begun_run(store, done=1)
    shown = FollowedRun(store, run)
    shown.look()
    append(store, run, range(11, 13))
    shown.look(not_within=60)
    assert len(shown.batch) == 10
    shown.look()
    assert len(shown.batch) == 12


def test_a_run_that_goes_on_after_its_end_is_read_on(store: RunStore) -> None:
    run = finished_run(store)
    shown = FollowedRun(store, run)
    shown.look()
    shown.look()
    assert len(shown.epoch) == 3
    store.move(run, ["finished"], "running")
    append(store, run, range(31, 41))
    shown.look()
    assert len(shown.epoch) == 4


def test_figures_that_come_later_have_gaps_before(store: RunStore) -> None:
    run = begun_run(store)
    store.record(run, [NewPoint(1, 1, "batch", {"loss": 1.0})])
    store.record(run, [NewPoint(2, 1, "batch", {"loss": 0.5, "auc": 0.7})])
    shown = FollowedRun(store, run)
    shown.look()
    assert math.isnan(shown.batch.values["auc"][0])
    assert shown.batch.part(0, 2)["values"] == {"loss": [1.0, 0.5], "auc": [None, 0.7]}


def test_a_run_that_is_not_there_is_told(store: RunStore) -> None:
    with pytest.raises(RunError, match="no run 'nobody'"):
        Followers(store).follow("nobody")
    run = begun_run(store)
    shown = Followers(store).follow(run)
    store.move(run, ["running"], "finished")
    store.delete(run)
    with pytest.raises(RunError, match="no run"):
        shown.look()


def test_those_looked_at_last_are_kept(store: RunStore) -> None:
    followers = Followers(store, most=2)
    a, b, c = (begun_run(store) for _ in range(3))
    first = followers.follow(a)
    followers.follow(b)
    assert followers.follow(a) is first
    followers.follow(c)
    assert followers.follow(a) is first
    assert list(followers._kept) == [c, a]


def test_the_curves_as_a_file(store: RunStore) -> None:
    run = begun_run(store)
    store.record(
        run,
        [
            NewPoint(1, 1, "batch", {"loss": 0.1 + 0.2}),
            NewPoint(2, 1, "epoch", {"loss": 0.25, "val_loss": math.nan}),
        ],
    )
    shown = FollowedRun(store, run)
    shown.look()
    lines = curves_csv([shown]).splitlines()
    assert lines[0] == "run,kind,step,epoch,seconds,loss,val_loss"
    assert lines[1].split(",")[:4] == [run, "batch", "1", "1"]
    assert lines[1].endswith(",0.30000000000000004,")
    assert lines[2].endswith(",0.25,")
