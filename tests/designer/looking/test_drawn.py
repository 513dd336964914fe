"""Drawings become examples as the data set has them."""

from __future__ import annotations

import numpy as np
import pytest

from designer.looking.drawn import as_example, light_background
from designer.looking.packing import pack, unpack


def drawing(top: int, left: int, height: int, width: int) -> np.ndarray:
    ink = np.zeros((112, 112), np.float32)
    ink[top : top + height, left : left + width] = 1
    return ink


@pytest.mark.parametrize(("top", "left"), [(0, 0), (10, 70), (50, 30)])
def test_a_drawing_is_centred_wherever_it_is(top: int, left: int) -> None:
    made = as_example(drawing(top, left, 40, 10), (28, 28, 1), (0, 255), centred=True)
    assert made.shape == (28, 28, 1)
    assert made.dtype == np.uint8
    rows, _ = np.nonzero(made[..., 0] > 128)
    assert np.ptp(rows) + 1 == pytest.approx(20, abs=1), "20 pixels high, as in MNIST"
    mass = made[..., 0] / made.sum()
    for axis in (0, 1):
        centre = (mass.sum(axis=1 - axis) * np.arange(28)).sum()
        assert centre == pytest.approx(13.5, abs=0.6)


def test_a_drawing_stays_where_it_is_if_wanted() -> None:
    made = as_example(drawing(0, 0, 56, 56), (8, 8, 1), (0, 16), centred=False)
    assert made[:3, :3].min() == 16
    assert made[5:].max() == 0


def test_ink_is_dark_where_the_data_are() -> None:
    made = as_example(drawing(0, 0, 56, 56), (8, 8, 1), (0, 255), centred=False, dark_on_light=True)
    assert made[0, 0] == 0
    assert made[7, 7] == 255
    grey = np.full((5, 8, 8, 1), 20, np.uint8)
    assert not light_background(grey, (0, 255))
    assert light_background(grey, (0, 25))


def test_nothing_drawn_is_an_empty_picture() -> None:
    for centred in (True, False):
        made = as_example(np.zeros((112, 112)), (28, 28, 3), (0, 255), centred=centred)
        assert made.shape == (28, 28, 3)
        assert not made.any()


@pytest.mark.parametrize("kind", ["uint8", "float32", "int64"])
def test_arrays_cross_the_pipe(kind: str) -> None:
    array = np.arange(24).reshape(2, 3, 4).astype(kind)[:, ::2]
    back = unpack(pack(array))
    assert back.dtype == array.dtype
    np.testing.assert_array_equal(back, array)
