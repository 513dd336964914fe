"""Examples with what was said of them, as cards and as rows."""

from __future__ import annotations

import numpy as np
import pytest

from components.results_examples import as_picture, cards, table, write_chance
from components.results_view import class_table
from designer.evaluating import Results, confusion, heads_of
from tests.designer.evaluating.made import head, softmax, subject


def results(task: str, truths: list, said: list, *classes: int, **about) -> Results:
    count = len(truths[0])
    features = np.arange(count * 4, dtype=np.float32).reshape(count, 2, 2, 1)
    return Results(
        subject(task, *classes, picture=True, **about),
        count,
        np.arange(count) + 50,
        tuple(np.array(truth) for truth in truths),
        tuple(np.array(output, np.float32) for output in said),
        np.where(np.arange(count) < 3, np.arange(count), -1),
        features,
    )


def test_a_card_has_the_truth_and_the_likeliest_guesses() -> None:
    outputs = np.zeros((4, 5), np.float32)
    outputs[:] = [0.5, 0.3, 0.15, 0.0499, 0.0001]
    kept = results("multiclass", [[4, 0, 1, 2]], [outputs], 5)
    text = cards(kept, heads_of(kept), [0])
    assert "is c0-4" in text
    assert [name in text for name in ("c0-0", "c0-1", "c0-2", "c0-3")] == [True, True, False, False]
    assert "50.0%" in text
    assert "&lt;0.1%" in text
    assert "picture not kept" in cards(kept, heads_of(kept), [3])


def test_names_are_no_markup() -> None:
    kept = results("multiclass", [[0]], [[[1.0]]], 1)
    about = kept.subject
    named = Results(
        type(about)(**{**vars(about), "class_names": (("<b>x</b>",),)}),
        *(getattr(kept, name) for name in list(vars(kept))[1:]),
    )
    assert "<b>x" not in cards(named, heads_of(named), [0])


def test_rows_of_every_task() -> None:
    both = results("multitask", [[0, 2], [1, 0]], [softmax(0, 2, 3), softmax(1, 2, 2)], 3, 2)
    columns = table(both, heads_of(both), np.array([1]))
    assert columns["target 0: is"] == ["c0-2"]
    assert columns["row"] == [51]
    numbers = results("regression", [[[1.0, 2], [3, 4]]], [[[2.0, 2], [0, 4]]], outputs=2)
    columns = table(numbers, (), np.array([0, 1]))
    assert columns["target 0: off by"] == [1, -3]
    assert columns["target 1: predicted"] == [2, 4]
    assert "target 0" in cards(numbers, (), [0])
    named = {**vars(numbers.subject), "feature_names": ("a", "b")}
    gaps = np.array([[1, np.nan], [2, 3]], np.float32)
    values = {**vars(numbers), "subject": type(numbers.subject)(**named), "features": gaps}
    columns = table(Results(**values), (), np.array([0, 1]))
    assert (columns["a"], columns["b"]) == ([1, 2], [None, 3]), "a gap is shown as one"


def test_pictures_are_shown_in_their_range() -> None:
    about = subject("binary", 2, picture=True)
    small = type(about)(**{**vars(about), "pixel_range": (0, 16)})
    shown = as_picture(small, np.array([[[0], [16]], [[8], [40]]]))
    assert shown is not None
    assert shown.tolist() == [[0, 255], [128, 255]]
    assert as_picture(about, None) is None


@pytest.mark.parametrize(
    ("score", "words"),
    [(0, "0.0%"), (0.0004, "&lt;0.1%"), (0.5, "50.0%"), (0.9997, "&gt;99.9%"), (1, "100.0%")],
)
def test_probabilities(score: float, words: str) -> None:
    assert write_chance(score) == words


def test_a_class_without_examples_has_no_share() -> None:
    columns = class_table(confusion(head([0, 0, 1], [0, 1, 1])))
    assert columns["found"] == [0.5, 1, None]
    assert columns["right when said"] == [1, 0.5, None]
