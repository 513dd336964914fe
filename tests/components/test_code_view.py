"""The code view: what is sent to the page."""

from __future__ import annotations

import json

import pytest

from components.code_view import View, code_data, view_of
from components.highlighting import highlighted
from designer import Design
from designer.code import styles, write_code
from designer.templates import templates


def text_of(pane: dict) -> str:
    return "\n".join("".join(text for _, text in line) for line in pane["lines"]) + "\n"


@pytest.mark.parametrize("template", templates())
def test_the_pieces_are_the_source(template: str) -> None:
    design = Design.from_template(template)
    for style in styles():
        data = code_data(design, View(style), before=design)
        json.dumps(data)
        (pane,) = data["panes"]
        if pane["reason"]:
            assert pane["lines"] is None
            assert pane["works"]
        else:
            assert text_of(pane) == write_code(design, style)
        assert pane["changed"] == []


def test_pieces_have_their_kinds() -> None:
    kinds = dict(highlighted('x = layers.Dense(10, name=f"{name}_a")  # why')[0])
    assert "Dense" in [t for k, t in highlighted("layers.Dense(10)")[0] if k == "call"]
    assert {"call", "number", "string", "comment"} <= set(kinds)
    assert highlighted("")[:1] == []
    for line in ("    x  ", "", "a = '<script>'"):
        assert "".join(text for pieces in highlighted(line) for _, text in pieces) == line


def test_changes_since_the_last_rest_are_marked() -> None:
    before = Design.from_template("resnet50")
    after = before.replace(expansion=2)
    (pane,) = code_data(after, View("reuse"), before=before)["panes"]
    lines = text_of(pane).splitlines()
    marked = [lines[number - 1] for number in pane["changed"]]
    assert any("2 * filters" in line for line in marked)
    assert len(marked) < 10
    other = Design.from_template("vgg16")
    (pane,) = code_data(other, View("reuse"), before=before)["panes"]
    assert pane["changed"] == [], "another network is not a change of this one"


def test_a_style_that_had_no_words_before_is_marked_as_new() -> None:
    before = Design.from_template("resnet50")
    after = before.replace(identity_link=False)
    (pane,) = code_data(after, View("list"), before=before)["panes"]
    assert len(pane["changed"]) == len(pane["lines"])


def test_two_styles_side_by_side() -> None:
    design = Design.from_template("cnn")
    data = code_data(design, View("add", "reuse", side_by_side=True), before=design)
    assert [pane["style"] for pane in data["panes"]] == ["add", "reuse"]


def test_long_sources_wait_for_the_hand_to_rest() -> None:
    design = Design.from_template("resnet50")
    view = View("functional", "reuse", side_by_side=True)
    long, short = code_data(design, view, before=design, resting=False)["panes"]
    assert long["lines"] is None
    assert not long["reason"]
    assert short["lines"]
    assert all(pane["lines"] for pane in code_data(design, view, before=design)["panes"])


def lit(design: Design, selected: set[str], **chosen: str) -> str:
    """Return the lines that are lit, as text."""
    data = code_data(design, View(**chosen), before=design, selected=selected)
    pane = data["panes"][0]
    texts = ["".join(text for _, text in line) for line in pane["lines"]]
    return "\n".join(texts[number - 1] for number in pane["lit"])


def test_a_selected_layers_lines_are_lit() -> None:
    design = Design.from_template("resnet18")
    text = lit(design, {"group2_transition_conv1"})
    assert text.startswith("x = layers.Conv2D(")
    assert 'name="group2_transition_conv1"' in text
    assert text.endswith(")(x)")
    assert lit(design, set()) == ""
    assert lit(design, {"nothing"}) == ""


def test_a_layer_made_in_a_function_is_lit_there() -> None:
    design = Design.from_template("resnet50")
    assert lit(design, {"group3_block4_conv2"}, style="reuse") == (
        '    x = layers.Conv2D(filters, (3, 3), padding="same", name=f"{name}_conv2")(x)'
    )


def test_a_block_is_lit_with_its_function_and_its_call() -> None:
    design = Design.from_template("resnet50")
    block = {one.name for one in design.graph.layers if one.name.startswith("group3_block4_")}
    lines = lit(design, block, style="reuse").splitlines()
    assert lines[0].startswith("def identity_block(")
    assert "    shortcut = x" in lines
    assert any("= identity_block(" in line for line in lines)
    assert not any("projection_block" in line or "dict(" in line for line in lines)


def test_a_group_is_lit_with_its_row() -> None:
    design = Design.from_template("resnet50")
    group = {one.name for one in design.graph.layers if one.name.startswith("group3_")}
    lines = lit(design, group, style="reuse").splitlines()
    assert lines[0] == "    dict(filters=256, blocks=6, strides=(2, 2)),"
    assert any(line.startswith("def group(") for line in lines)
    assert not any(
        line.startswith(("def stem", "def learner", "    dict(filters=128")) for line in lines
    )


def test_what_is_selected_is_found_however_activations_are_written() -> None:
    dense = Design.from_template("dnn")
    text = lit(dense, {"hidden1"}, style="list", activations="layer")
    assert 'name="hidden1"' in text
    assert 'name="hidden1_activation"' in text
    assert "hidden2" not in text


@pytest.mark.parametrize(
    "sent", [None, 1, "x", {}, {"style": "x"}, {"style": ["add"]}, {"activations": {}}]
)
def test_a_page_may_send_anything(sent) -> None:
    assert view_of(sent) == View()


def test_a_view_is_what_was_chosen() -> None:
    sent = {"style": "list", "other": "add", "side_by_side": True, "activations": "layer"}
    assert view_of(sent) == View("list", "add", True, "layer")
