"""What a worker answers when it is asked for a data set."""

from __future__ import annotations

import json

import pytest

import designer.datasets
from designer.datasets import CATALOGUE, describe, is_ready

EMBEDDED = [info.name for info in CATALOGUE.values() if info.embedded]


@pytest.mark.parametrize("name", EMBEDDED)
def test_every_description_is_json_and_complete(name):
    info = CATALOGUE[name]
    for view in info.tasks:
        told = json.loads(json.dumps(describe(name, view.task), allow_nan=False))
        assert told["name"] == name
        assert told["view"]["task"] == view.task
        assert [len(counts) for counts in told["class_counts"]] == list(map(len, view.heads))
        for counts in told["class_counts"]:
            labels_each = 2 if view.task == "multilabel" else 1
            assert sum(counts) == info.examples * labels_each
        assert len(told["feature_ranges"]) == len(view.feature_names)
    assert is_ready(name)


def test_ranges_of_numbers():
    assert describe("diabetes")["target_ranges"] == [[25.0, 346.0]]
    assert describe("iris")["feature_ranges"][0] == pytest.approx([4.3, 7.9])
    assert describe("breast_cancer")["class_counts"] == [[212, 357]]


PUBLIC = """
CATALOGUE DEFAULT_FRACTIONS METHODS Dataset DatasetInfo FitProblem Preprocessing Split Target
TaskView as_pictures as_table check_fit class_counts dataset_info describe
encode_labels examples fit_notes fit_problems is_ready label_texts load load_preview
matching_datasets parameters_for split
"""


def test_the_public_names_are_these():
    for name in designer.datasets.__all__:
        assert getattr(designer.datasets, name) is not None
    assert set(designer.datasets.__all__) == set(PUBLIC.split())
