"""Numbers as people write them."""

from __future__ import annotations

import math

import pytest

from designer.plain_numbers import plain_number


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
