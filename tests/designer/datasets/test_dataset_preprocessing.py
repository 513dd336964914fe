"""Preprocessing: learned from the training part, exact, and the same after JSON."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from designer.datasets import Preprocessing
from designer.datasets.resizing import resize, resize_weights
from designer.errors import DatasetError

GENERATOR = np.random.default_rng(0)
TABLE = GENERATOR.normal([0, 1000, -5], [1, 50, 0.01], (500, 3)).astype(np.float32)
GREY = GENERATOR.integers(0, 256, (30, 28, 20, 1), dtype=np.uint8)
COLOUR = GENERATOR.integers(0, 256, (30, 12, 10, 3), dtype=np.uint8)


def test_standardise_uses_the_training_rows_alone():
    rows = np.arange(0, 300)
    spoiled = TABLE.copy()
    spoiled[300:] = 1e9
    fitted = Preprocessing.fit(spoiled, (3,), rows=rows)
    prepared = fitted.apply(TABLE[rows])
    assert fitted.method == "standardise"
    assert prepared.dtype == np.float32
    np.testing.assert_allclose(prepared.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(prepared.std(axis=0), 1, atol=1e-5)
    assert fitted == Preprocessing.fit(TABLE[rows], (3,))


def test_agrees_with_scikit_learn():
    from sklearn.preprocessing import MinMaxScaler, StandardScaler

    table = TABLE.astype(np.float64)
    for method, theirs in (("standardise", StandardScaler()), ("normalise", MinMaxScaler())):
        ours = Preprocessing.fit(TABLE, (3,), method=method).apply(TABLE)
        np.testing.assert_allclose(ours, theirs.fit_transform(table), atol=1e-5)


@pytest.mark.parametrize("method", ["standardise", "normalise", "none"])
@pytest.mark.parametrize("value", [0.0, 0.1, -7.0, 3e8])
def test_a_constant_column_stays_finite(method, value):
    table = np.full((10_000, 1), value, dtype=np.float32)
    prepared = Preprocessing.fit(table, (1,), method=method).apply(table)
    assert np.isfinite(prepared).all()
    expected = np.float32(value) if method == "none" else 0
    np.testing.assert_allclose(prepared, expected, atol=1e-6)


@given(
    table=arrays(np.float32, (7, 2), elements=st.floats(-1e6, 1e6, width=32)),
    method=st.sampled_from(["standardise", "normalise", "none"]),
)
def test_any_table_stays_finite_and_in_range(table, method):
    prepared = Preprocessing.fit(table, (2,), method=method).apply(table)
    assert np.isfinite(prepared).all()
    if method == "normalise":
        assert prepared.min() >= 0
        assert prepared.max() <= 1
    if method == "standardise":
        assert np.abs(prepared).max() <= np.sqrt(7) + 1e-3


def test_pixels_are_normalised_by_what_they_can_be():
    fitted = Preprocessing.fit(GREY // 2, (28, 20, 1))
    assert fitted.method == "normalise"
    np.testing.assert_allclose(fitted.apply(GREY), GREY / 255, atol=1e-6)
    digits = Preprocessing.fit(GREY // 16, (28, 20, 1), pixel_range=(0, 16))
    assert digits.apply(np.full((1, 28, 20, 1), 16, np.uint8)).max() == 1
    assert "from 0 to 16" in digits.describe()


def test_channels_are_standardised_each():
    tinted = COLOUR // np.array([1, 2, 4], dtype=np.uint8)
    fitted = Preprocessing.fit(tinted, (12, 10, 3), method="standardise")
    prepared = fitted.apply(tinted)
    assert len(fitted.shift) == 3
    np.testing.assert_allclose(prepared.mean(axis=(0, 1, 2)), 0, atol=1e-4)
    np.testing.assert_allclose(prepared.std(axis=(0, 1, 2)), 1, atol=1e-4)
    raw = Preprocessing.fit(tinted, (12, 10, 3), method="none").apply(tinted)
    np.testing.assert_array_equal(raw, tinted)


def test_statistics_do_not_depend_on_the_chunks():
    many = GENERATOR.integers(0, 256, (9000, 3, 2, 1), dtype=np.uint8)
    fitted = Preprocessing.fit(many, (3, 2, 1), method="standardise")
    assert fitted.shift[0] == pytest.approx(many.mean())
    assert fitted.scale[0] == pytest.approx(many.std())


def test_grey_is_weighed_as_the_eye_does():
    grey = Preprocessing.fit(COLOUR, (12, 10), method="none").apply(COLOUR)
    assert grey.shape == (30, 12, 10)
    theirs = np.stack([np.asarray(Image.fromarray(picture).convert("L")) for picture in COLOUR])
    np.testing.assert_allclose(grey, theirs, atol=1)
    channel = Preprocessing.fit(COLOUR, (12, 10, 1), method="none").apply(COLOUR)
    np.testing.assert_array_equal(channel[..., 0], grey)


def test_grey_is_repeated_as_colours():
    prepared = Preprocessing.fit(GREY, (28, 20, 3), method="standardise").apply(GREY)
    assert prepared.shape == (30, 28, 20, 3)
    np.testing.assert_array_equal(prepared[..., 0], prepared[..., 2])


def test_flattening():
    flat = Preprocessing.fit(COLOUR, (360,)).apply(COLOUR)
    np.testing.assert_allclose(flat, COLOUR.reshape(30, -1) / 255, atol=1e-6)
    grey = Preprocessing.fit(COLOUR, (120,))
    assert grey.apply(COLOUR).shape == (30, 120)
    assert len(grey.shift) == 1


@pytest.mark.parametrize("size", [(224, 224), (14, 10), (7, 33), (28, 20), (1, 1), (5, 3)])
def test_resizing_agrees_with_pillow(size):
    height, width = size
    ours = resize(GREY[:5].astype(np.float32), height, width)
    for mine, picture in zip(ours, GREY[:5], strict=True):
        theirs = Image.fromarray(picture[..., 0].astype(np.float32)).resize(
            (width, height), Image.Resampling.BILINEAR
        )
        np.testing.assert_allclose(mine[..., 0], np.asarray(theirs), atol=1e-2)


@given(before=st.integers(1, 60), after=st.integers(1, 60))
def test_resize_weights_add_up(before, after):
    weights = resize_weights(before, after)
    assert weights.shape == (after, before)
    assert (weights >= 0).all()
    np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-5)


@given(
    size=st.integers(1, 40),
    channels=st.sampled_from([1, 3]),
    rank=st.sampled_from([2, 3]),
    wanted=st.sampled_from([1, 3]),
    method=st.sampled_from(["standardise", "normalise", "none"]),
)
def test_any_picture_comes_out_in_the_shape_of_the_design(size, channels, rank, wanted, method):
    pictures = (GREY if channels == 1 else COLOUR)[:4]
    shape = (size, size + 1, wanted)[:rank]
    fitted = Preprocessing.fit(pictures, shape, method=method)
    prepared = fitted.apply(pictures)
    assert prepared.shape == (4, *fitted.output_shape) == (4, *shape)
    assert prepared.dtype == np.float32
    assert prepared.flags.c_contiguous
    assert prepared.nbytes == 4 * fitted.bytes_per_example
    one_by_one = np.concatenate([fitted.apply(pictures[i : i + 1]) for i in range(4)])
    np.testing.assert_allclose(prepared, one_by_one, rtol=1e-4, atol=1e-4)


def test_an_empty_batch_stays_empty():
    assert Preprocessing.fit(GREY, (9, 9, 3)).apply(GREY[:0]).shape == (0, 9, 9, 3)
    assert Preprocessing.fit(TABLE, (3,)).apply(TABLE[:0]).shape == (0, 3)


@pytest.mark.parametrize(
    ("features", "shape"), [(TABLE, (3,)), (GREY, (9, 9, 3)), (COLOUR, (120,)), (COLOUR, (9, 9))]
)
@pytest.mark.parametrize("method", ["standardise", "normalise", "none"])
def test_json_and_back(features, shape, method):
    fitted = Preprocessing.fit(features, shape, method=method)
    again = Preprocessing.from_json(fitted.to_json())
    assert again == fitted
    assert hash(again) == hash(fitted)
    np.testing.assert_array_equal(again.apply(features[:3]), fitted.apply(features[:3]))
    assert fitted.describe().endswith(".")


@pytest.mark.parametrize(
    "change",
    [
        {"method": "squash"},
        {"scale": [1.0, 0.0, 1.0]},
        {"shift": [1.0]},
        {"shift": [float("nan"), 0, 0]},
        {"input_shape": [4]},
        {"raw_shape": "wide"},
        {"raw_shape": [2, 2]},
    ],
)
def test_broken_json_is_told(change):
    values = Preprocessing.fit(TABLE, (3,)).to_dict()
    with pytest.raises(DatasetError):
        Preprocessing.from_dict({**values, **change})
    del values["scale"]
    with pytest.raises(DatasetError, match="scale"):
        Preprocessing.from_dict(values)
    with pytest.raises(DatasetError, match="not JSON"):
        Preprocessing.from_json("{")


def test_what_cannot_be_fitted_is_told():
    with pytest.raises(DatasetError, match="Did you mean 'standardise'"):
        Preprocessing.fit(TABLE, (3,), method="standardize")
    with pytest.raises(DatasetError, match=r"takes 13 numbers.*has 3"):
        Preprocessing.fit(TABLE, (13,))
    with pytest.raises(DatasetError, match="there are none"):
        Preprocessing.fit(TABLE, (3,), rows=np.array([], dtype=np.int64))
    gap = TABLE.copy()
    gap[7, 1] = np.inf
    with pytest.raises(DatasetError, match=r"Column 1 .* not a finite"):
        Preprocessing.fit(gap, (3,))
    Preprocessing.fit(gap, (3,), rows=np.arange(7))
    with pytest.raises(DatasetError, match=r"cannot be prepared"):
        Preprocessing.fit(GREY[..., 0], (28, 20))


def test_a_batch_of_another_shape_is_told():
    fitted = Preprocessing.fit(TABLE, (3,))
    for batch in (TABLE[:, :2], TABLE[0], GREY):
        with pytest.raises(DatasetError, match="was received"):
            fitted.apply(batch)
