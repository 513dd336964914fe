"""Undo, redo, and what one step is."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer import Design
from designer.history import MOST_STEPS, History
from designer.wording import name_change

VGG = Design.from_template("vgg16")


def with_group(design: Design, index: int, **fields: Any) -> Design:
    groups = [dict(group) for group in design["groups"]]
    groups[index] |= fields
    return design.replace(groups=groups)


def labels(history: History) -> list[str]:
    return [step.label for step in history.steps]


def test_a_change_is_undone_and_redone() -> None:
    wide = with_group(VGG, 1, filters=96)
    history = History.start(VGG).record(wide)
    assert history.undoes == "Filters of group 2: 128 → 96"
    assert history.redoes is None
    back = history.undo()
    assert (back.design, back.undoes, back.redoes) == (VGG, None, history.undoes)
    assert back.undo() == back
    assert back.redo() == history
    assert history.redo() == history


def test_a_new_change_forgets_what_was_undone() -> None:
    history = History.start(VGG).record(VGG.replace(classes=10)).undo()
    history = history.record(VGG.replace(classes=20))
    assert labels(history) == ["Start", "Classes: 1,000 → 20"]
    assert history.redoes is None


def test_a_drag_is_one_step() -> None:
    history = History.start(VGG)
    for filters in (66, 70, 81):
        history = history.record(with_group(VGG, 0, filters=filters), resting=False)
    history = history.record(with_group(VGG, 0, filters=96))
    assert labels(history) == ["Start", "Filters of group 1: 64 → 96"]
    history = history.record(with_group(VGG, 0, filters=97))
    assert len(history.steps) == 3, "a rest ends the step"


def test_two_controls_within_one_rest_are_two_steps() -> None:
    one = with_group(VGG, 0, filters=70)
    history = History.start(VGG).record(one, resting=False)
    history = history.record(with_group(one, 3, filters=300), resting=False).rest()
    assert labels(history)[1:] == ["Filters of group 1: 64 → 70", "Filters of group 4: 512 → 300"]


def test_a_drag_that_ends_where_it_began_leaves_no_step() -> None:
    history = History.start(VGG).record(VGG.replace(classes=10), resting=False)
    history = history.record(VGG, resting=False)
    assert history.record(VGG) == History.start(VGG)


def test_an_undo_in_the_middle_of_a_drag_takes_it_back() -> None:
    history = History.start(VGG).record(VGG.replace(classes=10), resting=False).undo()
    assert history.design == VGG
    assert history.redoes == "Classes: 1,000 → 10"
    assert not history.moving


def test_any_state_can_be_gone_back_to() -> None:
    history = History.start(VGG)
    for classes in (10, 20, 30):
        history = history.record(VGG.replace(classes=classes))
    assert history.go(1).design["classes"] == 10
    assert history.go(1).go(3).design["classes"] == 30
    assert history.go(4) == history.go(-1) == history


def test_a_step_says_what_led_to_it() -> None:
    file = Design.from_template("dnn")
    history = History.start(VGG).record(file, "Opened mine.json")
    assert history.undoes == "Opened mine.json"
    assert history.record(VGG).undoes == "Template: VGG16"
    moving = history.record(file.replace(hidden=[3]), resting=False)
    assert moving.record(file, "Reset").undoes == "Reset", "a named step is never part of a drag"


def test_what_changes_nothing_is_no_step() -> None:
    assert History.start(VGG).record(VGG, "Reset") == History.start(VGG)


def test_the_oldest_states_are_forgotten() -> None:
    history = History.start(VGG)
    for classes in range(2, 2 + 2 * MOST_STEPS):
        history = history.record(VGG.replace(classes=classes))
    assert len(history.steps) == MOST_STEPS
    for _ in range(MOST_STEPS):
        history = history.undo()
    assert history.design["classes"] == 2 + MOST_STEPS


GROUPS = [dict(group) for group in VGG["groups"]]


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (VGG.replace(input_shape=[64, 64, 3]), "Input: 224 × 224 × 3 → 64 × 64 × 3"),
        (VGG.replace(hidden=[7]), "Hidden layers: 4,096, 4,096 → 7"),
        (VGG.replace(hidden=[]), "Hidden layers: 4,096, 4,096 → none"),
        (VGG.replace(hidden=[7], dropout=0.5), "Hidden layers: 4,096, 4,096 → 7 and 1 more"),
        (VGG.replace(groups=GROUPS[:4]), "Group 5 removed"),
        (VGG.replace(groups=GROUPS[1:]), "Group 1 removed"),
        (VGG.replace(groups=GROUPS[:2]), "Groups: 5 → 2"),
        (VGG.replace(groups=[*GROUPS, {"filters": 8}]), "Group 6 added"),
        (VGG.replace(groups=[*GROUPS[:2], *GROUPS[1:]]), "Group 2 duplicated"),
        (
            VGG.replace(groups=[GROUPS[1], GROUPS[0], *GROUPS[2:]]),
            "Groups 1 and 2 change places",
        ),
        (VGG.replace(task="regression"), "Task: Classify → Predict numbers"),
        (VGG, "Nothing changed"),
        (Design.from_template("cnn"), "Template: CNN"),
    ],
)
def test_changes_in_words(after: Design, words: str) -> None:
    if "Task" in words:
        assert name_change(VGG, after).startswith("Task: ")
        assert "more" not in name_change(VGG, after), "loss and metric only follow"
    else:
        assert name_change(VGG, after) == words


def test_another_pattern_in_words() -> None:
    """Groups of the composable template have only the fields that their pattern uses."""
    design = Design.from_template("composable", groups=[{"pattern": "plain", "filters": 8}])
    dense = design.replace(groups=[{"pattern": "dense", "filters": 8}])
    assert name_change(design, dense).startswith("Pattern of group 1: ")
    history = History.start(design).record(dense, resting=False).record(design, resting=False)
    assert history.rest() == History.start(design)


def test_flags_choices_and_numbers_in_words() -> None:
    design = Design.from_template("resnet34")
    assert name_change(design, design.replace(variant="paper")) == "Variant: Book → Paper"
    assert name_change(design, design.replace(identity_link=False)) == "Identity link: on → off"
    assert name_change(design, design.replace(dropout=0.25)) == "Dropout: 0 → 0.25"


@given(st.lists(st.sampled_from(["edit", "drag", "rest", "undo", "redo", "first"]), max_size=40))
def test_undo_always_leads_back_to_the_start(acts: list[str]) -> None:
    history, classes = History.start(VGG), 2
    for act in acts:
        classes += 1
        before = history
        match act:
            case "edit" | "drag":
                history = history.record(VGG.replace(classes=classes), resting=act == "edit")
                assert history.design["classes"] == classes
            case "rest":
                history = history.rest()
                assert history.design == before.design
            case "undo":
                history = history.undo()
                if before.undoes:
                    assert history.redo().design == before.design
            case "redo":
                history = history.redo()
            case "first":
                history = history.go(0)
        assert 0 <= history.position < len(history.steps)
        states = [step.design for step in history.steps]
        assert all(one != other for one, other in itertools.pairwise(states))
    for _ in history.steps:
        history = history.undo()
    assert history.design == VGG
