"""Opening a file in the studio: what becomes of it, and what is shown of a model to look at."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components import opening, studio
from components.layer_table import table_data
from components.totals import file_totals_data
from designer import Design
from designer.datasets.own import receiving
from designer.drawing.words import captions, title_of
from designer.importing import open_file
from designer.importing.looking import ModelSummary
from tests.components.sessions import session_of
from tests.designer.importing.model_files import ODD, PLAIN, packed, sequential, written


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> SimpleNamespace:
    monkeypatch.setenv("MODEL_DESIGNER_HOME", str(tmp_path / "home"))
    return session_of(monkeypatch, studio, opening)


def arrived(path: Path) -> str:
    with path.open("rb") as stream:
        return receiving.receive(stream, path.name)


def waiting() -> list[Path]:
    return list(receiving.incoming_folder().iterdir())


def test_a_file_that_has_arrived_becomes_the_design_and_is_thrown_away(
    session: SimpleNamespace, tmp_path: Path
) -> None:
    opening.take(arrived(packed(tmp_path, {"config.json": PLAIN})))
    assert studio.current_design().template == "cnn"
    assert studio.history()[-1].label == "Opened model.keras as CNN"
    assert len(studio.history()) == 2
    assert session.session_state["opening_problem"] == ""
    assert waiting() == []


@pytest.mark.parametrize("data", [b"", b"\x80\x04.", b"PK\x03\x04", b'{"template": "nothing"}'])
def test_a_bad_file_is_told_changes_nothing_and_is_thrown_away(
    session: SimpleNamespace, tmp_path: Path, data: bytes
) -> None:
    before = studio.current_design()
    opening.take(arrived(written(tmp_path, data, "bad.json")))
    assert session.session_state["opening_problem"].startswith("bad.json")
    assert studio.current_design() == before
    assert studio.looked_at() is None
    assert len(studio.history()) == 1
    assert waiting() == []
    opening.take("0" * 32)  # gone meanwhile
    assert "not there any more" in session.session_state["opening_problem"]


def test_totals_of_what_is_not_counted_say_so(tmp_path: Path) -> None:
    summary = open_file(written(tmp_path, ODD)).summary
    assert isinstance(summary, ModelSummary)
    tiles = {tile["name"]: tile for tile in file_totals_data(summary)["tiles"]}
    assert tiles["parameters"]["value"] == "≥ 27,090"
    assert tiles["parameters"]["detail"] == "at least: 1 layer not counted"
    assert tiles["layers"]["value"] == "5"
    assert "training_memory" not in tiles


def test_places_say_which_of_their_layers_are_not_counted(tmp_path: Path) -> None:
    summary = open_file(written(tmp_path, ODD)).summary
    learner, task = summary.sections[-2:]
    rows = [row for one in table_data(summary)["sections"] for row in (one, *one["rows"])]
    counted = {row["key"]: row["counted"] for row in rows}
    assert counted["attention"] == "none"
    assert counted[learner.key] == "some"
    assert counted[task.key] == "all"
    assert captions(learner, learner.layers[-1:])[2].startswith("≥ ")
    (attention,) = (one for one in learner.children if one.key == "attention")
    assert title_of(attention, attention.layers).endswith(", ? parameters")
    assert captions(attention, attention.layers)[2] == "? params"


# --- the page ---------------------------------------------------------------------------------

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[AppTest]:
    monkeypatch.setenv("MODEL_DESIGNER_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(sys, "path", [*sys.path])
    return AppTest.from_file(str(ROOT / "pages" / "design.py"), default_timeout=60)


def look_at(page: AppTest, path: Path, **state: Any) -> AppTest:
    page.session_state["studio_looked"] = open_file(path)
    for name, value in state.items():
        page.session_state[name] = value
    page.run()
    assert not page.exception
    return page


def test_a_model_to_look_at_stands_alone_with_the_way_back(page: AppTest, tmp_path: Path) -> None:
    look_at(page, written(tmp_path, ODD))
    assert "1 of them is in no design of ours" in page.info[0].value
    assert not page.selectbox  # no template is chosen here
    (back,) = [button for button in page.button if button.label == "Back to CNN"]
    assert not back.disabled
    assert page.session_state["studio_design"] == Design.from_template("cnn")


@pytest.mark.parametrize("selected", ["attention", "conv", "group1", "nothing", "outputs"])
def test_what_the_file_says_of_a_layer(page: AppTest, tmp_path: Path, selected: str) -> None:
    look_at(page, written(tmp_path, ODD), imported_selected=selected)
    said = " ".join([*(one.value for one in page.markdown), *(one.value for one in page.caption)])
    assert ("In no design of ours" in said) == (selected == "attention")
    assert ("heads: 2" in said.replace("\\", "")) == (selected == "attention")


def test_the_code_of_a_lambda_is_not_shown(page: AppTest, tmp_path: Path) -> None:
    function = {"class_name": "__lambda__", "config": {"code": "c2VjcmV0"}}
    trick = {"class_name": "Lambda", "config": {"name": "trick", "function": function}}
    model = sequential(json.loads(json.dumps(PLAIN["config"]["layers"][0])), trick)
    look_at(page, written(tmp_path, model), imported_selected="trick")
    shown = [*(one.value for one in page.markdown), *(one.value for one in page.caption)]
    assert any("neither decoded nor shown" in text for text in shown)
    assert not any("c2VjcmV0" in text for text in shown)
