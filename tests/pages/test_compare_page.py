"""The Compare page as a script: designs side by side."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from designer import Design
from tests.pages.standin import StandIn
from tests.pages.visiting import button, design_of, markdown, visit


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
