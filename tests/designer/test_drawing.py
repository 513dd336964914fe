"""The drawing: every layer is in it once, nothing lies outside, and it says itself in words."""

from __future__ import annotations

import math

import pytest

from designer import Design
from designer.drawing import HEIGHT, MOST_BLOCKS, Box, Drawing, draw, write_count
from designer.summary import Summary, outline
from designer.templates import templates


def summary_of(name: str, **parameters: object) -> Summary:
    return outline(Design.from_template(name, **parameters))


def boxes(drawing: Drawing) -> list[Box]:
    return [box for frame in drawing.frames for box in frame.boxes]


@pytest.mark.parametrize("name", list(templates()))
def test_everything_lies_within_the_picture(name: str) -> None:
    drawing = draw(summary_of(name))
    assert drawing.height == HEIGHT
    right = 0.0
    for frame in drawing.frames:
        assert frame.x >= right
        right = frame.x + frame.width
        for box in frame.boxes:
            assert frame.x <= box.x < box.right <= right
            assert box.y >= 0
            assert box.y + box.height <= HEIGHT - 50, "the captions stand below"
            assert all(map(math.isfinite, (box.x, box.y, box.width, box.height, box.depth)))
    assert right <= drawing.width
    for x1, y1, x2, y2 in drawing.connections:
        assert 0 <= x1 < x2 <= drawing.width
        assert 0 <= min(y1, y2) <= max(y1, y2) <= HEIGHT


@pytest.mark.parametrize("name", list(templates()))
def test_no_layer_is_drawn_twice_and_only_ellipses_hide_some(name: str) -> None:
    summary = summary_of(name)
    drawing = draw(summary)
    drawn = [layer for box in boxes(drawing) for layer in box.layers]
    assert len(drawn) == len(set(drawn))
    if not any(box.kind == "ellipsis" for box in boxes(drawing)):
        assert set(drawn) == {layer.name for layer in summary.layers}


def test_stem_groups_and_task_stand_in_order() -> None:
    drawing = draw(summary_of("resnet34"))
    names = [frame.name for frame in drawing.frames]
    assert names == ["stem", "group1", "group2", "group3", "group4", "task"]
    assert [frame.number for frame in drawing.frames] == [0, 1, 2, 3, 4, 0]
    first = drawing.frames[1]
    assert first.captions == ("Group 1 · 2 blocks", "56 × 56 × 64", "148 k params")
    assert all(box.skip for box in first.boxes)


def test_maps_shrink_and_thicken() -> None:
    frames = draw(summary_of("vgg16")).frames
    lasts = [frame.boxes[-1] for frame in frames if frame.role == "learner"]
    assert [box.height for box in lasts] == sorted((box.height for box in lasts), reverse=True)
    assert lasts[0].width < lasts[-1].width


def test_many_blocks_become_an_ellipsis() -> None:
    group = draw(summary_of("resnet152")).frames[3]
    assert len(group.boxes) == MOST_BLOCKS + 1
    (ellipsis,) = [box for box in group.boxes if box.kind == "ellipsis"]
    assert ellipsis.units == 36 - MOST_BLOCKS
    assert "36 blocks" in group.captions[0]


def test_few_units_are_nodes_with_all_their_connections() -> None:
    drawing = draw(summary_of("dnn"))
    assert [box.kind for box in boxes(drawing)] == ["nodes"] * 4
    assert len(drawing.connections) == 13 * 10 + 10 * 10 + 10
    assert len(boxes(drawing)[0].unit_centres()) == 13
    many = draw(summary_of("dnn", hidden=[10, 500]))
    assert [box.kind for box in boxes(many)] == ["nodes", "nodes", "vector", "nodes"]


def test_heads_stand_over_each_other() -> None:
    task = draw(summary_of("dnn", task="multitask")).frames[-1]
    first, second = task.boxes
    assert first.x == second.x
    assert first.y + first.height < second.y
    assert task.captions[1] == "5 + 2 numbers"


def test_a_design_that_cannot_be_built_is_drawn_with_its_fault() -> None:
    drawing = draw(summary_of("cnn", input_shape=[2, 2, 1]))
    (fault,) = [box for box in boxes(drawing) if box.fault]
    assert [frame.fault for frame in drawing.frames].count(True) == 1
    assert fault.title
    assert "cannot be built" in drawing.frames[-1].captions[1]


@pytest.mark.parametrize(
    "parameters",
    [
        {"hidden": []},
        {"hidden": [1] * 300},
        {"hidden": [65_536], "input_shape": [16_384]},
        {"batch_normalization": "before", "dropout": 0.5},
    ],
)
def test_extremes_are_drawn(parameters: dict[str, object]) -> None:
    drawing = draw(summary_of("dnn", **parameters))
    assert math.isfinite(drawing.width)
    assert boxes(drawing)


def test_long_and_flat_pictures_are_drawn() -> None:
    drawing = draw(summary_of("cnn", input_shape=[16_384, 8, 1], groups=[{"strides": 1}]))
    assert all(box.height <= HEIGHT for box in boxes(drawing))


def test_it_says_itself_in_words() -> None:
    words = draw(summary_of("dnn")).description
    assert words.startswith("Architecture of dnn: Stem, 13 numbers, 0 params; Learner")
    assert words.endswith("Task, 1 number, 11 params.")


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0"),
        (9_999, "9,999"),
        (10_000, "10.0 k"),
        (123_456, "123 k"),
        (1_000_000, "1.00 M"),
        (138_357_544, "138 M"),
        (11_300_000_000, "11.3 G"),
        (5 * 10**12, "5.00 T"),
    ],
)
def test_counts(count: int, words: str) -> None:
    assert write_count(count) == words
