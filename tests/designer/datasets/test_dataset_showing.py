"""Examples in a form for people."""

from __future__ import annotations

import numpy as np
import pytest

from designer.datasets import as_pictures, as_table, examples, label_texts, load
from designer.errors import DatasetError


def test_examples_take_turns_between_the_classes():
    shown = examples(load("iris"), 6, seed=1)
    assert sorted(label_texts(shown)) == sorted(["setosa", "versicolor", "virginica"] * 2)
    np.testing.assert_array_equal(shown.features, examples(load("iris"), 6, seed=1).features)
    assert len(examples(load("iris"), 1000)) == 150


@pytest.mark.parametrize("task", ["multiclass", "multilabel", "multitask"])
def test_labels_in_words_agree_between_the_tasks(task):
    dataset = load("body_measurements", task)
    reference = label_texts(load("body_measurements", "multitask"))
    words = label_texts(dataset)
    if task == "multiclass":
        assert words[:50] == [text.split(", ")[0] for text in reference[:50]]
    else:
        assert words == reference
    assert len(examples(dataset, 10)) == 10


def test_rows_of_a_table_have_readable_columns():
    frame = as_table(load("body_measurements", "multitask"), 4)
    assert list(frame.columns) == [
        "height (cm)",
        "weight (kg)",
        "nose surface area (cm²)",
        "age category",
        "gender",
    ]
    assert len(frame) == 4
    assert set(frame["gender"]) <= {"female", "male"}
    assert "age category and gender" in as_table(load("body_measurements", "multilabel"), 2)
    assert as_table(load("diabetes"))["disease progression after a year"].iloc[0] == 151
    assert as_table(load("iris"), 3)["species"].tolist() == ["setosa"] * 3
    assert label_texts(load("diabetes"))[0] == "151"


def test_pictures_use_the_whole_range():
    pictures = as_pictures(load("digits"))
    assert pictures.shape == (1797, 8, 8)
    assert pictures.dtype == np.uint8
    assert (pictures.min(), pictures.max()) == (0, 255)
    assert as_pictures(examples(load("mnist_5k"), 3)).shape == (3, 28, 28)


def test_the_wrong_form_is_told():
    with pytest.raises(DatasetError, match="set of pictures"):
        as_table(load("digits"))
    with pytest.raises(DatasetError, match="is a table"):
        as_pictures(load("iris"))
