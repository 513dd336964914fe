"""The Train page as a script: data and settings are chosen, and a run begins."""

from __future__ import annotations

from typing import Any

import pytest
import streamlit as st

from designer import Design
from designer.errors import DesignerError
from tests.components.runs import begun_run
from tests.pages.standin import StandIn
from tests.pages.visiting import button, design_of, visit


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


def test_data_that_cannot_be_had_are_told(engine: StandIn) -> None:
    app = visit("train", template="cnn")
    engine.answers["dataset"] = DesignerError("There is no network.")
    app.selectbox(key="train_dataset").select("cifar10").run()
    assert not app.exception
    assert "There is no network." in [one.value for one in app.error]
    assert button(app, "Try again")
