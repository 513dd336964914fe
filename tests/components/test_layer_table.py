"""The layer table: sections, rows, sums and the sentences that say why."""

from __future__ import annotations

import json

import pytest

from components.layer_table import opened_by, table_data, write_shape
from designer import Design
from designer.summary import Summary, outline
from designer.templates import templates


def summary_of(name: str, **parameters: object) -> Summary:
    return outline(Design.from_template(name, **parameters))


def test_shapes_are_written_without_the_batch() -> None:
    assert write_shape((None, 1024, 7, 7)) == "1,024 × 7 × 7"
    assert write_shape((None, 10)) == "10"
    assert write_shape(None) == "—"


@pytest.mark.parametrize("name", list(templates()))
def test_every_layer_is_there_once_and_the_sums_are_right(name: str) -> None:
    summary = summary_of(name)
    data = table_data(summary)
    json.dumps(data)
    rows = [row for section in data["sections"] for row in section["layers"]]
    assert [row["name"] for row in rows] == [layer.name for layer in summary.layers]
    assert sum(section["params"] for section in data["sections"]) == summary.total_params
    assert sum(section["multiply_adds"] for section in data["sections"]) == summary.multiply_adds
    assert sum(section["share"] for section in data["sections"]) == pytest.approx(1)
    names = [section["name"] for section in data["sections"]]
    assert (names[0], names[-1]) == ("Stem", "Task")
    assert len(names) == len(set(names)), "the page knows an open section by its name"
    for row in rows:
        assert row["why"]["Parameters"]
        assert row["why"]["Shape"]
        assert row["teaches"]


def test_sections_say_how_much_is_in_them() -> None:
    titles = [section["title"] for section in table_data(summary_of("resnet50"))["sections"]]
    assert "Stem · 7 layers" in titles
    assert "Group 1 · 3 blocks, 32 layers" in titles
    assert table_data(summary_of("dnn"))["sections"][0]["title"] == "Stem · 1 layer"


def test_a_layer_says_why() -> None:
    learner = table_data(summary_of("dnn"))["sections"][1]
    why = learner["layers"][0]["why"]
    assert why["Parameters"] == "13 × 10 weights + 10 biases = 140"
    assert why["Comes from"] == "inputs"
    assert "units=10" in why["Settings"]


def test_only_what_is_open_is_sent() -> None:
    summary = summary_of("resnet152")
    opened, asked = opened_by(summary, None)
    assert (opened, asked) == ({"Stem", "Task"}, set())
    data = table_data(summary, opened=opened, asked=asked)
    assert len(json.dumps(data)) < 6_000
    for section in data["sections"]:
        assert section["open"] == (section["name"] in opened)
        assert bool(section["layers"]) == section["open"]
        assert all("why" not in row for row in section["layers"])
    assert sum(section["params"] for section in data["sections"]) == summary.total_params


def test_layers_say_which_block_they_stand_in() -> None:
    rows = {
        row["name"]: row["block"]
        for section in table_data(summary_of("resnet34"))["sections"]
        for row in section["layers"]
    }
    assert rows["group1_block2_conv1"] == "Block 2"
    assert rows["group2_transition_conv1"] == "Transition"
    assert rows["stem_conv"] == rows["outputs"] == ""


def test_small_networks_are_open_from_the_start() -> None:
    assert opened_by(summary_of("cnn"), None)[0] == {"Stem", "Group 1", "Task"}


def test_what_a_person_opened_stays_open_and_a_new_group_opens_as_usual() -> None:
    view = {"template": "cnn", "known": ["Stem", "Group 1", "Task"], "open": ["Stem"],
            "why": ["inputs"]}  # fmt: skip
    assert opened_by(summary_of("cnn"), view) == ({"Stem"}, {"inputs"})
    two = summary_of("cnn", groups=[{}, {}])
    assert opened_by(two, view) == ({"Stem", "Group 2"}, {"inputs"})
    assert opened_by(summary_of("vgg16"), view)[1] == set(), "of another template"


@pytest.mark.parametrize(
    "view", [7, "x", {}, {"template": "cnn"}, {"template": "cnn", "open": [7]}]
)
def test_junk_from_the_page_is_left_alone(view: object) -> None:
    opened, asked = opened_by(summary_of("cnn"), view)
    assert opened == {"Stem", "Group 1", "Task"}
    assert asked == set()


def test_the_layer_at_fault_is_marked_and_those_after_it_have_no_shape() -> None:
    data = table_data(summary_of("cnn", input_shape=[2, 2, 1]))
    rows = [row for section in data["sections"] for row in section["layers"]]
    (fault,) = [place for place, row in enumerate(rows) if row["fault"]]
    assert all(row["shape"] == "—" for row in rows[fault:])
    assert all(row["shape"] != "—" for row in rows[:fault])
    assert [section["fault"] for section in data["sections"]].count(True) == 1
