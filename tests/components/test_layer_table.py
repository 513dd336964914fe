"""The layer table: sections, rows, sums, what is open and what is selected."""

from __future__ import annotations

import json

import pytest

from components.layer_table import opened_by, table_data, write_shape
from designer import Design
from designer.places import Place, nearest
from designer.summary import Summary, outline
from designer.templates import templates


def summary_of(name: str, **parameters: object) -> Summary:
    return outline(Design.from_template(name, **parameters))


def place_of(summary: Summary, key: str) -> Place:
    place = nearest(summary.sections, key)
    assert place is not None
    assert place.key == key
    return place


def test_shapes_are_written_without_the_batch() -> None:
    assert write_shape((None, 1024, 7, 7)) == "1,024 × 7 × 7"
    assert write_shape((None, 10)) == "10"
    assert write_shape(None) == "—"


@pytest.mark.parametrize("name", list(templates()))
def test_every_place_is_there_once_and_the_sums_are_right(name: str) -> None:
    summary = summary_of(name)
    data = table_data(summary)
    json.dumps(data)
    rows = [row for section in data["sections"] for row in section["rows"]]
    layers = [row["key"] for row in rows if row["kind"] == "layer"]
    assert layers == [layer.name for layer in summary.layers]
    keys = [section["key"] for section in data["sections"]] + [row["key"] for row in rows]
    assert len(keys) == len(set(keys))
    assert sum(section["params"] for section in data["sections"]) == summary.total_params
    assert sum(section["multiply_adds"] for section in data["sections"]) == summary.multiply_adds
    assert sum(section["share"] for section in data["sections"]) == pytest.approx(1)
    names = [section["key"] for section in data["sections"]]
    assert (names[0], names[-1]) == ("stem", "task")


def test_sections_say_how_much_is_in_them() -> None:
    titles = [section["title"] for section in table_data(summary_of("resnet50"))["sections"]]
    assert "Stem · 7 layers" in titles
    assert "Group 1 · 3 blocks, 32 layers" in titles
    assert table_data(summary_of("dnn"))["sections"][0]["title"] == "Stem · 1 layer"


def test_a_section_shows_the_shape_that_leaves_it() -> None:
    assert table_data(summary_of("resnet50"))["sections"][1]["shape"] == "56 × 56 × 256"


def test_only_what_is_open_is_sent() -> None:
    summary = summary_of("resnet152")
    opened = opened_by(summary, None)
    assert opened == {"stem", "task"}
    data = table_data(summary, opened=opened)
    assert len(json.dumps(data)) < 6_000
    for section in data["sections"]:
        assert section["open"] == (section["key"] in opened)
        assert bool(section["rows"]) == section["open"]
    assert sum(section["params"] for section in data["sections"]) == summary.total_params


def test_blocks_stand_above_their_layers() -> None:
    group = table_data(summary_of("resnet34"))["sections"][2]
    rows = [(row["kind"], row["title"], row["deep"]) for row in group["rows"][:4]]
    assert rows == [
        ("block", "Transition", False),
        ("layer", "group2_transition_conv1", True),
        ("layer", "group2_transition_conv2", True),
        ("block", "Block 1", False),
    ]


def test_small_networks_are_open_from_the_start() -> None:
    assert opened_by(summary_of("cnn"), None) == {"stem", "group1", "task"}


def test_what_a_person_opened_stays_open_and_a_new_group_opens_as_usual() -> None:
    view = {"template": "cnn", "known": ["stem", "group1", "task"], "open": ["stem"]}
    assert opened_by(summary_of("cnn"), view) == {"stem"}
    two = summary_of("cnn", groups=[{}, {}])
    assert opened_by(two, view) == {"stem", "group2"}
    assert opened_by(summary_of("vgg16"), view) == opened_by(summary_of("vgg16"), None)


def test_a_selection_from_elsewhere_opens_its_section() -> None:
    summary = summary_of("resnet152")
    layer = place_of(summary, "group3_block7_conv2")
    assert opened_by(summary, None, layer) == {"stem", "task", "group3"}
    view = {"template": "resnet152", "known": ["stem", "group3", "task"], "open": []}
    assert "group3" in opened_by(summary, view, layer)
    closed_since = {**view, "selected": layer.key}
    assert "group3" not in opened_by(summary, closed_since, layer)
    # A section that is selected is in sight as it is.
    assert "group3" not in opened_by(summary, None, place_of(summary, "group3"))
    assert table_data(summary, opened=(), selected=layer)["selected"] == layer.key


@pytest.mark.parametrize(
    "view", [7, "x", {}, {"template": "cnn"}, {"template": "cnn", "open": [7]}]
)
def test_junk_from_the_page_is_left_alone(view: object) -> None:
    assert opened_by(summary_of("cnn"), view) == {"stem", "group1", "task"}


def test_the_layer_at_fault_is_marked_and_those_after_it_have_no_shape() -> None:
    data = table_data(summary_of("cnn", input_shape=[2, 2, 1]))
    rows = [row for section in data["sections"] for row in section["rows"]]
    rows = [row for row in rows if row["kind"] == "layer"]
    (fault,) = [place for place, row in enumerate(rows) if row["fault"]]
    assert all(row["shape"] == "—" for row in rows[fault:])
    assert all(row["shape"] != "—" for row in rows[:fault])
    assert [section["fault"] for section in data["sections"]].count(True) == 1
