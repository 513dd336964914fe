"""What the bars of "where it goes" send to the page."""

from __future__ import annotations

import json

from components.shares import shares_data
from designer import Design
from designer.places import nearest
from designer.summary import outline


def test_the_selected_place_and_what_is_around_it_are_marked() -> None:
    summary = outline(Design.from_template("resnet50"))
    place = nearest(summary.sections, "group2_block1_conv1")
    data = shares_data(summary, place)
    assert data["selected"] == ["group2", "group2/block1", "group2_block1_conv1"]
    assert shares_data(summary, None)["selected"] == []


def test_a_piece_tells_its_exact_figures() -> None:
    data = shares_data(outline(Design.from_template("vgg16")), None)
    pieces = {piece[0]: piece for _, inside in data["rows"][0]["sections"] for piece in inside}
    key, label, title, share, role, step, together = pieces["hidden1"]
    assert (key, label, role, step, together) == ("hidden1", "hidden1 74%", "task", 0, 0)
    assert title == "hidden1: 102,764,544 parameters, 74%"
    assert share == round(102_764_544 / 138_357_544, 5)


def test_resnet152_is_light_enough_to_follow_a_slider() -> None:
    assert len(json.dumps(shares_data(outline(Design.from_template("resnet152")), None))) < 25_000
