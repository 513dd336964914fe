"""Fit of designs and data sets: problems with their mends, and parameters that match."""

from __future__ import annotations

import numpy as np
import pytest

from designer.datasets import (
    CATALOGUE,
    Preprocessing,
    check_fit,
    encode_labels,
    fit_notes,
    fit_problems,
    parameters_for,
)
from designer.errors import DatasetError

RANKS = {"table": (1,), "image": (1, 2, 3)}
MATCHES = [
    (info, task, rank)
    for info in CATALOGUE.values()
    for task in info.task_names
    for rank in RANKS[info.kind]
]


@pytest.mark.parametrize(
    ("info", "task", "rank"), MATCHES, ids=[f"{i.name}-{t}-{r}" for i, t, r in MATCHES]
)
def test_matching_parameters_fit(info, task, rank):
    parameters = parameters_for(info, task, rank)
    assert len(parameters["input_shape"]) == rank
    assert fit_problems(info, **parameters) == ()
    check_fit(info, **parameters)
    raw = info.view(task).input_shape
    batch = np.zeros((2, *raw), np.uint8 if info.kind == "image" else np.float32)
    prepared = Preprocessing.fit(batch, parameters["input_shape"]).apply(batch)
    assert prepared.shape == (2, *parameters["input_shape"])


def test_parameters_of_each_kind():
    def of(name, *arguments):
        return parameters_for(CATALOGUE[name], *arguments)

    assert of("mnist_5k") == {"input_shape": (28, 28, 1), "task": "multiclass", "classes": 10}
    assert of("mnist_5k", None, 2)["input_shape"] == (28, 28)
    assert of("cifar10", None, 1)["input_shape"] == (3072,)
    assert of("breast_cancer") == {"input_shape": (30,), "task": "binary"}
    assert of("diabetes") == {"input_shape": (10,), "task": "regression", "outputs": 1}
    assert of("body_measurements", "multitask") == {
        "input_shape": (3,),
        "task": "multitask",
        "classes": (5, 2),
    }
    with pytest.raises(DatasetError, match=r"iris is a table.*\(height, width\).*such as dnn"):
        of("iris", None, 2)
    with pytest.raises(DatasetError, match="no task 'binary'"):
        of("iris", "binary")
    with pytest.raises(DatasetError, match="rank of an input shape is 1, 2 or 3"):
        of("iris", None, 4)


def test_every_problem_is_told_with_what_would_work():
    problems = fit_problems(CATALOGUE["iris"], input_shape=(13,), task="multiclass", classes=10)
    assert [(p.field, p.received, p.works) for p in problems] == [
        ("input_shape", (13,), (4,)),
        ("classes", 10, 3),
    ]
    assert "13 numbers" in str(problems[0])
    assert "Set classes=3." in problems[1].message
    with pytest.raises(DatasetError, match=r"does not fit.*13 numbers.*classes=10"):
        check_fit(CATALOGUE["iris"], input_shape=(13,), task="multiclass", classes=10)


def test_a_task_that_is_not_offered():
    (problem,) = fit_problems(CATALOGUE["iris"], input_shape=(4,), task="regression", outputs=1)
    assert (problem.field, problem.received, problem.works) == ("task", "regression", "multiclass")
    assert "diabetes" in problem.message


def test_a_table_cannot_feed_a_network_of_pictures():
    for shape in ((28, 28), (224, 224, 3)):
        (problem,) = fit_problems(
            CATALOGUE["wine"], input_shape=shape, task="multiclass", classes=3
        )
        assert problem.field == "input_shape"
        assert problem.works is None
        assert "no height and width" in problem.message
        assert "dnn" in problem.message


def test_pictures_fit_any_size_but_not_any_row():
    mnist = CATALOGUE["mnist_5k"]
    for shape in ((224, 224, 3), (8, 8), (784,), [28, 28, 1]):
        assert fit_problems(mnist, input_shape=shape, task="multiclass", classes=10) == ()
    (problem,) = fit_problems(mnist, input_shape=(13,), task="multiclass", classes=10)
    assert problem.works == (784,)
    (problem,) = fit_problems(mnist, input_shape=(28, 28, 2), task="multiclass", classes=10)
    assert problem.works == (28, 28, 1)
    cifar = CATALOGUE["cifar10"]
    assert fit_problems(cifar, input_shape=(1024,), task="multiclass", classes=10) == ()
    (problem,) = fit_problems(cifar, input_shape=(784,), task="multiclass", classes=10)
    assert "(1024,)" in problem.message


@pytest.mark.parametrize("shape", [(), (0,), (28, 28, 1, 1), (2.5,), (True,), ("x",)])
def test_shapes_that_are_none(shape):
    (problem,) = fit_problems(CATALOGUE["iris"], input_shape=shape, task="multiclass", classes=3)
    assert problem.field == "input_shape"
    assert "whole numbers" in problem.message


def test_heads_of_multitask_and_outputs_of_regression():
    body = CATALOGUE["body_measurements"]
    assert fit_problems(body, input_shape=(3,), task="multitask", classes=[5, 2]) == ()
    (problem,) = fit_problems(body, input_shape=(3,), task="multitask", classes=[2, 5])
    assert problem.works == (5, 2)
    assert "Set classes=[5, 2]." in problem.message
    (problem,) = fit_problems(body, input_shape=(4,), task="multitask", classes=(5, 2))
    assert problem.works == (3,)
    diabetes = CATALOGUE["diabetes"]
    assert fit_problems(diabetes, input_shape=(10,), task="regression") == ()
    (problem,) = fit_problems(diabetes, input_shape=(10,), task="regression", outputs=3)
    assert (problem.field, problem.works) == ("outputs", 1)
    # What the task does not use is not looked at.
    cancer = CATALOGUE["breast_cancer"]
    assert fit_problems(cancer, input_shape=(30,), task="binary", classes=10, outputs=4) == ()


def test_notes_tell_what_is_done():
    cifar, mnist = CATALOGUE["cifar10"], CATALOGUE["mnist_5k"]
    assert fit_notes(mnist, (28, 28, 1)) == ()
    assert fit_notes(mnist, (28, 28)) == ()
    assert "from 28 × 28 to 224 × 224" in fit_notes(mnist, (224, 224, 3))[1]
    assert "repeated" in fit_notes(mnist, (224, 224, 3))[0]
    assert ["grey" in note for note in fit_notes(cifar, (32, 32))] == [True]
    assert ["grey" in note for note in fit_notes(cifar, (1024,))] == [True, False]
    assert fit_notes(cifar, (32, 32, 3)) == ()
    assert fit_notes(CATALOGUE["iris"], (4,)) == ()


def test_labels_for_each_loss():
    def view(name, task):
        return CATALOGUE[name].view(task)

    column = np.array([2, 0, 1])
    one_hot = encode_labels(column, view("iris", "multiclass"), "categorical_crossentropy")
    assert one_hot.tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0]]
    assert one_hot.dtype == np.float32
    sparse = encode_labels(column, view("iris", "multiclass"), ("sparse_categorical_crossentropy",))
    assert sparse.tolist() == [2, 0, 1]
    assert sparse.dtype == np.int32

    binary = encode_labels(np.array([0, 1]), view("breast_cancer", "binary"), "binary_crossentropy")
    assert binary.tolist() == [[0], [1]]
    assert binary.dtype == np.float32

    rows = np.array([[1, 0, 0, 0, 0, 1, 0]])
    multilabel = encode_labels(rows, view("body_measurements", "multilabel"), "binary_crossentropy")
    assert multilabel.dtype == np.float32
    assert multilabel.tolist() == rows.tolist()

    multitask = encode_labels(
        (np.array([4]), np.array([1])),
        view("body_measurements", "multitask"),
        ["categorical_crossentropy", "sparse_categorical_crossentropy"],
    )
    assert isinstance(multitask, list)
    assert [head.tolist() for head in multitask] == [[[0, 0, 0, 0, 1]], [1]]

    numbers = encode_labels(np.array([[151.0]]), view("diabetes", "regression"), "mse")
    assert numbers.tolist() == [[151.0]]


def test_losses_that_cannot_be_are_told():
    body, cancer = CATALOGUE["body_measurements"], CATALOGUE["breast_cancer"]
    with pytest.raises(DatasetError, match=r"2 heads \(age category, gender\).*received 1"):
        encode_labels((np.array([0]), np.array([0])), body.view("multitask"), "mse")
    with pytest.raises(DatasetError, match="Use it with multiclass"):
        encode_labels(np.array([0]), cancer.view("binary"), "sparse_categorical_crossentropy")
