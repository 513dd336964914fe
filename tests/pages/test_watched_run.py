"""A run on the Train page: how it goes, what it became, and what a person asks of it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from components import run_controls, studio
from designer import Design
from designer.evaluating.results import Subject, write_results
from designer.training import RunStore, TrainingSettings
from designer.training.runs import Progress
from designer.training.store import NewPoint
from tests.components.runs import begun_run
from tests.components.sessions import session_of
from tests.pages.standin import StandIn
from tests.pages.visiting import button, markdown, visit


def finished_run(store: RunStore, template: str, dataset: str, **parameters: Any) -> str:
    """Put a run into the store as a worker would have left it."""
    design = Design.from_template(template, **parameters)
    run = store.create(design, TrainingSettings(dataset, epochs=2)).id
    store.claim(run)
    store.mark_running(run, 20, {})
    points = [
        NewPoint(5, 1, "batch", {"loss": 2.0, "accuracy": 0.2}),
        NewPoint(10, 1, "epoch", {"loss": 1.0, "accuracy": 0.5, "val_loss": 1.1}),
        NewPoint(20, 2, "epoch", {"loss": 0.5, "accuracy": 0.8, "val_loss": float("nan")}),
    ]
    store.record(run, points, Progress(2, 2, 20, 20, 65.0, 0.1))
    store.end(run, "finished", metrics={"loss": 0.5, "test_loss": 0.6, "test_accuracy": 0.75})
    return run


def test_a_finished_run_shows_its_figures_and_examples(engine: StandIn) -> None:
    run = finished_run(engine.store, "dnn", "iris", input_shape=[4], task="multiclass", classes=3)
    labels = np.eye(3, dtype="float32")[[0, 1, 2]]
    outputs = np.array([[0.9, 0.05, 0.05], [0.1, 0.8, 0.1], [0.7, 0.2, 0.1]], "float32")
    features = np.ones((3, 4), "float32")
    names = (("setosa", "versicolor", "virginica"),)
    about = Subject("multiclass", "Iris", False, None, names, ("species",), ("a", "b", "c", "d"))
    write_results(run, about, np.arange(3), features, labels, [outputs])
    app = visit("train", template="dnn", run=run)
    app.segmented_control(key="run_tab").select("Result").run()
    assert not app.exception
    assert "2 of 3" in markdown(app)


def test_a_run_without_predictions_says_so(engine: StandIn) -> None:
    app = visit("train", run=finished_run(engine.store, "cnn", "mnist_5k"), template="cnn")
    app.segmented_control(key="run_tab").select("Result").run()
    assert any("has kept" in one.value for one in app.info)


def test_a_failed_run_says_why(engine: StandIn) -> None:
    run = engine.store.create(Design.from_template("cnn"), TrainingSettings("mnist_5k")).id
    engine.store.claim(run)
    engine.store.end(run, "failed", reason="The disk is full.")
    app = visit("train", template="cnn", run=run)
    assert app.error[0].value == "The disk is full."


def test_a_diverged_run_is_told_once(engine: StandIn) -> None:
    run = begun_run(engine.store, done=2)
    figures = {"loss": float("nan"), "accuracy": 0.1}
    engine.store.record(run, [NewPoint(21, 3, "batch", figures)])
    reason = "The loss stopped being a number at step 21 (epoch 3): training diverged."
    engine.store.end(run, "failed", reason=reason)
    app = visit("train", template="dnn", run=run)
    assert not app.error
    assert markdown(app).count("step 21") == 1
    app.segmented_control(key="run_tab").select("Result").run()
    assert app.error[0].value == reason, "where nothing else tells it"


def test_a_run_says_where_its_figures_go_too(engine: StandIn) -> None:
    run = begun_run(engine.store, done=2, tensorboard=True, mlflow=True)
    engine.store.add_event(run, "sink_failed", reason="MLflow takes no more figures: no answer")
    app = visit("train", template="dnn", run=run)
    captions = [one.value for one in app.caption]
    assert any("tensorboard --logdir" in words for words in captions)
    assert any("mlflow server --backend-store-uri" in words for words in captions)
    assert app.warning[-1].value == "MLflow takes no more figures: no answer"


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch, engine: StandIn) -> SimpleNamespace:
    """A session whose buttons are pressed by calling what they call."""
    return session_of(monkeypatch, run_controls, studio)


def test_what_the_buttons_ask_for(engine: StandIn, session: SimpleNamespace) -> None:
    run = begun_run(engine.store, done=2)
    ask = run_controls.ask_of_run
    ask(run, "pause")
    assert engine.store.run(run).state == "pausing"
    ask(run, "resume")
    assert engine.store.run(run).state == "running"
    ask(run, "one_epoch")
    assert engine.store.run(run).pause_after == 2
    ask(run, "stop")
    assert engine.store.run(run).state == "stopping"
    ask(run, "delete everything")
    ask(None, "stop")
    assert not session.session_state.get("run_problem")

    finished = begun_run(engine.store, done=10)
    engine.store.end(finished, "finished")
    ask(finished, "resume")
    assert "has finished all its 10 epochs" in session.session_state["run_problem"]
    ask("nobody", "stop")
    assert "There is no run 'nobody'" in session.session_state["run_problem"]


def test_a_run_starts_again_with_the_same_design_and_settings(
    engine: StandIn, session: SimpleNamespace
) -> None:
    run = begun_run(engine.store, done=2, seed=7, learning_rate=0.01)
    run_controls.ask_of_run(run, "again")
    again, first = engine.store.runs()
    assert (again.design, again.settings) == (first.design, first.settings)
    assert again.settings["seed"] == 7
    assert studio.current_run() == again.id


def test_a_run_nobody_looked_into_starts_again_with_a_look_inside(engine: StandIn) -> None:
    run = finished_run(engine.store, "dnn", "iris", classes=3, task="multiclass", input_shape=[4])
    app = visit("train", run=run, template="dnn")
    app.session_state["run_tab"] = "Layers"
    app.run()
    assert any("Nobody looked inside" in one.value for one in app.caption)
    button(app, "Start again and look inside").click().run()
    assert not app.exception
    again, first = engine.store.runs()
    assert (first.id, again.watch_layers, again.design) == (run, True, first.design)
    assert app.session_state["run"] == again.id


def test_settings_are_changed_while_it_goes_on(engine: StandIn) -> None:
    run = begun_run(engine.store, done=2)
    app = visit("train", template="dnn", input_shape="[4]", run=run)
    fields = {one.label: one for one in app.number_input if one.proto.form_id}
    assert fields["Epochs"].value == 10
    fields["Epochs"].set_value(12)
    fields["Learning rate"].set_value(0.0005)
    button(app, "Apply").click().run()
    assert not app.exception
    settings = engine.store.run(run).settings
    assert (settings["epochs"], settings["learning_rate"]) == (12, 0.0005)
    assert engine.store.events(run)[-1].details == {"learning_rate": 0.0005, "epochs": 12}
    fields = {one.label: one for one in app.number_input if one.proto.form_id}
    assert fields["Epochs"].value == 12
    fields["Epochs"].set_value(1)
    button(app, "Apply").click().run()
    assert "epoch 2 is under way; 2 or more work" in app.error[0].value
    assert engine.store.run(run).settings["epochs"] == 12


def test_what_one_run_refused_is_not_told_of_another(engine: StandIn) -> None:
    run, other = begun_run(engine.store, done=2), begun_run(engine.store, done=1)
    app = visit("train", template="dnn", input_shape="[4]", run=run)
    next(one for one in app.number_input if one.proto.form_id == f"change_form_{run}"
         and one.label == "Learning rate").set_value(0.0)  # fmt: skip
    button(app, "Apply").click().run()
    assert "learning_rate must be above 0" in app.error[0].value
    app.session_state["run"] = other
    app.run()
    assert not app.error


def test_a_run_that_is_not_here_is_told(engine: StandIn) -> None:
    app = visit("train", template="cnn", run="cnn-mnist_5k-zzzz")
    assert "There is no run 'cnn-mnist_5k-zzzz'" in app.warning[-1].value
