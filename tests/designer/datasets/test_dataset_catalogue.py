"""The catalogue is complete, consistent, and needs none of the packages that have the data."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from designer.datasets.catalogue import CATALOGUE, dataset_info, matching_datasets
from designer.errors import DatasetError

EMBEDDED = {
    "mnist_5k",
    "digits",
    "iris",
    "wine",
    "breast_cancer",
    "diabetes",
    "body_measurements",
    "two_moons",
    "circles",
    "spirals",
}
WITH_NETWORK = {"mnist", "fashion_mnist", "cifar10", "california_housing"}


def test_has_every_data_set():
    assert {name for name, info in CATALOGUE.items() if info.embedded} == EMBEDDED
    assert {name for name, info in CATALOGUE.items() if not info.embedded} == WITH_NETWORK
    assert next(info.name for info in CATALOGUE.values() if info.kind == "image") == "mnist_5k"


@pytest.mark.parametrize("info", CATALOGUE.values(), ids=lambda info: info.name)
def test_entry_is_consistent(info):
    assert (info.download_mb is None) == info.embedded
    assert (info.pixel_range is not None) == (info.kind == "image")
    assert info.description.endswith(".")
    assert info.source
    assert info.licence
    assert len(set(info.task_names)) == len(info.tasks)
    for view in info.tasks:
        assert len(view.head_names) == max(1, len(view.heads))
        assert set(view.target_names) <= {target.name for target in info.targets}
        assert all(len(set(names)) == len(names) for names in view.heads)
        if info.kind == "table":
            assert view.input_shape == (len(view.feature_names),)
            assert set(view.feature_names) <= set(info.feature_names)
        else:
            assert len(view.input_shape) == 3
    json.dumps(info.to_dict(), allow_nan=False)


def test_two_classes_offer_binary_first():
    assert CATALOGUE["breast_cancer"].task_names == ("binary", "multiclass")
    assert CATALOGUE["breast_cancer"].view("binary").heads == (("malignant", "benign"),)
    assert CATALOGUE["breast_cancer"].view("binary").classes is None


def test_body_measurements_offer_the_tasks_of_the_book():
    info = CATALOGUE["body_measurements"]
    assert "ynthetic" in info.title + info.description
    found = {view.task: (view.input_shape, view.classes) for view in info.tasks}
    assert found == {"multiclass": ((4,), 5), "multilabel": ((3,), 7), "multitask": ((3,), (5, 2))}


def test_unknown_names_are_answered_with_the_nearest():
    with pytest.raises(DatasetError, match="Did you mean 'mnist_5k'"):
        dataset_info("mnist5k")
    with pytest.raises(DatasetError, match="no data set"):
        dataset_info(["iris"])  # type: ignore[arg-type]
    with pytest.raises(DatasetError, match=r"iris has no task 'regression'.*diabetes"):
        dataset_info("iris").view("regression")


def test_matching_data_sets():
    assert matching_datasets("multitask", 1) == ("body_measurements",)
    assert matching_datasets("multiclass", 3)[0] == "mnist_5k"
    assert matching_datasets("multiclass", 1)[0] == "iris"
    assert matching_datasets("regression", 1) == ("diabetes", "california_housing")
    assert matching_datasets("regression", 3) == ()


def test_importing_brings_nothing_heavy():
    code = (
        "import sys, designer.datasets as d; d.CATALOGUE['iris'].to_dict(); "
        "heavy = {'sklearn', 'mlxtend', 'keras', 'tensorflow', 'pandas', 'scipy', 'streamlit'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"
