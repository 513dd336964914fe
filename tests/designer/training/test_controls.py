"""Stop, pause, resume, one epoch, changes: asked of real runs, and heard in time."""

from __future__ import annotations

import time

import numpy as np
import pytest

from designer.design import Design
from designer.engine import LocalEngine
from designer.errors import RunError
from designer.evaluating import load_results
from designer.paths import run_folder
from designer.training import (
    Augmentation,
    SettingsError,
    TrainingSettings,
    change_settings,
    request_one_epoch,
    request_pause,
    request_resume,
    request_stop,
)
from designer.training.layer_store import snapshots
from tests.designer.training.real import CNN, DNN, ENDLESS, end, steps_of, wait

pytestmark = pytest.mark.keras

SOON = 2.0
"""Twice the promised second, as other tests may have the processors."""


def test_stop_is_heard_at_once_and_keeps_model_and_figures(engine: LocalEngine) -> None:
    store = engine.store
    run, waiting = engine.train(CNN, ENDLESS), engine.train(CNN, ENDLESS)
    wait(store, run, lambda known: known.progress.epoch >= 2)
    assert store.run(waiting).state == "queued", "one run at a time: the other waits its turn"
    assert request_stop(store, waiting).state == "stopped"
    asked = time.monotonic()
    assert request_stop(store, run).state == "stopping"
    known = wait(store, run, lambda known: known.state == "stopped")
    assert time.monotonic() - asked < SOON
    known = end(store, run, seconds=20)
    assert known.result == "ready"
    assert known.metrics["test_accuracy"] > 0.5
    assert known.metrics["val_accuracy"] > 0.5
    last = store.metrics(run)[-1].values["loss"]
    assert known.metrics["loss"] == pytest.approx(last, rel=0.5), "that of the last epoch"
    assert (run_folder(run) / "model.keras").exists()
    assert len(load_results(run)) == 750
    assert store.metrics(waiting) == []
    assert request_stop(store, run).state == "stopped", "asking twice changes nothing"
    with pytest.raises(RunError, match="is stopped: it cannot be paused"):
        request_pause(store, run)


def test_a_run_pauses_in_mid_epoch_and_goes_on_as_if_nothing_had_been(
    engine: LocalEngine,
) -> None:
    store = engine.store
    settings = TrainingSettings("mnist_5k", epochs=8, seed=5, batch_size=16)
    design = CNN.replace(dropout=0.3)
    untouched = engine.train(design, settings)
    end(store, untouched)
    run = engine.train(design, settings)
    wait(store, run, lambda known: known.progress.epoch >= 2)
    asked = time.monotonic()
    assert request_pause(store, run).state in ("pausing", "paused")
    paused = wait(store, run, lambda known: known.state == "paused")
    assert time.monotonic() - asked < SOON
    time.sleep(0.6)
    assert store.run(run).progress == paused.progress, "nothing goes on in a pause"
    asked = time.monotonic()
    assert request_resume(store, run).state == "running"
    wait(store, run, lambda known: known.progress.step > paused.progress.step)
    assert time.monotonic() - asked < SOON

    # Once more, and this time its worker is needed elsewhere: it goes on in another.
    request_pause(store, run)
    wait(store, run, lambda known: known.state == "paused")
    other = engine.train(DNN, TrainingSettings("diabetes", epochs=2))
    assert end(store, other).state == "finished"
    assert store.run(run).process is None
    request_resume(store, run)
    assert end(store, run).state == "finished"

    kinds = [event.kind for event in store.events(run)]
    assert kinds == ["started", "paused", "resumed", "paused", "resumed", "finished"]
    steps = steps_of(store, run)
    assert steps == sorted(set(steps)), "no point twice, none out of order"
    curve = [point.values for point in store.metrics(run, kind="epoch")]
    expected = [point.values for point in store.metrics(untouched, kind="epoch")]
    assert curve == expected, "as if it had never been paused"
    ours = np.load(run_folder(run) / "checkpoint.npz")
    theirs = np.load(run_folder(untouched) / "checkpoint.npz")
    for name in theirs.files:
        if name.startswith("now_"):
            np.testing.assert_array_equal(ours[name], theirs[name])


def test_one_epoch_at_a_time(engine: LocalEngine) -> None:
    store = engine.store
    run = engine.train(CNN, TrainingSettings("mnist_5k", epochs=8))
    wait(store, run, lambda known: known.progress.epoch >= 1)
    request_one_epoch(store, run)
    first = wait(store, run, lambda known: known.state == "paused")
    done = len(store.metrics(run, kind="epoch"))
    assert first.progress.step == done * 110
    request_one_epoch(store, run)
    wait(
        store,
        run,
        lambda known: known.state == "paused" and known.progress.step > first.progress.step,
    )
    assert len(store.metrics(run, kind="epoch")) == done + 1
    request_pause(store, run)
    request_stop(store, run)
    known = end(store, run)
    assert (known.state, known.result) == ("stopped", "ready")
    assert "test_accuracy" in known.metrics


def test_a_large_network_can_be_stopped_while_it_is_still_being_built(
    engine: LocalEngine,
) -> None:
    store = engine.store
    design = Design.from_template("resnet50", input_shape=[64, 64, 3], classes=10)
    run = engine.train(design, TrainingSettings("mnist_5k", epochs=2))
    wait(store, run, lambda known: known.state == "running")
    assert not store.run(run).progress.step, "it was too quick for this test"
    asked = time.monotonic()
    request_stop(store, run)
    known = wait(store, run, lambda known: known.is_over)
    assert time.monotonic() - asked < SOON
    assert (known.state, known.reason) == ("stopped", "Stopped before its first step.")
    next_one = engine.train(DNN, TrainingSettings("diabetes", epochs=2))
    assert end(store, next_one).state == "finished", "another worker takes the next"


def test_settings_change_under_way(engine: LocalEngine) -> None:
    store = engine.store
    run = engine.train(CNN, ENDLESS)
    wait(store, run, lambda known: known.progress.epoch >= 2)
    change_settings(store, run, learning_rate=1e-9)
    heard = store.run(run).progress.epoch + 1
    wait(store, run, lambda known: known.progress.epoch > heard + 2)
    frozen = [p.values["val_loss"] for p in store.metrics(run, kind="epoch") if p.epoch > heard]
    assert frozen[0] == pytest.approx(frozen[-1], rel=1e-3), "it hardly moves any more"
    last = store.run(run).progress.epoch + 3
    with pytest.raises(SettingsError, match="is under way"):
        change_settings(store, run, epochs=1)
    with pytest.raises(SettingsError, match="batch_size cannot be changed"):
        change_settings(store, run, batch_size=1)
    assert change_settings(store, run, epochs=last).progress.steps == last * 110
    known = end(store, run)
    assert (known.state, known.progress.epoch) == ("finished", last)
    assert known.settings["learning_rate"] == 1e-9
    changed = [event.details for event in store.events(run) if event.kind == "changed"]
    assert changed == [{"learning_rate": 1e-9}, {"epochs": last}]
    with pytest.raises(RunError, match="has finished all"):
        request_resume(store, run)

    change_settings(store, run, epochs=last + 2, learning_rate=1e-3, early_stopping=99)
    request_resume(store, run)
    known = end(store, run)
    assert known.progress.epoch == last + 2
    epochs = [point.epoch for point in store.metrics(run, kind="epoch")]
    assert epochs == list(range(1, last + 3))


def test_early_stopping_keeps_the_best(engine: LocalEngine) -> None:
    design = Design.from_template(
        "dnn", input_shape=[4], hidden=[256, 256], task="multiclass", classes=3
    )
    settings = TrainingSettings(
        "iris", epochs=2000, batch_size=8, early_stopping=5, keep="best", learning_rate=0.01
    )
    known = end(engine.store, engine.train(design, settings))
    assert known.state == "finished"
    points = engine.store.metrics(known.id, kind="epoch")
    losses = [point.values["val_loss"] for point in points]
    best = losses.index(min(losses)) + 1
    assert known.best_epoch == best == len(losses) - 5
    assert known.reason is not None
    assert f"did not improve for 5 epochs (best in epoch {best})" in known.reason
    assert known.metrics["val_loss"] == pytest.approx(min(losses), rel=1e-5), "the model kept"
    (event,) = [one for one in engine.store.events(known.id) if one.kind == "early_stop"]
    assert (event.epoch, event.details["best_epoch"]) == (len(losses), best)
    folder = run_folder(known.id)
    import keras

    ours = keras.models.load_model(folder / "model.keras")
    last = keras.models.load_model(folder / "model-last.keras")
    assert not np.array_equal(ours.get_weights()[0], last.get_weights()[0])
    assert float(ours.optimizer.learning_rate) == pytest.approx(0.01)


def test_layers_are_looked_into_while_somebody_wants_to_see(engine: LocalEngine) -> None:
    store = engine.store
    run = engine.train(CNN, ENDLESS)
    wait(store, run, lambda known: known.progress.epoch >= 1)
    time.sleep(0.5)
    assert snapshots(store, run) == [], "nobody asked"
    store.watch_layers(run, True)
    deadline = time.monotonic() + 30
    while len(snapshots(store, run)) < 2 and time.monotonic() < deadline:
        time.sleep(0.1)
    first, second = snapshots(store, run)[:2]
    assert second.step > first.step
    assert first.layers[0].class_name == "Conv2D"
    request_stop(store, run)
    end(store, run)


def test_a_large_network_can_be_stopped_while_it_is_first_looked_into(
    engine: LocalEngine,
) -> None:
    store = engine.store
    design = Design.from_template("resnet34", input_shape=[28, 28, 1], classes=10)
    run = engine.train(design, TrainingSettings("mnist_5k", epochs=2, batch_size=2))
    wait(store, run, lambda known: known.progress.step > 3)
    checkpoint, wanted = run_folder(run) / "checkpoint.npz", time.time()
    store.watch_layers(run, True)
    # One is made just before the look.
    wait(store, run, lambda known: checkpoint.exists() and checkpoint.stat().st_mtime > wanted)
    assert snapshots(store, run) == []
    asked = time.monotonic()
    request_stop(store, run)
    known = wait(store, run, lambda known: known.is_over)
    assert time.monotonic() - asked < SOON
    assert (known.state, known.reason) == ("stopped", "Stopped on request in epoch 1.")
    assert snapshots(store, run) == [], "it was too quick for this test"
    known = wait(store, run, lambda known: known.is_complete)
    assert "test_accuracy" in known.metrics, known.result


def test_the_last_look_is_at_the_layers_as_they_are_kept(engine: LocalEngine) -> None:
    store = engine.store
    blocker = engine.train(CNN, ENDLESS)
    run = engine.train(CNN, ENDLESS.replace(epochs=2))
    store.watch_layers(run, True)  # before it begins
    request_stop(store, blocker)
    known = end(store, run)
    assert known.state == "finished"
    assert snapshots(store, run)[-1].step == known.progress.step


def test_varied_pictures_are_learned_from_and_the_same_again(engine: LocalEngine) -> None:
    store = engine.store
    settings = TrainingSettings(
        "mnist_5k", epochs=3, augmentation=Augmentation(rotation=15, translation=0.1)
    )
    plain = end(store, engine.train(CNN, settings.replace(augmentation=Augmentation())))
    varied, again = (end(store, engine.train(CNN, settings)) for _ in range(2))
    losses = [
        [point.values["loss"] for point in store.metrics(run.id, kind="epoch")]
        for run in (plain, varied, again)
    ]
    assert losses[1] == losses[2]
    assert losses[1][-1] > losses[0][-1], "varied pictures are harder"
    assert varied.metrics["test_accuracy"] > 0.85
