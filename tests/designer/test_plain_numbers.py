"""Numbers as people write them."""

from __future__ import annotations

import math

import pytest

from designer.plain_numbers import plain_figures, plain_number


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (328_712.4, "328,712"),
        (-1437.2, "-1,437"),
        (999.96, "1000"),
        (48.8215, "48.82"),
        (0.0466931, "0.04669"),
        (0, "0"),
        (3e13, "3e+13"),
        (math.nan, "nan"),
        (-math.inf, "-inf"),
    ],
)
def test_large_numbers_are_whole_and_have_their_thousands_apart(value: float, words: str) -> None:
    assert plain_number(value) == words


def test_fewer_digits() -> None:
    assert plain_number(7.6225, 3) == "7.62"
    assert plain_number(999.6, 3) == "1,000"


def test_more_digits_are_not_lost_where_they_are_asked_for() -> None:
    assert plain_number(1437.256, 6) == "1437.26"
    assert plain_number(32_871_211.5, 6) == "32,871,212"


def test_figures_stand_in_a_line_without_those_that_are_not_known() -> None:
    figures = {"loss": 0.0466931, "mae": 28_480.3, "val_loss": None}
    assert plain_figures(figures) == "loss 0.04669  mae 28,480"
