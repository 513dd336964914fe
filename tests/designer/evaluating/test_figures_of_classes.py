"""Matrix, figures of a class and ROC, by hand and against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from designer.evaluating import Head, confusion, heads_of, rank, roc_curve, words
from designer.evaluating.results import Results
from tests.designer.evaluating.made import head, softmax, subject


def test_a_matrix_by_hand() -> None:
    made = confusion(head([0, 0, 0, 1, 1, 2], [0, 0, 1, 1, 1, 0]))
    assert made.counts.tolist() == [[2, 1, 0], [0, 2, 0], [1, 0, 0]]
    assert (made.right, made.examples) == (4, 6)
    a, b, c = made.figures()
    assert (a.support, a.said, a.precision, a.recall) == (3, 3, 2 / 3, 2 / 3)
    assert (b.precision, b.recall, b.f1) == (2 / 3, 1, pytest.approx(0.8))
    assert (c.precision, c.recall, c.f1) == (None, 0, 0)
    assert made.most_confused() == [(0, 1, 1), (2, 0, 1)]
    assert made.rows_in(0, 1).tolist() == [2]


def test_a_class_that_is_missing_has_no_recall() -> None:
    made = confusion(head([0, 0, 1], [0, 1, 1]))
    missing = made.figures()[2]
    assert (missing.support, missing.recall, missing.precision, missing.f1) == (0, None, None, None)
    assert "No test example of “c”" in words.missing_classes(made)
    assert words.missing_classes(confusion(head([0, 1, 2], [0, 0, 0]))) == ""
    assert words.ignored_classes(confusion(head([0, 1, 2], [0, 0, 0]))) == (
        "The model never said “b”, “c”."
    )


@pytest.mark.parametrize("classes", [2, 5, 100])
def test_agrees_with_scikit_learn(classes: int) -> None:
    generator = np.random.default_rng(classes)
    truth = generator.integers(0, classes, 700).astype(np.int32)
    scores = softmax(1, 700, classes)
    scores[np.arange(700), truth] += generator.random(700).astype(np.float32)
    made = confusion(Head("kind", tuple(map(str, range(classes))), truth, scores))
    labels = list(range(classes))
    expected = metrics.confusion_matrix(truth, made.head.said, labels=labels)
    np.testing.assert_array_equal(made.counts, expected)
    columns = metrics.precision_recall_fscore_support(
        truth, made.head.said, labels=labels, zero_division=0
    )
    for figures, *row in zip(made.figures(), *columns, strict=True):
        found = (figures.precision or 0, figures.recall or 0, figures.f1 or 0, figures.support)
        assert found == pytest.approx(tuple(row))
    for number in range(min(classes, 10)):
        curve = roc_curve(truth == number, scores[:, number])
        assert curve is not None
        area = metrics.roc_auc_score(truth == number, scores[:, number])
        assert curve.area == pytest.approx(area)
        false_rate, true_rate, _ = metrics.roc_curve(
            truth == number, scores[:, number], drop_intermediate=False
        )
        every = set(zip(false_rate, true_rate, strict=True))
        ours = list(zip(curve.false_positive_rate, curve.true_positive_rate, strict=True))
        assert set(ours) <= every
        assert np.trapezoid(*zip(*[(y, x) for x, y in ours], strict=True)) == pytest.approx(area)


def test_ties_and_single_classes_have_the_right_curve_or_none() -> None:
    ties = roc_curve(np.array([1, 0, 1, 0]), np.array([0.5, 0.5, 0.5, 0.5]))
    assert ties is not None
    assert ties.area == 0.5
    assert ties.true_positive_rate.tolist() == [0, 1]
    assert roc_curve(np.ones(3), np.arange(3)) is None
    assert roc_curve(np.zeros(3), np.arange(3)) is None
    generator = np.random.default_rng(0)
    truth, scores = generator.random(20_000) < 0.5, generator.random(20_000)
    long = roc_curve(truth, scores)
    assert long is not None
    assert len(long.thresholds) <= 400
    assert long.area == pytest.approx(metrics.roc_auc_score(truth, scores))


def test_heads_of_every_task() -> None:
    def results(task: str, truths: list, outputs: list, *classes: int) -> Results:
        count = len(truths[0])
        return Results(
            subject(task, *classes),
            count,
            np.arange(count),
            tuple(map(np.array, truths)),
            tuple(np.array(output, np.float32) for output in outputs),
            np.full(count, -1),
            np.empty((0, 2)),
        )

    (binary,) = heads_of(results("binary", [[1, 0, 1]], [[[0.9], [0.2], [0.4]]], 2))
    assert binary.said.tolist() == [1, 0, 0]
    assert binary.chance_of_truth() == pytest.approx([0.9, 0.8, 0.4])
    several = heads_of(results("multilabel", [[[1, 0], [1, 1]]], [[[0.9, 0.6], [0.1, 0.7]]], 2))
    assert [one.name for one in several] == ["c0-0", "c0-1"]
    assert [one.said.tolist() for one in several] == [[1, 0], [1, 1]]
    assert several[1].classes == ("not c0-1", "c0-1")
    both = heads_of(
        results("multitask", [[0, 2], [1, 0]], [softmax(0, 2, 3), softmax(1, 2, 2)], 3, 2)
    )
    assert [one.scores.shape for one in both] == [(2, 3), (2, 2)]
    assert heads_of(results("regression", [[[1.0]]], [[[2.0]]])) == ()


def test_the_worst_mistake_comes_first() -> None:
    made = head([0, 0, 1, 2], [0, 1, 1, 0])
    made.scores[3] = [0.98, 0.01, 0.01]
    assert rank([made]).rows.tolist() == [3, 1]
    assert rank([made]).badness[0] == pytest.approx(0.99)
    other = head([0, 0, 0, 0], [1, 0, 0, 0])
    assert sorted(rank([made, other]).rows.tolist()) == [0, 1, 3], "one wrong head is a mistake"


def test_sentences() -> None:
    made = confusion(head([0] * 75 + [1] * 25, [0] * 71 + [1] * 3 + [2] + [1] * 25))
    assert words.cell(made, 0, 1) == "Of 75 examples of “a”, 3 were taken for “b”."
    assert words.cell(made, 0, 2) == "Of 75 examples of “a”, 1 was taken for “c”."
    assert words.cell(made, 0, 0) == "Of 75 examples of “a”, 71 were found."
    assert words.cell(made, 1, 0) == "Of 25 examples of “b”, none were taken for “a”."
    assert words.cell(made, 2, 0) == "The test part has no example of “c”."
    assert words.most_often(made) == (
        "Taken most often for another: “a” for “b” (3), “a” for “c” (1)."
    )
    assert words.most_often(confusion(head([0, 1], [0, 1]))) == ""
    assert words.in_all(made) == (
        "96 of 100 are right (96.0%). Always saying “a” would be right in 75.0%."
    )
