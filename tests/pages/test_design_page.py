"""The Design page as a script, and what every page says of a link that does not work."""

from __future__ import annotations

from pathlib import Path

import pytest

from designer import Design
from designer.errors import DesignerError
from designer.importing import open_file
from designer.templates import templates
from tests.designer.importing.model_files import ODD, written
from tests.pages.standin import StandIn
from tests.pages.visiting import button, design_of, markdown, visit

ROOT = Path(__file__).resolve().parents[2]
KERAS_SAYS = {
    "agrees": True,
    "total_params": 261,
    "layers": 4,
    "keras_version": "3.0",
    "differences": [],
    "summary_text": "Model: dnn",
}


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


@pytest.mark.parametrize(
    ("page", "key"), [("design", "template_choice"), ("train", "train_dataset")]
)
def test_a_choice_that_is_shown_is_not_sent_over_what_is_chosen_meanwhile(
    engine: StandIn, page: str, key: str
) -> None:
    app = visit(page)
    choice = app.selectbox(key=key)
    chosen = next(name for name in choice.options if name != choice.value)
    assert choice.proto.set_value, "it begins with what the page says"
    for _ in range(2):
        app.run()
        assert not app.selectbox(key=key).proto.set_value
    index = choice.options.index(chosen)
    app.selectbox(key=key).select_index(index).run()
    app.run()
    assert not app.selectbox(key=key).proto.set_value
    assert app.selectbox(key=key).index == index


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
