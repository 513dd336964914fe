"""How times, figures and predictions are written."""

from __future__ import annotations

import pytest

from components.curve_words import write_figure, write_time
from components.run_result import told
from designer.datasets import dataset_info


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (0.4, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min 0 s"),
        (185, "3 min 5 s"),
        (3599.7, "1 h 0 min"),
        (7800, "2 h 10 min"),
        (90_061, "25 h 1 min"),
    ],
)
def test_times(seconds: float, words: str) -> None:
    assert write_time(seconds) == words


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("accuracy", 0.9234, "92.3%"),
        ("val_outputs1_accuracy", 1.0, "100.0%"),
        ("test_precision", 0.5, "50.0%"),
        ("loss", 0.123456, "0.1235"),
        ("mae", 4321.0, "4,321"),
        ("loss", 0.29, "0.2900"),
        ("loss", float("nan"), "nan"),
    ],
)
def test_figures(name: str, value: float, words: str) -> None:
    assert write_figure(name, value) == words


def test_predictions_are_told_in_the_words_of_the_data() -> None:
    iris = dataset_info("iris").view()
    assert told(iris, [[0.1, 0.7, 0.2]], truth=False) == "versicolor (70%)"
    assert told(iris, [[2.0]], truth=True) == "virginica"

    cancer = dataset_info("breast_cancer").view("binary")
    assert told(cancer, [[0.9]], truth=False) == "benign (90%)"
    assert told(cancer, [[0.2]], truth=False) == "malignant (80%)"
    assert told(cancer, [[1.0]], truth=True) == "benign"

    people = dataset_info("body_measurements")
    labels = people.view("multilabel")
    assert told(labels, [[0, 0, 0, 0, 1, 0, 1]], truth=True) == "adult, male"
    assert told(labels, [[0.1] * 7], truth=False) == "none"
    heads = [[0.1, 0.1, 0.6, 0.1, 0.1], [0.3, 0.7]]
    assert told(people.view("multitask"), heads, truth=False) == "preteen (60%), male (70%)"
    assert told(people.view("multitask"), [[0.0], [1.0]], truth=True) == "baby, male"

    diabetes = dataset_info("diabetes").view()
    assert told(diabetes, [[151.23456]], truth=False) == "151.2"
