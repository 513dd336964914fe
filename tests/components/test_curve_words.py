"""How times and figures are written."""

from __future__ import annotations

import pytest

from components.curve_words import write_figure, write_time


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
