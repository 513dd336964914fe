"""Which item stands for which: short sequences by hand, and all by their properties."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer import Design
from designer.comparing.aligning import (
    MOST_WEIGHED,
    Pairs,
    align_cheapest,
    align_ends,
    common,
    common_unique,
    gaps,
    in_step,
)
from designer.comparing.matching import match_layers
from designer.design import plain
from designer.summary import outline

letters = st.lists(st.sampled_from("abcd"), max_size=12)


def unlike(a: str, b: str) -> float:
    return 0.0 if a == b else 1.5


def pairs_of(a: str, b: str) -> list[str]:
    return [
        ("-" if i is None else a[i]) + ("-" if j is None else b[j])
        for i, j in align_cheapest(a, b, unlike)
    ]


@pytest.mark.parametrize(
    ("a", "b", "said"),
    [
        ("abc", "ac", ["aa", "b-", "cc"]),
        ("ac", "abc", ["aa", "-b", "cc"]),
        ("abc", "abd", ["aa", "bb", "cd"]),
        ("abcd", "bcd", ["a-", "bb", "cc", "dd"]),
        ("aab", "ab", ["aa", "a-", "bb"]),
        ("abcd", "xd", ["a-", "b-", "cx", "dd"]),
        ("", "ab", ["-a", "-b"]),
    ],
)
def test_what_is_left_over_is_what_costs_least(a: str, b: str, said: list[str]) -> None:
    found = pairs_of(a, b)
    if a != "abcd" or b != "xd":  # which of a, b, c becomes x is the same to us
        assert found == said
    else:
        assert len(found) == len(said)
        assert found[-1] == said[-1]


def test_one_item_among_hundreds_is_found() -> None:
    a = [str(number) for number in range(600)]
    b = [*a[:70], *a[71:]]
    assert len(a) * len(b) > MOST_WEIGHED
    assert [i for i, j in align_cheapest(a, b, unlike) if j is None] == [70]


def test_a_group_grows_in_its_middle() -> None:
    assert align_ends("piis", "pis") == [(0, 0), (1, 1), (2, None), (3, 2)]
    assert align_ends("pi", "piii") == [(0, 0), (1, 1), (None, 2), (None, 3)]


def is_in_order(pairs: Pairs) -> bool:
    left = [i for i, _ in pairs if i is not None]
    right = [j for _, j in pairs if j is not None]
    return left == sorted(set(left)) and right == sorted(set(right))


@pytest.mark.parametrize(
    "align",
    [
        lambda a, b: align_cheapest(a, b, unlike),
        align_ends,
        lambda a, b: in_step(len(a), len(b)),
    ],
)
@given(a=letters, b=letters)
def test_every_item_has_one_place(align: Callable[..., Pairs], a: list[str], b: list[str]) -> None:
    pairs = align(a, b)
    assert is_in_order(pairs)
    assert [i for i, _ in pairs if i is not None] == list(range(len(a)))
    assert [j for _, j in pairs if j is not None] == list(range(len(b)))
    assert sorted((j, i) for i, j in pairs if None not in (i, j)) == sorted(
        (i, j) for i, j in align(b, a) if None not in (i, j)
    )


@given(letters, letters)
def test_what_is_common_is_equal_and_in_order(a: list[str], b: list[str]) -> None:
    found = common(a, b)
    assert is_in_order(found)
    assert all(a[i] == b[j] for i, j in found if i is not None and j is not None)
    if any(item in b for item in a):
        assert found
    left = [place for part, _ in gaps(found, len(a), len(b)) for place in part]
    assert sorted([*left, *(i for i, _ in found if i is not None)]) == list(range(len(a)))


@given(st.permutations(list("abcdef")))
def test_the_most_that_keep_their_order_are_common(b: list[str]) -> None:
    a = list("abcdef")
    found = common_unique(a, b)
    assert is_in_order(found)
    assert len(found) == len(common(a, b))


def test_long_networks_take_no_longer_a_layer_than_short_ones() -> None:
    """Ten times the layers: ten times the work, not a hundred."""

    def seconds(blocks: int) -> float:
        base = Design.from_template("resnet50")
        groups = [{**group, "blocks": blocks} for group in plain(base["groups"])]
        a = outline(base.replace(groups=groups))
        b = outline(base.replace(groups=groups, version="v2", stem_filters=32))
        a.sections, b.sections  # noqa: B018  (read once, by whoever comes first)
        best = 1e9
        for _ in range(3):
            start = time.perf_counter()
            match_layers(a, b)
            best = min(best, time.perf_counter() - start)
        return best

    assert seconds(200) < 40 * seconds(20)
