"""The tree of places, and what becomes of a selection when the design changes."""

from __future__ import annotations

import pytest

from designer import Design, summarize
from designer.places import ancestors, nearest
from designer.templates import templates


@pytest.mark.parametrize("name", templates())
def test_every_layer_stands_in_the_tree_once_and_the_costs_add_up(name: str) -> None:
    summary = summarize(Design.from_template(name))
    places = [place for section in summary.sections for place in section.walk()]
    keys = [place.key for place in places]
    assert len(keys) == len(set(keys))
    assert [p.key for p in places if p.kind == "layer"] == [one.name for one in summary.layers]
    assert sum(section.params for section in summary.sections) == summary.total_params
    assert sum(section.multiply_adds for section in summary.sections) == summary.multiply_adds
    assert sum(s.activation_bytes for s in summary.sections) == summary.activation_bytes
    for place in places:
        if place.children:
            assert sum(child.params for child in place.children) == place.params


def test_the_sections_of_resnet50() -> None:
    sections = summarize(Design.from_template("resnet50")).sections
    assert [section.key for section in sections] == [
        "stem", "group1", "group2", "group3", "group4", "task",
    ]  # fmt: skip
    assert [section.blocks for section in sections] == [0, 3, 4, 6, 3, 0]
    assert [section.number for section in sections] == [0, 1, 2, 3, 4, 0]
    assert sections[2].children[0].key == "group2/block1"
    assert sections[2].children[0].title == "Block 1"


def test_what_stands_around_a_place() -> None:
    sections = summarize(Design.from_template("resnet50")).sections
    around = ancestors(sections, "group2_block1_conv1")
    assert [place.key for place in around] == ["group2", "group2/block1", "group2_block1_conv1"]
    assert ancestors(sections, "nothing") == ()


@pytest.mark.parametrize(
    ("key", "found"),
    [
        ("group2_block3_conv9", "group2/block3"),
        ("group2_block9_conv1", "group2"),
        ("group2/block9", "group2"),
        ("group9_block1_conv1", None),
        ("", None),
        ("task", "task"),
    ],
)
def test_a_selection_survives_as_far_as_it_can(key: str, found: str | None) -> None:
    sections = summarize(Design.from_template("resnet34")).sections
    place = nearest(sections, key)
    assert (place.key if place else None) == found
