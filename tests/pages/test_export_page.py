"""The Export page as a script: what is offered, asked for, waited for and proven."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components import export_formats
from components.export_source import for_whoever_asks, source_words
from designer import Design
from designer.engine.export_records import records
from designer.errors import DesignerError
from designer.exports import ExportFormat, formats
from designer.paths import run_folder
from designer.training import RunStore
from tests.components.runs import finished_run
from tests.pages.standin import StandIn
from tests.pages.visiting import button, markdown, visit

RESULT = {
    "format": "saved_model",
    "verified_in": "a fresh Python process with tensorflow 2.21.0",
    "examples": 32,
    "largest_difference": 0.0,
    "allowed_difference": 1e-5,
    "sha256": "ab" * 32,
    "bytes": 4321,
}


def run_with_model(store: RunStore, keep: str = "last", **more: Any) -> str:
    run = finished_run(store, keep=keep, **more)
    (run_folder(run) / "model.keras").write_bytes(b"model")
    (run_folder(run) / "preprocessing.json").write_text(json.dumps(None))
    return run


def choose_format(app: AppTest, name: str) -> None:
    """Choose a card, as its component would."""
    app.session_state["export_format"] = name
    app.run()
    assert not app.exception


def finish(engine: StandIn, **more: Any) -> None:
    """Have the worker make what it was asked for last."""
    arguments, future = engine.exporter.tasks[-1]
    assert future.set_running_or_notify_cancel()
    Path(arguments["out"]).write_bytes(b"model")
    future.set_result({**RESULT, "format": arguments["format"], "path": arguments["out"], **more})


def labels(app: AppTest) -> list[str]:
    return [one.label for one in app.button]


def test_what_to_take_is_the_design_or_a_run_the_newest_first(engine: StandIn) -> None:
    first = run_with_model(engine.store)
    gone = finished_run(engine.store)  # its files are not there any more
    second = run_with_model(engine.store)
    engine.store.rename(second, "The good one")
    app = visit("export", template="cnn")
    assert app.selectbox[0].options == [
        "CNN, untrained: the design as it stands",
        "The good one · Iris · accuracy 75.0% on test data",
        f"{first} · accuracy 75.0% on test data",
    ]
    assert app.selectbox[0].value == ""
    assert "Its weights are random" in app.caption[0].value
    assert visit("export", template="cnn", run=gone).selectbox[0].value == ""

    app = visit("export", template="cnn", run=first)
    assert app.selectbox[0].value == first
    assert "Trained on Iris" in app.caption[0].value
    button(app, "Prepare the download").click().run()
    arguments = engine.exporter.tasks[-1][0]
    assert arguments["model_file"] == str(run_folder(first) / "model.keras")


def test_somebody_elses_data_are_not_named(engine: StandIn) -> None:
    run = finished_run(engine.store)
    own = engine.store.run(run)
    others = replace(own, settings={**own.settings, "dataset": "own-abcdefgh"})
    assert "Own data" in source_words(others, Design.from_template("dnn"))
    arguments = {
        "notes": {"dataset": "My patients", "feature_names": ["age"]},
        "record": {"data": {"name": "own-abcdefgh", "title": "My patients", "own": {"x": 1}}},
    }
    assert for_whoever_asks(others, arguments) == {
        "notes": {"dataset": "Own data", "feature_names": ["age"]},
        "record": {"data": {"name": "own-abcdefgh"}},
    }
    assert for_whoever_asks(own, arguments) == arguments


def test_of_two_checkpoints_one_is_taken(engine: StandIn) -> None:
    run = run_with_model(engine.store)
    assert not visit("export", run=run, template="dnn").get("button_group")
    (run_folder(run) / "model-best.keras").write_bytes(b"best")
    app = visit("export", run=run, template="dnn")
    weights = app.segmented_control[0]
    assert weights.options == ["Last step, kept", "Best epoch"]
    weights.select("best").run()
    assert not app.exception
    assert f"#### {run}-best-saved_model.zip" in markdown(app)
    button(app, "Prepare the download").click().run()
    assert engine.exporter.tasks[-1][0]["model_file"].endswith("model-best.keras")


def test_an_export_is_offered_once_it_is_proven(engine: StandIn) -> None:
    app = visit("export", template="dnn")
    button(app, "Prepare the download").click().run()
    assert not app.exception
    arguments, future = engine.exporter.tasks[-1]
    assert arguments["format"] == "saved_model"
    assert Path(arguments["out"]).name == "dnn-saved_model.zip"
    assert "It is the next one" in markdown(app)
    future.set_running_or_notify_cancel()
    app.run()
    assert "comparing predictions" in markdown(app)
    assert not app.success

    Path(arguments["out"]).write_bytes(b"zip")
    future.set_result({**RESULT, "path": arguments["out"]})
    app.run()
    assert not app.exception
    assert "Loaded in a fresh Python process" in app.success[0].value
    assert "on 32 examples its predictions are exactly the model's" in app.success[0].value
    code = [one.value for one in app.code]
    assert "tf.saved_model.load('saved_model')" in code[0]
    assert code[1] == "ab" * 32

    Path(arguments["out"]).unlink()  # removed because it was old: it is made again when asked
    app.run()
    assert not app.exception
    assert button(app, "Prepare the download")


def test_others_before_it_are_counted_and_it_can_be_cancelled(engine: StandIn) -> None:
    for number in range(2):
        engine.exports.ask(
            {"format": "keras", "n": number}, title="", file_name="a.zip", asker="somebody"
        )
    app = visit("export", template="dnn")
    button(app, "Prepare the download").click().run()
    assert "2 exports are before it" in markdown(app)
    button(app, "Cancel").click().run()
    assert not app.exception
    assert button(app, "Prepare the download")
    assert engine.exporter.tasks[-1][1].cancelled()
    assert len(list(records())) == 2


def test_one_that_fails_says_why_and_can_be_tried_again(engine: StandIn) -> None:
    app = visit("export", template="dnn")
    button(app, "Prepare the download").click().run()
    engine.exporter.tasks[-1][1].set_exception(DesignerError("The disk is full."))
    app.run()
    assert app.error[0].value == r"The disk is full\."
    button(app, "Try again").click().run()
    assert not app.exception
    assert len(engine.exporter.tasks) == 2
    assert not app.error


def test_what_one_has_asked_for_is_listed_and_can_be_removed(engine: StandIn) -> None:
    app = visit("export", template="dnn")
    button(app, "Prepare the download").click().run()
    finish(engine)
    choose_format(app, "keras")
    assert "#### Your exports" in markdown(app)
    assert "dnn\\-saved\\_model\\.zip" in markdown(app)
    assert any("4.2 KB, made and proven" in one.value for one in app.caption)
    button(app, "Prepare the download").click().run()
    assert "#### Your other exports" in markdown(app)
    finish(engine)
    button(app, "Remove").click().run()
    assert not app.exception
    assert "saved\\_model" not in markdown(app)
    assert len(list(records())) == 1


def test_somebody_else_does_not_see_them(engine: StandIn) -> None:
    app = visit("export", template="dnn")
    button(app, "Prepare the download").click().run()
    finish(engine)
    other = visit("export", template="dnn")
    assert "Your" not in markdown(other)
    # Whoever asks for the same gets it at once.
    button(other, "Prepare the download").click().run()
    assert "Loaded in a fresh Python process" in other.success[0].value
    assert len(engine.exporter.tasks) == 1


def test_a_file_of_keras_is_a_package_or_bare(engine: StandIn) -> None:
    app = visit("export", template="dnn")
    assert not app.radio, "a SavedModel is a folder: it goes in a zip"
    choose_format(app, "keras")
    assert app.radio(key="export_as_keras").value == "package"
    app.radio(key="export_as_keras").set_value("bare").run()
    assert "#### dnn.keras" in markdown(app)
    assert "The .keras file alone" in markdown(app)
    button(app, "Prepare the download").click().run()
    assert Path(engine.exporter.tasks[-1][0]["out"]).name == "dnn.keras"


def test_a_design_that_cannot_be_built_is_not_exported(engine: StandIn) -> None:
    app = visit("export", template="cnn", input_shape="[2,2,1]")
    assert "cannot be built" in app.error[0].value
    assert not labels(app)


@pytest.mark.parametrize("name", [n for n, one in formats().items() if not one.is_package])
def test_every_format_can_be_asked_for(engine: StandIn, name: str) -> None:
    one = formats()[name]
    if one.missing():
        pytest.skip(one.missing())
    app = visit("export", template="dnn")
    choose_format(app, name)
    button(app, "Prepare the download").click().run()
    assert not app.exception
    assert engine.exporter.tasks[-1][0]["format"] == name
    finish(engine, examples=32 if one.holds_weights else 0)
    app.run()
    assert not app.exception
    assert len(app.success) == 1


def test_a_format_whose_extra_is_missing_is_not_chosen(
    engine: StandIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(type(formats()["keras"]), "missing", lambda self: "pip install 'x[keras]'")
    cards = {
        card["name"]: card
        for group in export_formats.grouped(formats().values())
        for card in group["formats"]
    }
    assert cards["keras"]["missing"] == "pip install 'x[keras]'"
    app = visit("export", template="dnn")
    choose_format(app, "keras")
    assert "dnn-saved_model.zip" in markdown(app)


def test_formats_are_grouped_by_what_they_are_for() -> None:
    class New(ExportFormat):
        name, title, description, file_name = "new", "New", "For somebody.", "model.new"

        def write(self, *_: Any) -> None: ...

        def loading_code(self, path: str) -> str:
            return path

    groups = export_formats.grouped([*formats().values(), New()])
    names = {group["title"]: [card["name"] for card in group["formats"]] for group in groups}
    assert "saved_model" in names["Run it elsewhere"]
    assert names["Go on in Keras"][0] == "keras"
    assert names["More"][-1] == "new"
