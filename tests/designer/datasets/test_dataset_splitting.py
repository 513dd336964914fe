"""Splits are disjoint, complete, repeatable and even over the classes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer.datasets import split
from designer.errors import DatasetError

SHARES = st.tuples(st.integers(1, 20), st.integers(0, 20), st.integers(0, 20)).map(
    lambda parts: tuple(part / sum(parts) for part in parts)
)
CLASSES = st.lists(st.integers(0, 6), min_size=3, max_size=400).map(
    lambda values: np.array(values, dtype=np.int64)
)


def parts_of(result):
    return result.train, result.validation, result.test


@given(labels=CLASSES, fractions=SHARES, seed=st.integers(0, 2**32))
def test_disjoint_complete_and_repeatable(labels, fractions, seed):
    first, second = split(labels, fractions, seed), split(labels, fractions, seed)
    for one, other in zip(parts_of(first), parts_of(second), strict=True):
        np.testing.assert_array_equal(one, other)
    together = np.concatenate(parts_of(first))
    assert sorted(together) == list(range(len(labels)))
    for part, fraction in zip(parts_of(first), fractions, strict=True):
        assert (len(part) > 0) == (fraction > 0)
        assert abs(len(part) - fraction * len(labels)) <= 2


@given(labels=CLASSES, fractions=SHARES, seed=st.integers(0, 100))
def test_every_class_has_its_share(labels, fractions, seed):
    result = split(labels, fractions, seed)
    values, sizes = np.unique(labels, return_counts=True)
    for value, size in zip(values, sizes, strict=True):
        for part in parts_of(result):
            expected = size * len(part) / len(labels)
            found = np.count_nonzero(labels[part] == value)
            # Rounding of this class, and of the others that it makes up for.
            assert abs(found - expected) <= 1 + size * len(values) / len(labels)


@given(sizes=st.lists(st.integers(1, 60), min_size=1, max_size=6), seed=st.integers(0, 100))
def test_even_classes_stay_even(sizes, seed):
    size, count = sizes[0], len(sizes)
    labels = np.repeat(np.arange(count), size)
    if len(labels) < 3:
        return
    result = split(labels, seed=seed)
    # Training is what two cuts leave over, so it bears the rounding of both.
    for part, most in zip(parts_of(result), (2, 1, 1), strict=True):
        counts = np.bincount(labels[part], minlength=count)
        assert counts.max() - counts.min() <= most


def test_default_fractions_and_another_seed():
    labels = np.repeat(np.arange(3), 50)
    first, other = split(labels), split(labels, seed=1)
    assert tuple(map(len, parts_of(first))) == (106, 22, 22)
    assert not np.array_equal(np.sort(first.test), np.sort(other.test))
    assert not (np.diff(first.train) > 0).all(), "in a random order, not sorted by class"


def test_a_single_example_of_a_class_is_trained_on():
    labels = np.array([0] * 97 + [1, 2, 2])
    for seed in range(20):
        train = set(split(labels, seed=seed).train)
        assert {97, 98, 99} <= train


def test_two_heads_are_split_by_their_combinations():
    age, gender = np.repeat(np.arange(5), 200), np.tile([0, 1], 500)
    result = split((age, gender), seed=2)
    for part in parts_of(result):
        counts = np.bincount(age[part] * 2 + gender[part])
        assert counts.max() - counts.min() <= 1
    multilabel = np.eye(5, dtype=np.int64)[age]
    counts = multilabel[split(multilabel).test].sum(axis=0)
    assert counts.tolist() == [30] * 5


def test_regression_is_split_at_random():
    labels = np.linspace(0, 1, 442, dtype=np.float32)[:, np.newaxis]
    result = split(labels)
    assert tuple(map(len, parts_of(result))) == (310, 66, 66)
    assert abs(labels[result.train].mean() - 0.5) < 0.05


@pytest.mark.parametrize(
    "fractions",
    [
        (0.7, 0.2, 0.2),
        (0.0, 0.5, 0.5),
        (1.2, -0.1, -0.1),
        (0.5, 0.5),
        (float("nan"), 0.5, 0.5),
        ("most", 0, 0),
        None,
    ],
)
def test_bad_fractions_are_told(fractions):
    with pytest.raises(DatasetError, match=r"add up to 1.*\(0.7, 0.15, 0.15\)"):
        split(np.zeros(10, dtype=np.int64), fractions)


@pytest.mark.parametrize("seed", [-1, 1.5, "one", True])
def test_bad_seeds_are_told(seed):
    with pytest.raises(DatasetError, match="whole number of 0 or more"):
        split(np.zeros(10, dtype=np.int64), seed=seed)


def test_too_few_examples_are_told():
    with pytest.raises(DatasetError, match="2 examples cannot be split into 3 parts"):
        split(np.array([0, 1]))
