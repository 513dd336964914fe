"""The drawing: every layer is in it once, nothing lies outside, and it says itself in words."""

from __future__ import annotations

import math

import pytest

from designer.drawing import DEPTHS, HEIGHT, MOST_BLOCKS, Drawing, Frame, draw, write_count
from designer.drawing import cells as cells_module
from designer.templates import templates
from tests.designer.drawing.networks import DENSE, GATED, PARALLEL, summary_of


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("name", list(templates()))
def test_everything_lies_within_the_picture(name: str, depth: str) -> None:
    drawing = draw(summary_of(name), depth=depth)
    right = 0.0
    for frame in drawing.frames:
        assert frame.x >= right
        right = frame.x + frame.width
        for box in frame.boxes:
            assert frame.x <= box.x < box.right <= right
            assert box.y >= 0
            assert box.bottom <= drawing.height - 55, "the captions stand below"
            assert all(map(math.isfinite, (box.x, box.y, box.width, box.height, box.depth)))
        for part in frame.parts:
            if isinstance(part, Frame):
                for box in part.boxes:
                    assert part.x <= box.x < box.right <= part.x + part.width
                    assert part.y <= box.y < box.bottom <= part.y + part.height
    assert right <= drawing.width
    points = [point for line in drawing.lines for point in line.points]
    points += [(x, y) for x1, y1, x2, y2 in drawing.connections for x, y in ((x1, y1), (x2, y2))]
    assert all(0 <= x <= drawing.width and 0 <= y <= drawing.height for x, y in points)


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("name", list(templates()))
def test_every_layer_is_drawn_once_and_has_a_key(name: str, depth: str) -> None:
    summary = summary_of(name)
    drawing = draw(summary, depth=depth)
    drawn = [layer for box in drawing.boxes for layer in box.layers]
    assert sorted(drawn) == sorted(layer.name for layer in summary.layers)
    keys = [box.key for box in drawing.boxes]
    assert len(keys) == len(set(keys))
    shown = {*keys, *(f.key for f in drawing.frames)}
    shown |= {part.key for frame in drawing.frames for part in frame.parts}
    for section in summary.sections:
        assert all(drawing.shows(place) in shown for place in section.walk())


@pytest.mark.parametrize("name", list(templates()))
def test_boxes_of_one_row_do_not_overlap(name: str) -> None:
    for depth in DEPTHS:
        boxes = draw(summary_of(name), depth=depth).boxes
        for box in boxes:
            for other in boxes:
                apart = box.right <= other.x + 0.01 or other.right <= box.x + 0.01
                above = box.bottom <= other.y or other.bottom <= box.y
                assert box is other or apart or above, (box.key, other.key)


def test_a_network_of_517_layers_opens_to_every_one_of_them() -> None:
    summary = summary_of("resnet152")
    drawing = draw(summary, depth="layers")
    assert len(drawing.boxes) == len(summary.layers) == 517
    assert all(box.label for box in drawing.boxes)
    assert [box.layers for box in drawing.boxes if len(box.layers) > 1] == []


def test_stem_groups_and_task_stand_in_order() -> None:
    drawing = draw(summary_of("resnet34"))
    assert drawing.height == HEIGHT
    assert [f.key for f in drawing.frames] == ["stem", *(f"group{n}" for n in range(1, 5)), "task"]
    assert [frame.number for frame in drawing.frames] == [0, 1, 2, 3, 4, 0]
    first = drawing.frames[1]
    assert first.captions == ("Group 1 · 2 blocks", "56 × 56 × 64", "148 k params")
    assert all(box.skips == 1 for box in first.boxes)


def test_maps_shrink_and_thicken() -> None:
    frames = draw(summary_of("vgg16")).frames
    lasts = [frame.boxes[-1] for frame in frames if frame.role == "learner"]
    assert [box.height for box in lasts] == sorted((box.height for box in lasts), reverse=True)
    assert lasts[0].width < lasts[-1].width


def test_designs_can_be_drawn_on_one_scale() -> None:
    large, small = summary_of("cnn"), summary_of("cnn", input_shape=[32, 32, 1])
    alone = draw(small).boxes[0].height
    together = draw(small, largest_side=128).boxes[0].height
    assert draw(large, largest_side=128).boxes[0].height == draw(large).boxes[0].height
    assert together == pytest.approx(alone / 2)


# --- opening and closing ----------------------------------------------------------------------


def keys(drawing: Drawing, section: int) -> list[str]:
    return [part.key for part in drawing.frames[section].parts]


def test_many_blocks_become_an_ellipsis_until_the_group_is_opened() -> None:
    summary = summary_of("resnet152")
    group = draw(summary).frames[3]
    assert len(group.boxes) == MOST_BLOCKS + 1
    (ellipsis,) = [box for box in group.boxes if box.kind == "ellipsis"]
    assert ellipsis.units == 36 - MOST_BLOCKS
    assert ellipsis.parent == "group3"
    assert "show them" in ellipsis.title
    assert "36 blocks" in group.captions[0]
    opened = draw(summary, opened={"group3"}).frames[3]
    assert [box.kind for box in opened.boxes] == ["maps"] * 36


def test_a_group_a_block_and_a_layer_open_by_themselves() -> None:
    summary = summary_of("resnet50")
    drawing = draw(summary, depth="groups", opened={"group2"})
    assert [frame.open for frame in drawing.frames] == [False, False, True, False, False, False]
    drawing = draw(summary, opened={"group2/block1", "stem_conv"})
    block = drawing.frames[2].parts[0]
    assert isinstance(block, Frame)
    assert len(block.parts) == 12
    assert keys(drawing, 2)[1:] == [f"group2/block{n}" for n in (2, 3, 4)]
    assert "stem_conv_batch_norm" in keys(drawing, 0)
    assert "stem_conv_batch_norm" not in keys(draw(summary), 0)


def test_what_is_closed_stays_closed_at_any_depth() -> None:
    summary = summary_of("resnet50")
    assert not draw(summary, closed={"group1"}).frames[1].open
    drawing = draw(summary, depth="layers", closed={"group1/block2", "group2"})
    assert [isinstance(part, Frame) for part in drawing.frames[1].parts] == [True, False, True]
    assert not drawing.frames[2].open


def test_a_huge_network_is_opened_only_where_one_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("designer.drawing.layout.MOST_LAYERS", 100)
    drawing = draw(summary_of("resnet50"), depth="layers")
    assert drawing.depth == "blocks"
    assert drawing.note.startswith("177 layers")


def test_an_unknown_depth_is_refused() -> None:
    with pytest.raises(ValueError, match="groups, blocks, layers work"):
        draw(summary_of("dnn"), depth="deep")


# --- wiring -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(templates()))
def test_every_input_is_a_line_at_full_depth(name: str) -> None:
    summary = summary_of(name)
    drawing = draw(summary, depth="layers")
    kinds = {box.key: box.kind for box in drawing.boxes}
    wanted = {
        (feed, layer.name)
        for layer in summary.layers
        for feed in layer.inputs
        if (kinds[feed], kinds[layer.name]) != ("nodes", "nodes")
    }
    assert {(line.source, line.target) for line in drawing.lines} == wanted
    assert len(drawing.lines) == len(wanted)


@pytest.mark.parametrize("network", [DENSE, GATED, PARALLEL], ids=["dense", "gated", "parallel"])
def test_any_wiring_is_drawn_with_lines_that_cross_no_box(network: object) -> None:
    drawing = draw(network, depth="layers")
    boxes = {box.key: box for box in drawing.boxes}
    assert {(line.source, line.target) for line in drawing.lines} == {
        (feed, layer.name) for layer in network.layers for feed in layer.inputs
    }
    for line in drawing.lines:
        for (x1, y1), (x2, y2) in zip(line.points, line.points[1:], strict=False):
            assert x1 == x2 or y1 == y2
            for box in boxes.values():
                if box.key in (line.source, line.target):
                    continue
                apart = max(x1, x2) <= box.x or min(x1, x2) >= box.right
                above = max(y1, y2) <= box.y or min(y1, y2) >= box.bottom
                assert apart or above, f"{line.source} → {line.target} runs through {box.key}"


def test_a_gate_is_a_branch_over_the_row() -> None:
    boxes = {box.key: box for box in draw(GATED, depth="layers").boxes}
    row = boxes["conv"].centre[1]
    assert boxes["gate"].centre[1] == boxes["add"].centre[1] == row
    assert all(boxes[name].centre[1] < row for name in ("squeeze", "narrow", "excite"))
    assert boxes["gate"].sign == "×"


def test_parallel_branches_have_a_lane_each() -> None:
    boxes = {box.key: box for box in draw(PARALLEL, depth="layers").boxes}
    assert len({boxes[name].centre[1] for name in ("one", "two", "three")}) == 3
    assert boxes["two"].centre[1] == boxes["two_more"].centre[1]


def test_long_skips_lie_over_short_ones() -> None:
    lines = {(line.source, line.target): line for line in draw(DENSE, depth="layers").lines}
    short, long = lines["join2", "join3"], lines["inputs", "join3"]
    assert {short.kind, long.kind} == {"skip"}
    assert min(y for _, y in long.points) < min(y for _, y in short.points)


def test_a_projection_is_a_branch_and_an_identity_link_a_skip() -> None:
    lines = draw(summary_of("resnet50"), depth="layers").lines
    kinds = {(line.source, line.target): line.kind for line in lines}
    assert kinds["stem_pool", "group1_block1_shortcut"] == "branch"
    assert kinds["group1_block1_shortcut_batch_norm", "group1_block1_add"] == "branch"
    assert kinds["group1_block1_activation", "group1_block2_add"] == "skip"
    assert kinds["group1_block1_activation", "group1_block2_conv1"] == "flow"


def test_few_units_are_nodes_with_all_their_connections() -> None:
    drawing = draw(summary_of("dnn"))
    assert [box.kind for box in drawing.boxes] == ["nodes"] * 4
    assert len(drawing.connections) == 13 * 10 + 10 * 10 + 10
    assert len(drawing.boxes[0].unit_centres()) == 13
    many = draw(summary_of("dnn", hidden=[10, 500]))
    assert [box.kind for box in many.boxes] == ["nodes", "nodes", "vector", "nodes"]


@pytest.mark.parametrize("depth", DEPTHS)
def test_heads_stand_over_each_other(depth: str) -> None:
    task = draw(summary_of("dnn", task="multitask"), depth=depth).frames[-1]
    first, second = task.boxes
    assert first.x == second.x
    assert first.bottom < second.y
    assert task.captions[1] == "5 + 2 numbers"


# --- what cannot be built, and extremes -------------------------------------------------------


@pytest.mark.parametrize("depth", DEPTHS)
def test_a_design_that_cannot_be_built_is_drawn_with_its_fault(depth: str) -> None:
    drawing = draw(summary_of("cnn", input_shape=[2, 2, 1]), depth=depth)
    (fault,) = [box for box in drawing.boxes if box.fault]
    assert fault.faulty == "group1_pool"
    assert [frame.fault for frame in drawing.frames].count(True) == 1
    assert "cannot be built" in drawing.frames[-1].captions[1]
    after = [line for line in drawing.lines if line.source == fault.key]
    assert after
    assert not any(line.built for line in after)


def test_a_fault_is_never_hidden_in_an_ellipsis(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = summary_of("resnet152", groups=[{}, {}, {"cardinality": 7}, {}])
    assert broken.fault is not None
    drawing = draw(broken)
    (fault,) = [box for box in drawing.boxes if box.fault]
    assert fault.kind != "ellipsis"
    summary = summary_of("resnet152")
    place = next(p for s in summary.sections for p in s.walk() if p.key == "group3/block20")
    monkeypatch.setattr(
        cells_module.Cell,
        "fault",
        property(lambda cell: cell.layers[0] if cell.place.key == place.key else None),
    )
    group = draw(summary).frames[3]
    assert [box.units for box in group.boxes if box.kind == "ellipsis"] == [14, 15]
    assert "group3/block20" in [box.key for box in group.boxes]


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
    for depth in DEPTHS:
        drawing = draw(summary_of("dnn", **parameters), depth=depth)
        assert math.isfinite(drawing.width)
        assert drawing.boxes


def test_long_and_flat_pictures_are_drawn() -> None:
    drawing = draw(summary_of("cnn", input_shape=[16_384, 8, 1], groups=[{"strides": 1}]))
    assert all(box.height <= HEIGHT for box in drawing.boxes)


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
