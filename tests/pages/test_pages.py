"""Every page as a script: what it shows for a design, a run, a link, and what a worker answers.

The engine is a stand-in that starts no process. What happens inside our own controls is seen by
the journeys in ``tests/browser``; a script's test cannot reach them.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from components import backend, data_view, run_controls, studio, training_form
from designer import Design
from designer.engine.export_queue import ExportQueue
from designer.errors import DesignerError
from designer.evaluating.results import Subject, write_results
from designer.importing import open_file
from designer.templates import templates
from designer.training import RunStore, TrainingSettings, check_run
from designer.training.runs import Progress
from designer.training.store import NewPoint
from tests.components.runs import begun_run
from tests.components.sessions import session_of
from tests.designer.importing.model_files import ODD, written

ROOT = Path(__file__).resolve().parents[2]
KERAS_SAYS = {
    "agrees": True,
    "total_params": 261,
    "layers": 4,
    "keras_version": "3.0",
    "differences": [],
    "summary_text": "Model: dnn",
}


class StandInLane:
    """Workers that do nothing: what is asked of them is answered by the test."""

    def __init__(self) -> None:
        self.tasks: list[tuple[dict[str, Any], Future[Any]]] = []

    def submit(
        self, job: str, arguments: dict[str, Any], timeout: float | None, begun: object = None
    ) -> Future[Any]:
        assert job == "export"
        future: Future[Any] = Future()
        self.tasks.append((arguments, future))
        return future

    def cancel(self, future: Future[Any]) -> None:
        if not future.cancel():
            future.set_exception(DesignerError("It was ended."))

    def rest(self) -> None: ...

    def close(self) -> None: ...


class StandIn:
    """An engine that writes down what it is asked, and answers what a test told it to."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.answers: dict[str, Any] = {}
        self.store = RunStore()
        self.exporter = StandInLane()

    @cached_property
    def exports(self) -> ExportQueue:
        return ExportQueue(cast(Any, self.exporter))

    def warm(self) -> None: ...

    def close(self) -> None: ...

    def submit(self, job: str, timeout: float | None = None, **arguments: Any) -> Future[Any]:
        self.asked.append((job, arguments))
        future: Future[Any] = Future()
        answer = self.answers.get(job)
        if isinstance(answer, Exception):
            future.set_exception(answer)
        elif answer is not None:
            future.set_result(answer)
        return future

    def train(self, design: Design, settings: TrainingSettings) -> str:
        check_run(design, settings)
        return self.store.create(design, settings).id


def forget_everything() -> None:
    for kept in (
        backend.engine,
        backend._checks,
        backend._followers,
        data_view._loads,
        training_form._estimates,
    ):
        kept.clear()


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[StandIn]:
    monkeypatch.setenv("MODEL_DESIGNER_HOME", str(tmp_path))
    forget_everything()
    made = StandIn()
    monkeypatch.setattr(backend, "LocalEngine", lambda: made)
    yield made
    forget_everything()
    made.exports.close()
    made.store.close()


def visit(page: str = "design", **query: str) -> AppTest:
    """Open a link to a page, as a new person."""
    app = AppTest.from_file(str(ROOT / "pages/navigation.py"), default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    if page != "design":
        app.switch_page(f"{page}.py")
    app.run()
    assert not app.exception
    return app


def markdown(app: AppTest) -> str:
    return "\n".join(one.value for one in app.markdown)


def button(app: AppTest, label: str) -> Any:
    return next(one for one in app.button if one.label == label)


def design_of(app: AppTest) -> Design:
    return app.session_state["studio_design"]


# --- Design -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(templates()))
def test_every_template_has_its_pages(engine: StandIn, name: str) -> None:
    app = visit(template=name)
    assert design_of(app) == Design.from_template(name)
    assert engine.asked == [("check", {"design": Design.from_template(name).to_dict()})]
    for page in ("train", "export"):
        app.switch_page(f"{page}.py").run()
        assert not app.exception
        assert design_of(app) == Design.from_template(name)


def test_choosing_a_template_writes_it_into_the_address(engine: StandIn) -> None:
    app = visit()
    app.selectbox(key="template_choice").select("resnet50").run()
    assert not app.exception
    assert app.query_params["template"] in ("resnet50", ["resnet50"])


def test_a_model_to_look_at_stands_in_the_designs_place_until_it_is_left(
    engine: StandIn, tmp_path: Path
) -> None:
    app = visit(template="dnn")
    app.session_state["studio_looked"] = open_file(written(tmp_path, ODD))
    app.run()
    assert not app.exception
    assert "1 of them is in no design of ours" in app.info[0].value
    assert not app.selectbox
    app.switch_page("export.py").run()  # the other pages go on with the design
    assert not app.exception
    assert design_of(app).template == "dnn"
    app.switch_page("design.py").run()
    button(app, "Back to DNN").click().run()
    assert not app.exception
    assert app.selectbox(key="template_choice").value == "dnn"


def test_what_keras_answers_is_told(engine: StandIn) -> None:
    engine.answers["check"] = KERAS_SAYS
    assert "tf.keras agrees:] 261 parameters in 4 layers" in markdown(visit(template="dnn"))

    engine.answers["check"] = KERAS_SAYS | {"agrees": False, "differences": ["hidden1: …"]}
    assert "differs] in 1 places" in markdown(visit(template="dnn", hidden="[3]"))

    engine.answers["check"] = DesignerError("The worker died.")
    app = visit(template="dnn", hidden="[4]")
    assert "could not be built.] The worker died." in markdown(app)
    engine.answers["check"] = KERAS_SAYS
    button(app, "Try again").click().run()
    assert "tf.keras agrees" in markdown(app)


def test_the_same_design_is_asked_about_once(engine: StandIn) -> None:
    engine.answers["check"] = KERAS_SAYS
    visit(template="dnn")
    visit(template="dnn")
    assert len(engine.asked) == 1


def test_a_design_that_cannot_be_built_is_not_sent_to_keras(engine: StandIn) -> None:
    app = visit(template="cnn", input_shape="[2,2,1]")
    assert engine.asked == []
    assert "once it can be built" in markdown(app)


# --- links ------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["design", "train", "export"])
@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"template": "resnet5"}, "There is no template 'resnet5'. Did you mean 'resnet50'?"),
        ({"filters": "64"}, "The link names no template"),
        ({"template": "dnn", "hidden": "many"}, "hidden: received 'many'"),
        ({"template": "dnn", "colour": "red"}, "colour: the template 'dnn' has no such parameter"),
    ],
)
def test_what_does_not_work_in_a_link_is_told(
    engine: StandIn, page: str, query: dict[str, str], message: str
) -> None:
    app = visit(page, **query)
    assert message in app.warning[0].value
    app.run()
    assert message in app.warning[0].value, "it stays until something is changed"


def test_what_was_wrong_with_a_link_goes_once_the_design_changes(engine: StandIn) -> None:
    app = visit(template="dnn", hidden="many")
    app.selectbox(key="template_choice").select("cnn").run()
    assert not app.warning


# --- Train ------------------------------------------------------------------------------------


def test_design_and_data_are_fitted_by_one_click(engine: StandIn) -> None:
    app = visit("train", template="cnn")
    assert "classes=26, and mnist_5k has 10" in app.warning[0].value
    assert button(app, "Train").disabled
    button(app, "Fit the design to the data").click().run()
    assert not app.exception
    assert not app.warning
    assert design_of(app) == Design.from_template("cnn", input_shape=[28, 28, 1], classes=10)
    assert not button(app, "Train").disabled


def test_a_template_is_offered_that_takes_a_table(engine: StandIn) -> None:
    app = visit("train", template="cnn")
    app.selectbox(key="train_dataset").select("iris").run()
    button(app, "Take DNN for these data").click().run()
    assert not app.exception
    design = design_of(app)
    assert (design.template, design["input_shape"], design["classes"]) == ("dnn", (4,), 3)


def test_a_run_starts_with_what_was_chosen(engine: StandIn) -> None:
    engine.answers["estimate"] = {"words": "about 2 s an epoch"}
    app = visit("train", template="dnn", input_shape="[10]")
    assert app.selectbox(key="train_dataset").value == "diabetes"
    assert "About 2 s an epoch on this machine." in "".join(one.value for one in app.caption)
    app.number_input[0].set_value(3).run()
    button(app, "Train").click().run()
    assert not app.exception
    (run,) = engine.store.runs()
    assert run.settings["epochs"] == 3
    assert app.segmented_control(key="run_tab").value == "Curves"
    assert app.query_params["run"] in (run.id, [run.id])


def test_a_press_counts_though_the_page_begins_anew_before_it_comes_to_the_button(
    engine: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = visit("train", template="dnn", input_shape="[10]")
    interruptions = iter([True])

    def interrupt() -> None:
        if next(interruptions, False):
            st.rerun()

    monkeypatch.setattr("components.owner.ask_owner", interrupt)
    button(app, "Train").click().run()
    assert next(interruptions, None) is None, "nothing was interrupted"
    (run,) = engine.store.runs()
    assert app.query_params["run"] in (run.id, [run.id])
    app.run()
    assert len(engine.store.runs()) == 1, "it counts once"


def test_the_targets_of_a_regression_can_be_left_as_they_are(engine: StandIn) -> None:
    engine.answers["estimate"] = {"words": "about 2 s an epoch"}
    app = visit("train", template="dnn", input_shape="[10]")

    def choices() -> list[Any]:
        return [one for one in app.selectbox if one.label == "Scaling of targets"]

    (targets,) = choices()
    assert targets.value == "auto"
    assert "data's own unit" in targets.help
    targets.select("none").run()
    app.run()
    assert any(one.label == "Data and seed •" for one in app.expander)
    button(app, "Train").click().run()
    assert not app.exception
    (run,) = engine.store.runs()
    assert run.settings["target_scaling"] == "none"
    app = visit("train", template="dnn", input_shape="[4]", task="binary")
    assert not choices()


def test_settings_that_make_no_sense_are_told(engine: StandIn) -> None:
    app = visit("train", template="dnn", input_shape="[10]")
    rate = next(one for one in app.number_input if one.label == "Learning rate")
    rate.set_value(0.0).run()
    assert "learning_rate must be above 0" in app.error[0].value
    assert button(app, "Train").disabled


def test_what_cannot_be_trained_is_refused_in_words(engine: StandIn) -> None:
    app = visit("train", template="dnn", input_shape="[10]", hidden="[65536,65536]")
    button(app, "Train").click().run()
    assert "4,295,819,265 parameters" in app.error[0].value
    assert engine.store.runs() == []


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


def test_a_page_opened_with_a_run_has_its_data_set_and_settings_in_the_form(
    engine: StandIn,
) -> None:
    run = begun_run(
        engine.store, parameters={"input_shape": [2], "task": "binary"}, dataset="two_moons",
        epochs=70, learning_rate=0.02, seed=9, validation=0.2, early_stopping=5, schedule="step",
        schedule_factor=0.001,
    )  # fmt: skip
    link = {"template": "dnn", "input_shape": "[2]", "task": "binary"}
    app = visit("train", run=run, **link)
    assert not app.exception
    assert app.selectbox(key="train_dataset").value == "two_moons"
    assert not app.warning
    values = {one.label: one.value for one in app.number_input if not one.proto.form_id}
    assert (values["Epochs"], values["Learning rate"], values["Seed"]) == (70, 0.02, 9)
    assert values["Stop early after … epochs without improvement"] == 5
    assert {one.label: one.value for one in app.slider}["Validation part"] == 20
    app.selectbox(key="train_dataset").select("circles").run()
    assert app.selectbox(key="train_dataset").value == "circles"
    assert visit("train", **link).selectbox(key="train_dataset").value == "breast_cancer"
    other = visit("train", run=run, template="cnn")
    assert other.selectbox(key="train_dataset").value == "mnist_5k", "it takes no such data"
    assert other.number_input(key="setting_epochs").value == 10
    gone = visit("train", run="dnn-iris-zzzz", **link)
    assert gone.selectbox(key="train_dataset").value == "breast_cancer"


@pytest.mark.parametrize("template", ["dnn", "cnn"])
def test_every_setting_can_be_changed_again_and_again(engine: StandIn, template: str) -> None:
    app = visit("train", template=template)
    app.selectbox(key="setting_schedule").select("plateau").run()
    numbers = [one.key for one in app.number_input]
    assert {"setting_epochs", "setting_learning_rate", "setting_schedule_factor"} <= {*numbers}
    for key in numbers:
        values = (0.25, 0.5, 0.75) if "factor" in key or "decay" in key else (11, 12, 13)
        for value in values:
            app.number_input(key=key).set_value(value).run()
            assert app.number_input(key=key).value == value, key
    for name, choices in {
        "schedule": ("step", "cosine", "plateau"), "keep": ("best", "last", "best"),
        "scaling": ("none", "normalise", "auto"), "monitor": ("loss", "val_loss", "loss"),
    }.items():  # fmt: skip
        for choice in choices:
            app.selectbox(key=f"setting_{name}").select(choice).run()
            assert app.selectbox(key=f"setting_{name}").value == choice
    for one in [one.key for one in app.slider if "setting" in one.key]:
        for value in (20, 25, 30):
            app.slider(key=one).set_value(value).run()
            assert app.slider(key=one).value == value
    assert not app.exception


def test_a_figure_that_is_watched_goes_with_the_task(engine: StandIn) -> None:
    app = visit("train", template="dnn", task="multiclass", input_shape="[13]", classes="3")
    app.selectbox(key="setting_monitor").select("val_accuracy").run()
    app.session_state["studio_design"] = Design.from_template("dnn")
    app.run()
    assert not app.exception
    assert app.selectbox(key="setting_monitor").value == "val_loss"


def test_a_run_that_is_not_here_is_told(engine: StandIn) -> None:
    app = visit("train", template="cnn", run="cnn-mnist_5k-zzzz")
    assert "There is no run 'cnn-mnist_5k-zzzz'" in app.warning[-1].value


def test_data_that_cannot_be_had_are_told(engine: StandIn) -> None:
    app = visit("train", template="cnn")
    engine.answers["dataset"] = DesignerError("There is no network.")
    app.selectbox(key="train_dataset").select("cifar10").run()
    assert not app.exception
    assert "There is no network." in [one.value for one in app.error]
    assert button(app, "Try again")


# --- Compare ----------------------------------------------------------------------------------


def test_with_nothing_to_compare_one_click_shows_what_it_is_for(engine: StandIn) -> None:
    app = visit("compare", template="resnet50")
    assert "What does a change cost" in markdown(app)
    assert button(app, "Your design against its template").disabled
    button(app, "v1 against v1.5 of ResNet50").click().run()
    assert not app.exception
    assert "the stride moves to the 3 × 3 convolution" in plain_markdown(app)
    assert app.query_params["template"] in ("resnet50", ["resnet50"])
    assert app.query_params["c2"] in (
        "template=resnet50&version=v1.5",
        ["template=resnet50&version=v1.5"],
    )


def plain_markdown(app: AppTest) -> str:
    return markdown(app).replace("\\", "")


def test_designs_are_added_named_moved_and_removed(engine: StandIn) -> None:
    app = visit("compare", template="cnn", hidden="[64]")
    button(app, "Your design against its template").click().run()
    assert "hidden layer 1: 512 → 64 units" in plain_markdown(app)
    app.selectbox(key="compare_choice").select("template:vgg16").run()
    app.button(key="compare_add").click().run()
    assert "template: CNN → VGG16" in plain_markdown(app)
    assert len(app.session_state["comparison_entries"]) == 3

    third = app.session_state["comparison_entries"][2].number
    app.text_input(key=f"compare_name_{third}").set_value("A [wide](x) one").run()
    assert "A [wide](x) one" in plain_markdown(app)
    assert "[wide](x)" not in markdown(app), "it is shown as it was written"

    app.button(key=f"compare_flag_{third}").click().run()
    assert not app.exception
    assert "template: VGG16 → CNN" in plain_markdown(app)
    assert app.query_params["base"] in ("C", ["C"])
    app.button(key=f"compare_arrow_back_{third}").click().run()
    assert app.query_params["base"] in ("B", ["B"])
    app.button(key=f"compare_delete_{third}").click().run()
    assert not app.exception
    assert "VGG16" not in plain_markdown(app)


def test_a_compared_design_is_opened_to_work_on(engine: StandIn) -> None:
    app = visit("compare", c1="template=cnn", c2="template=dnn&hidden=[3]")
    second = app.session_state["comparison_entries"][1].number
    app.button(key=f"compare_open_{second}").click().run()
    assert not app.exception
    assert design_of(app) == Design.from_template("dnn", hidden=[3])


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"c1": "template=resnet5"}, "Did you mean 'resnet50'"),
        ({"c1": "template=cnn&hidden=many", "c2": "template=cnn"}, "hidden: received 'many'"),
        ({"c1": "template=cnn", "base": "D"}, "base: received 'D'"),
        ({"c1": "%%%", "c3": "[1,2]"}, "Design 3 of the link could not be opened"),
    ],
)
def test_what_does_not_work_in_a_comparisons_link_is_told(
    engine: StandIn, query: dict[str, str], message: str
) -> None:
    app = visit("compare", **query)
    assert message in "".join(one.value for one in app.warning).replace("\\", "")


def test_designs_that_cannot_be_built_are_compared_too(engine: StandIn) -> None:
    app = visit(
        "compare", c1="template=cnn", c2="template=cnn&input_shape=[2,2,1]", c3="template=dnn"
    )
    assert "input 128 × 128 × 1 → 2 × 2 × 1" in plain_markdown(app)
    assert "It cannot be built" in markdown(app)
    second = app.session_state["comparison_entries"][1].number
    app.button(key=f"compare_flag_{second}").click().run()
    assert not app.exception
    assert "The base cannot be built" in markdown(app)
