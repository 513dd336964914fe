"""Nothing is lost: workers and keepers are killed for real, disks fill up, data vanish."""

from __future__ import annotations

import psutil
import pytest

from designer.engine import LocalEngine
from designer.paths import run_folder
from designer.training import TrainingSettings, request_resume, request_stop
from tests.designer.training.real import CNN, DNN, end, keeper_of, kill, steps_of, wait

pytestmark = pytest.mark.keras

LONG = TrainingSettings("mnist_5k", epochs=30, seed=2)


def test_a_killed_worker_costs_its_run_nothing(engine: LocalEngine) -> None:
    store = engine.store
    untouched = engine.train(CNN, LONG)
    end(store, untouched)
    run, waiting = engine.train(CNN, LONG), engine.train(DNN, TrainingSettings("diabetes"))
    checkpoint = run_folder(run) / "checkpoint.npz"
    process = wait(store, run, lambda known: known.progress.step).process
    assert process is not None
    kill(process.pid)  # before its first checkpoint: it begins anew
    wait(store, run, lambda known: known.process not in (None, process) and checkpoint.exists())
    process = wait(store, run, lambda known: known.progress.step % 110).process
    assert process is not None
    kill(process.pid)  # in the middle of an epoch, after a checkpoint
    known = end(store, run)
    assert known.state == "finished", known.reason
    assert end(store, waiting).state == "finished"
    kinds = [event.kind for event in store.events(run)]
    assert kinds == ["started", "recovered", "started", "recovered", "resumed", "finished"]
    steps = steps_of(store, run)
    assert steps == sorted(set(steps)), "no point twice, none out of order"
    epochs = store.metrics(run, kind="epoch")
    assert [point.epoch for point in epochs] == list(range(1, 31)), "no gap"
    expected = [point.values for point in store.metrics(untouched, kind="epoch")]
    assert [point.values for point in epochs] == expected, "as if nobody had died"
    assert known.metrics == store.run(untouched).metrics


def test_a_killed_keeper_leaves_its_run_going_and_the_queue_goes_on(engine: LocalEngine) -> None:
    store = engine.store
    run, waiting = engine.train(CNN, LONG), engine.train(DNN, TrainingSettings("diabetes"))
    process = wait(store, run, lambda known: known.progress.step).process
    assert process is not None
    kill(keeper_of(process.pid))
    at_death = store.run(run).progress.step
    wait(store, run, lambda known: known.progress.step > at_death + 200)
    _ = engine.store  # a page looks at the store again
    assert store.run(run).process == process
    assert store.run(waiting).state == "queued", "the other still has the only place"
    assert end(store, run).state == "finished"
    assert end(store, waiting).state == "finished"
    assert [event.kind for event in store.events(run)] == ["started", "finished"]


def test_a_worker_that_dies_again_and_again_fails_its_run(engine: LocalEngine) -> None:
    store = engine.store
    run = engine.train(CNN, LONG)
    killed = [None]
    for _ in range(4):
        process = wait(
            store, run, lambda known: known.process not in killed and known.progress.step
        ).process
        assert process is not None
        kill(process.pid)
        killed.append(process)
    known = end(store, run, seconds=20)
    assert known.state == "failed"
    assert "killed 4 times" in (known.reason or "")
    assert "memory" in (known.reason or "")


def test_a_full_disk_fails_the_run_in_words_and_it_can_go_on_later(engine: LocalEngine) -> None:
    store = engine.store
    run = engine.train(CNN, LONG.replace(epochs=4))
    unfinished = run_folder(run) / "unfinished-checkpoint.npz"
    unfinished.symlink_to("/dev/full")  # a device on which every write finds the disk full
    known = end(store, run)
    assert known.state == "failed"
    assert "disk is full" in (known.reason or "")
    assert not unfinished.is_symlink(), "what was left half written is cleared away"
    request_resume(store, run)
    assert end(store, run).state == "finished"


def test_data_that_are_gone_fail_the_run_in_words(engine: LocalEngine) -> None:
    from sqlalchemy import create_engine, text

    store = engine.store
    blocker = engine.train(CNN, LONG)
    run = engine.train(DNN, TrainingSettings("diabetes"))
    with create_engine(store.address).begin() as connection:
        connection.execute(
            text(
                "UPDATE runs SET settings = replace(settings, 'diabetes', 'own-gone')"
                " WHERE id = :run"
            ),
            {"run": run},
        )
    request_stop(store, blocker)
    known = end(store, run)
    assert known.state == "failed"
    assert "data set own-gone is not here any more" in (known.reason or "")


def test_a_worker_without_memory_fails_its_run_in_words(engine: LocalEngine) -> None:
    store = engine.store
    blocker = engine.train(CNN, LONG)
    process = wait(store, blocker, lambda known: known.progress.step).process
    assert process is not None
    run = engine.train(CNN, LONG.replace(batch_size=3000))
    worker = psutil.Process(process.pid)
    size = worker.memory_info().vms
    worker.rlimit(psutil.RLIMIT_AS, (size, size))  # from here on it gets no more
    request_stop(store, blocker)
    known = end(store, run)
    if known.state == "finished":
        pytest.skip("the worker had memory enough set by")
    assert "memory" in (known.reason or ""), known.reason
