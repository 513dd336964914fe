"""The session's design: links, edits from the panel (also nonsense), templates left and found."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components import studio
from designer import Design
from designer.importing import Imported
from tests.components.sessions import session_of


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    return session_of(monkeypatch, studio)


def payload(sequence: int = 1, resting: bool = True, **edits: Any) -> dict[str, Any]:
    return {"sequence": sequence, "edits": edits, "resting": resting}


def test_without_a_link_there_is_a_first_design(session: SimpleNamespace) -> None:
    assert studio.current_design() == Design.from_template("cnn")
    assert studio.notes() == ()
    assert studio.current_run() is None
    assert studio.errors() == {}
    assert studio.is_resting()


def test_a_link_brings_its_design_and_run(session: SimpleNamespace) -> None:
    session.query_params.update(template="dnn", hidden="[7]", run="dnn-iris-abcd")
    assert studio.current_design() == Design.from_template("dnn", hidden=[7])
    assert studio.current_run() == "dnn-iris-abcd"
    assert studio.notes() == ()


def test_a_link_to_a_run_alone_is_no_broken_link(session: SimpleNamespace) -> None:
    session.query_params.update(run="dnn-iris-abcd")
    assert studio.notes() == ()


def test_notes_stay_until_the_design_changes(session: SimpleNamespace) -> None:
    session.query_params.update(template="dnn", hidden="many")
    assert "hidden: received 'many'" in studio.notes()[0]
    assert len(studio.notes()) == 1
    studio.apply_edits(payload(hidden=[3]))
    assert studio.notes() == ()


def test_an_edit_changes_the_design_and_is_acknowledged(session: SimpleNamespace) -> None:
    studio.set_design(Design.from_template("dnn"))
    studio.apply_edits(payload(5, hidden=[20, 20], activation="tanh"))
    assert studio.current_design() == Design.from_template(
        "dnn", hidden=[20, 20], activation="tanh"
    )
    assert studio.acknowledged() == 5
    studio.apply_edits(payload(6, hidden=None))
    assert studio.current_design() == Design.from_template("dnn", activation="tanh")


def test_a_slider_on_the_move_is_not_at_rest(session: SimpleNamespace) -> None:
    studio.set_design(Design.from_template("dnn"))
    studio.apply_edits(payload(1, resting=False, hidden=[3]))
    assert not studio.is_resting()
    studio.apply_edits(payload(2, hidden=[3]))
    assert studio.is_resting()


def test_a_value_that_does_not_work_is_kept_out_with_its_reason(session: SimpleNamespace) -> None:
    design = Design.from_template("cnn")
    studio.set_design(design)
    studio.apply_edits(payload(1, classes="not a number", strides=1))
    assert studio.current_design() == design.replace(strides=1)
    assert "classes: received 'not a number'" in studio.errors()["classes"]
    assert studio.acknowledged() == 1
    groups = [{"filters": 16}, {"filters": 0}]
    studio.apply_edits(payload(2, groups=groups))
    assert set(studio.errors()) == {"classes", "groups[1].filters"}
    studio.apply_edits(payload(3, groups=[{"filters": 16}, {"filters": 8}]))
    assert set(studio.errors()) == {"classes"}
    studio.apply_edits(payload(4, classes=5))
    assert studio.errors() == {}


@pytest.mark.parametrize(
    "junk",
    [
        None,
        7,
        "edits",
        [],
        {},
        {"edits": {"hidden": [3]}},
        {"edits": {"hidden": [3]}, "sequence": "1"},
        {"edits": [["hidden", [3]]], "sequence": 1},
        {"edits": None, "sequence": 1},
    ],
)
def test_what_is_not_from_our_panel_changes_nothing(session: SimpleNamespace, junk: object) -> None:
    design = Design.from_template("dnn")
    studio.set_design(design)
    studio.apply_edits(junk)
    assert studio.current_design() == design
    assert studio.acknowledged() == 0
    assert studio.errors() == {}


@pytest.mark.parametrize(
    "value",
    [[], [[]], {"a": {"b": 1}}, "x" * 10_000, -1, 1e308, float("nan"), True, [None]],
)
def test_nonsense_in_an_edit_is_an_error_in_words(session: SimpleNamespace, value: Any) -> None:
    design = Design.from_template("resnet50")
    studio.set_design(design)
    studio.apply_edits(payload(1, groups=value, classes=value, nonsense=value))
    assert studio.errors()["nonsense"]
    assert studio.errors()["classes"]
    assert studio.current_design() == design
    assert studio.acknowledged() == 1


def test_a_template_is_found_as_it_was_left(session: SimpleNamespace) -> None:
    mine = Design.from_template("dnn", hidden=[3])
    studio.set_design(mine)
    studio.switch_template("vgg16")
    assert studio.current_design() == Design.from_template("vgg16")
    studio.switch_template("dnn")
    assert studio.current_design() == mine


def test_an_address_that_was_not_sent_is_sent_again(
    session: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[dict[str, str]] = []

    class Interrupted(BaseException):
        """Streamlit breaks a run off where it sends something, when another run is asked for."""

    class Parameters(dict):
        interrupt = True

        def to_dict(self) -> dict[str, str]:
            return dict(self)

        def from_dict(self, query: dict[str, str]) -> None:
            self.clear()
            self.update(query)
            if self.interrupt:
                raise Interrupted
            sent.append(dict(query))

    parameters = Parameters()
    monkeypatch.setattr(session, "query_params", parameters)
    studio.set_design(Design.from_template("dnn", hidden=[3]))
    with pytest.raises(Interrupted):
        studio.keep_in_address()
    parameters.interrupt = False
    studio.keep_in_address()
    studio.keep_in_address()
    assert sent == [{"template": "dnn", "hidden": "[3]"}]


def test_the_address_holds_design_and_run(session: SimpleNamespace) -> None:
    design = Design.from_template("dnn", hidden=[3], activation="tanh")
    studio.set_design(design)
    studio.set_run("dnn-iris-abcd")
    studio.keep_in_address()
    kept = dict(session.query_params)
    assert kept == {
        "template": "dnn",
        "hidden": "[3]",
        "activation": "tanh",
        "run": "dnn-iris-abcd",
    }
    session.session_state.clear()
    assert studio.current_design() == design


def opened(design: Design, name: str = "mine.json", kind: str = "design") -> Imported:
    return Imported(name, kind, design, None, f"{name} is a design.")


def test_a_file_becomes_the_design_and_is_told_until_it_changes(session: SimpleNamespace) -> None:
    design = Design.from_template("vgg16", classes=10)
    imported = opened(design, "theirs.keras", "keras model")
    studio.open_imported(imported)
    assert studio.current_design() == design
    assert studio.told() is imported
    assert studio.history()[-1].label == "Opened theirs.keras as VGG16"
    studio.apply_edits(payload(1, classes=5) | {"generation": studio.generation()})
    assert studio.told() is None
    studio.undo()
    studio.undo()
    assert studio.current_design() == Design.from_template("cnn")


def test_a_model_that_is_none_of_ours_is_looked_at_and_left(session: SimpleNamespace) -> None:
    before = studio.current_design()
    model = Imported("theirs.keras", "keras model", None, None, "A model to look at.")
    studio.open_imported(model)
    assert studio.looked_at() is model
    assert studio.current_design() == before
    assert len(studio.history()) == 1
    studio.leave_looked()
    assert studio.looked_at() is None
    studio.open_imported(model)
    studio.open_imported(opened(Design.from_template("dnn")))  # another file, from there
    assert studio.looked_at() is None
    assert studio.current_design().template == "dnn"


def test_the_file_is_the_design_as_it_is_when_it_is_saved(session: SimpleNamespace) -> None:
    text = studio.newest_json()
    studio.apply_edits(payload(1, classes=5))
    newest = studio.current_design()
    session.session_state.clear()  # Streamlit asks for a download outside any run
    assert Design.from_json(text()) == newest


# --- undo -------------------------------------------------------------------------------------


def test_everything_that_changes_the_design_can_be_undone(session: SimpleNamespace) -> None:
    studio.apply_edits(payload(1, classes=5))
    studio.switch_template("dnn")
    studio.open_imported(opened(Design.from_template("vgg16", classes=9)))
    studio.change("Fewer classes", classes=3)
    studio.set_design(studio.current_design().reset(), "Reset")
    assert [step.label for step in studio.history()] == [
        "Opened CNN",
        "Classes: 26 → 5",
        "Template: DNN",
        "Opened mine.json",
        "Fewer classes",
        "Reset",
    ]
    assert studio.redoes() is None
    for classes in (3, 9):
        studio.undo()
        assert studio.current_design() == Design.from_template("vgg16", classes=classes)
    studio.undo()
    studio.undo()
    assert studio.current_design() == Design.from_template("cnn", classes=5)
    studio.redo()
    assert studio.current_design() == Design.from_template("dnn")
    studio.go_to(5)
    assert studio.current_design() == Design.from_template("vgg16")
    studio.go_to(99)
    assert studio.position() == 5


def test_a_drag_is_one_step_even_when_the_page_is_left_in_it(session: SimpleNamespace) -> None:
    for sequence, classes in enumerate((30, 40, 50), 1):
        studio.apply_edits(payload(sequence, resting=False, classes=classes))
    studio.rest()
    studio.apply_edits(payload(4, resting=False, classes=60))
    assert [step.label for step in studio.history()][1:] == ["Classes: 26 → 50", "Classes: 50 → 60"]


def test_undo_shows_the_controls_anew_without_their_errors(session: SimpleNamespace) -> None:
    studio.apply_edits(payload(1, classes=5))
    studio.apply_edits(payload(2, classes="five"))
    assert studio.errors()
    before = studio.generation()
    studio.undo()
    assert studio.errors() == {}
    assert studio.generation() == before + 1
    assert studio.current_design() == Design.from_template("cnn")


def test_an_edit_for_a_design_that_was_left_is_dropped(session: SimpleNamespace) -> None:
    studio.apply_edits(payload(1, classes=5))
    late = payload(2, classes=6) | {"generation": studio.generation()}
    studio.undo()
    studio.apply_edits(late)
    assert studio.current_design() == Design.from_template("cnn")
    studio.apply_edits(payload(3, classes=7) | {"generation": studio.generation()})
    assert studio.current_design()["classes"] == 7


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=10,
)
FIELDS = ("groups", "input_shape", "classes", "task", "hidden", "dropout", "a.b[0]")


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    edits=st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=8), JSON, max_size=3),
    around=JSON,
    resting=JSON,
)
def test_whatever_a_panel_sends_there_is_a_design(
    session: SimpleNamespace, edits: dict[str, Any], around: Any, resting: Any
) -> None:
    studio.apply_edits(around)
    sequence = studio.acknowledged() + 1
    studio.apply_edits({"sequence": sequence, "edits": edits, "resting": resting})
    assert studio.acknowledged() == sequence
    assert all(studio.errors().values())
    assert studio.history()[studio.position()].design == studio.current_design()
