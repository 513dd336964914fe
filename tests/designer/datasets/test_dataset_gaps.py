"""Missing values of a table: what stands for them is learned from the training examples alone."""

from __future__ import annotations

import json

import numpy as np
import pytest

from designer.datasets import Preprocessing
from designer.datasets.describing import _ranges
from designer.datasets.gaps import has_gaps, known_values, means_of_known
from designer.errors import DatasetError
from designer.exports.preparation_code import preparation_code, preparation_words

TRAIN = np.arange(200)


def table() -> np.ndarray:
    """Return numbers with gaps, the rows after the first 200 of another kind."""
    generator = np.random.default_rng(0)
    made = generator.normal(size=(300, 3), loc=[5, -100, 0], scale=[1, 30, 0.01])
    made[200:] += 1000
    made[generator.random(made.shape) < 0.2] = np.nan
    return made.astype(np.float32)


@pytest.mark.parametrize("method", ["standardise", "normalise", "none"])
def test_agrees_with_scikit_learn_fitted_on_the_training_rows(method: str) -> None:
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, MinMaxScaler, StandardScaler

    scaler = {"standardise": StandardScaler, "normalise": MinMaxScaler, "none": FunctionTransformer}
    theirs = make_pipeline(SimpleImputer(), scaler[method]())
    raw = table()
    theirs.fit(raw[TRAIN].astype(np.float64))
    ours = Preprocessing.fit(raw, (3,), method=method, rows=TRAIN)
    expected = theirs.transform(raw.astype(np.float64))
    np.testing.assert_allclose(ours.apply(raw), expected, rtol=1e-4, atol=1e-5)


def test_what_other_rows_hold_changes_nothing() -> None:
    one, other = table(), table()
    other[200:] = np.where(np.isnan(other[200:]), np.nan, -7)
    first, second = (Preprocessing.fit(raw, (3,), rows=TRAIN) for raw in (one, other))
    assert first == second
    assert first.fill == pytest.approx(np.nanmean(one[TRAIN].astype(np.float64), axis=0))


def test_a_gap_that_only_a_later_example_has_is_filled() -> None:
    raw = np.arange(20, dtype=np.float32).reshape(10, 2)
    raw[9, 1] = np.nan
    fitted = Preprocessing.fit(raw, (2,), rows=np.arange(9))
    assert fitted.apply(raw[9:])[0, 1] == pytest.approx(0, abs=1e-6), "the mean, standardised"


def test_a_column_of_which_training_knows_nothing_becomes_zero() -> None:
    raw = table()
    raw[TRAIN, 1] = np.nan
    fitted = Preprocessing.fit(raw, (3,), rows=TRAIN)
    assert fitted.fill is not None
    assert fitted.fill[1] == 0
    assert np.isfinite(fitted.apply(raw)).all()


def test_a_table_without_gaps_is_prepared_as_ever() -> None:
    whole = np.nan_to_num(table())
    fitted = Preprocessing.fit(whole, (3,))
    assert fitted.fill is None
    assert "missing" not in fitted.describe()
    assert "isnan" not in preparation_code(fitted)
    assert not has_gaps(whole)
    assert not has_gaps(whole.astype(np.int64))


def test_what_is_infinite_is_refused() -> None:
    raw = table()
    raw[3, 2] = np.inf
    with pytest.raises(DatasetError, match="Column 2 of the training examples"):
        Preprocessing.fit(raw, (3,))


def test_it_is_kept_as_json_and_older_ones_are_read() -> None:
    fitted = Preprocessing.fit(table(), (3,), rows=TRAIN)
    assert Preprocessing.from_json(fitted.to_json()) == fitted
    assert fitted.describe().startswith("A missing value becomes its column's mean over the train")
    earlier = fitted.to_dict()
    del earlier["fill"]
    assert Preprocessing.from_dict(earlier).fill is None
    for broken in ([1.0], [1.0, 2.0, float("nan")], "abc"):
        with pytest.raises(DatasetError, match="not a preprocessing"):
            Preprocessing.from_dict(json.loads(json.dumps(fitted.to_dict() | {"fill": broken})))
    picture = Preprocessing.fit(np.zeros((2, 4, 4, 1), np.uint8), (4, 4, 1)).to_dict()
    with pytest.raises(DatasetError, match="each column of a table"):
        Preprocessing.from_dict(picture | {"fill": [0.0]})


@pytest.mark.parametrize("method", ["standardise", "none"])
def test_the_lines_that_are_taken_home_fill_the_same(method: str) -> None:
    fitted = Preprocessing.fit(table(), (3,), method=method, rows=TRAIN)
    names: dict = {"np": np}
    exec(preparation_code(fitted), names)
    np.testing.assert_array_equal(names["prepare"](table()), fitted.apply(table()))
    assert "missing value" in " ".join(preparation_words(fitted))


def test_ranges_and_means_are_of_what_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = np.array([[1, np.nan], [np.nan, np.nan], [4, np.nan]], np.float32)
    assert _ranges(raw) == [[1, 4], [0, 0]]
    assert known_values(raw[:, 0]).tolist() == [1, 4]
    assert means_of_known(raw, None).tolist() == [2.5, 0]
    monkeypatch.setattr("designer.datasets.gaps._CHUNK", 7)
    expected = np.nanmean(table().astype(np.float64), axis=0)
    np.testing.assert_allclose(means_of_known(table(), None), expected)
