"""Reasons in words, and the examples kept to look at."""

from __future__ import annotations

import errno
import subprocess
import sys

import numpy as np
import pytest

from designer.errors import DatasetError, RunError
from designer.training import load_predictions, predictions
from designer.training.failures import in_words


class ResourceExhaustedError(Exception):
    """Stands for TensorFlow's."""


def test_accidents_are_told_in_words() -> None:
    assert in_words(DatasetError("There is no network.")) == "There is no network."
    assert "disk is full" in in_words(OSError(errno.ENOSPC, "No space left on device"))
    assert "disk is full" in in_words(RuntimeError("(OperationalError) database or disk is full"))
    assert "out of memory" in in_words(MemoryError())
    assert "out of memory" in in_words(ResourceExhaustedError("OOM when allocating tensor"))
    assert in_words(KeyError("x")) == "Training failed unexpectedly (KeyError: 'x')."
    wrapped = RuntimeError("wrapped")
    wrapped.__cause__ = DatasetError("The cause.")
    assert in_words(wrapped) == "The cause."


def test_right_and_wrong_examples_are_chosen() -> None:
    labels = np.eye(2, dtype="float32")[np.arange(40) % 2]
    outputs = np.tile(np.array([[0.7, 0.3]], "float32"), (40, 1))
    outputs[5] = [0.99, 0.01]  # the worst mistake: it is of class 1
    features = np.arange(40, dtype="uint8")[:, None]
    chosen = predictions.choose("multiclass", np.arange(40) + 100, features, labels, [outputs])
    assert [example.is_right for example in chosen.examples] == [False] * 12 + [True] * 12
    assert chosen.examples[0].index == 105
    assert chosen.examples[0].truth == [[1.0]]
    assert chosen.features[0, 0] == 5
    sparse = predictions.choose("multiclass", np.arange(40), features, labels.argmax(1), [outputs])
    assert [e.truth for e in sparse.examples] == [e.truth for e in chosen.examples]
    both = predictions.choose(
        "multitask", np.arange(40), features, [labels, labels[::-1]], [outputs, outputs]
    )
    assert not any(example.is_right for example in both.examples), "one head of two is wrong"


def test_a_few_examples_are_no_trouble() -> None:
    one = np.ones((1, 1), "float32")
    regression = predictions.choose("regression", np.array([0]), one, one, [one])
    assert regression.examples == []
    binary = predictions.choose("binary", np.array([0]), one, one, [one])
    assert [example.is_right for example in binary.examples] == [True]


def test_predictions_are_kept_and_read_back() -> None:
    labels = np.eye(2, dtype="float32")[[0, 1]]
    features = np.arange(8, dtype="uint8").reshape(2, 2, 2)
    chosen = predictions.choose("multiclass", np.arange(2), features, labels, [labels])
    predictions.save("a-run-1", chosen)
    back = load_predictions("a-run-1")
    assert back.examples == chosen.examples
    np.testing.assert_array_equal(back.features, chosen.features)
    with pytest.raises(RunError, match="no predictions"):
        load_predictions("a-run-2")


LIGHT = """
import sys
import designer.engine, designer.training
heavy = {"tensorflow", "keras", "sqlalchemy", "streamlit", "pandas", "sklearn"} & set(sys.modules)
assert not heavy, heavy
from designer import Design, DesignerError
from designer.training import TrainingSettings, run_in_this_process
try:
    run_in_this_process(Design.from_template("dnn"), TrainingSettings("iris"))
except DesignerError:
    assert "tensorflow" not in sys.modules
else:
    raise AssertionError("a design for 13 numbers does not fit iris")
"""


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    subprocess.run([sys.executable, "-c", LIGHT], check=True, timeout=60)
