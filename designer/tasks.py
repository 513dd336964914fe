"""What a network is for: the heads at its exit, and what training them needs.

The book's five: regression, binary, multi-class, multi-label, and multi-task classification
(chapter 1; "DNN Binary Classifier" and the sections after it).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TASKS = {
    "regression": "Regression: predict numbers",
    "binary": "Binary: yes or no",
    "multiclass": "Multi-class: one of several classes",
    "multilabel": "Multi-label: any of several classes",
    "multitask": "Multi-task: several heads, one class each",
}

ACTIVATIONS = {
    "regression": "linear",
    "binary": "sigmoid",
    "multiclass": "softmax",
    "multilabel": "sigmoid",
    "multitask": "softmax",
}


@dataclass(frozen=True)
class Head:
    """One exit of a network: the name of its last layer, its units, and their activation."""

    name: str
    units: int
    activation: str


def heads(parameters: Mapping[str, Any]) -> tuple[Head, ...]:
    """Return the heads that a design's parameters ask for, in order.

    Args:
        parameters: holds ``task`` and ``outputs`` (regression) or ``classes``.
    """
    task = parameters["task"]
    activation = ACTIVATIONS[task]
    if task == "multitask":
        return tuple(
            Head(f"outputs{number}", units, activation)
            for number, units in enumerate(parameters["classes"], 1)
        )
    if task == "regression":
        units = parameters["outputs"]
    else:
        units = 1 if task == "binary" else parameters["classes"]
    return (Head("outputs", units, activation),)


#: Losses that make sense for a task, the book's first.
LOSSES = {
    "regression": ("mse", "mae", "huber", "log_cosh"),
    "binary": ("binary_crossentropy", "binary_focal_crossentropy", "hinge", "mse"),
    "multiclass": (
        "categorical_crossentropy",
        "sparse_categorical_crossentropy",
        "categorical_focal_crossentropy",
        "kl_divergence",
        "mse",
    ),
    "multilabel": ("binary_crossentropy", "binary_focal_crossentropy", "mse"),
    "multitask": (
        "categorical_crossentropy",
        "sparse_categorical_crossentropy",
        "categorical_focal_crossentropy",
        "kl_divergence",
        "mse",
    ),
}

#: The optimizer the book compiles each task with.
USUAL_OPTIMIZER = {
    "regression": "rmsprop",
    "binary": "rmsprop",
    "multiclass": "adam",
    "multilabel": "rmsprop",
    "multitask": "adam",
}

#: Keras's optimizers, with the numbers each keeps for every trainable parameter.
OPTIMIZER_SLOTS = {
    "adam": 2,
    "rmsprop": 1,
    "sgd": 0,
    "adamw": 2,
    "nadam": 2,
    "adamax": 2,
    "adagrad": 1,
    "adadelta": 2,
    "lion": 1,
}

METRICS = {
    "regression": ("mae", "mse", "root_mean_squared_error", "r2_score", "none"),
    "binary": ("accuracy", "auc", "precision", "recall", "none"),
    "multiclass": ("accuracy", "top_5_accuracy", "none"),
    "multilabel": ("accuracy", "auc", "precision", "recall", "none"),
    "multitask": ("accuracy", "top_5_accuracy", "none"),
}
