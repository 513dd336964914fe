"""The parameters of the task and of the compile step, which every family has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from designer.tasks import LOSSES, METRICS, OPTIMIZER_SLOTS, TASKS, USUAL_OPTIMIZER, heads
from designer.templates.parameters import Choice, Chosen, Classes, Integer, Parameter, PerHeadChoice

_LABELS = {
    "mse": "Mean squared error",
    "mae": "Mean absolute error",
    "huber": "Huber",
    "log_cosh": "Log-cosh",
    "hinge": "Hinge",
    "binary_crossentropy": "Binary cross-entropy",
    "binary_focal_crossentropy": "Binary focal cross-entropy",
    "categorical_crossentropy": "Categorical cross-entropy",
    "sparse_categorical_crossentropy": "Sparse categorical cross-entropy",
    "categorical_focal_crossentropy": "Categorical focal cross-entropy",
    "kl_divergence": "Kullback–Leibler divergence",
    "adam": "Adam",
    "rmsprop": "RMSprop",
    "sgd": "SGD",
    "adamw": "AdamW",
    "nadam": "Nadam",
    "adamax": "Adamax",
    "adagrad": "Adagrad",
    "adadelta": "Adadelta",
    "lion": "Lion",
    "accuracy": "Accuracy",
    "top_5_accuracy": "Top-5 accuracy",
    "auc": "Area under the ROC curve",
    "precision": "Precision",
    "recall": "Recall",
    "root_mean_squared_error": "Root mean squared error",
    "r2_score": "R² score",
    "none": "None",
}


def labelled(names: Sequence[str]) -> dict[str, str]:
    """Return options with their labels."""
    return {name: _LABELS[name] for name in names}


def task_parameters(
    *,
    task: str = "multiclass",
    classes: Callable[[Chosen], Any] | int,
    between: Sequence[Parameter] = (),
) -> tuple[Parameter, ...]:
    """Return ``task``, ``classes``, ``outputs`` and the compile step's parameters.

    Args:
        task: the default task.
        classes: the default number of classes, or a function of what was chosen.
        between: parameters declared after ``task`` because they depend on it.
    """

    def usual_classes(chosen: Chosen) -> Any:
        count = classes(chosen) if callable(classes) else classes
        if chosen["task"] == "multitask" and isinstance(count, int):
            return (count, 2)
        return count

    def has_classes(chosen: Chosen) -> bool:
        return chosen["task"] in {"multiclass", "multilabel", "multitask"}

    return (
        Choice(
            name="task",
            label="Task",
            help="What the network is for; it decides the outputs, the loss and the optimizer.",
            default=task,
            options=TASKS,
            section="task",
        ),
        *between,
        Classes(
            name="classes",
            label="Classes",
            help="How many classes it tells apart: one output each.",
            default=usual_classes,
            section="task",
            unit="classes",
            applies=has_classes,
            applies_when="task is multiclass, multilabel or multitask",
        ),
        Integer(
            name="outputs",
            label="Outputs",
            help="How many numbers it predicts.",
            default=1,
            maximum=100_000,
            slider=(1, 16),
            section="task",
            unit="numbers",
            applies=lambda chosen: chosen["task"] == "regression",
            applies_when="task is regression",
        ),
        *compile_parameters(),
    )


def compile_parameters() -> tuple[Parameter, ...]:
    """Return loss, optimizer and metric, which follow the task unless they are chosen."""
    return (
        PerHeadChoice(
            name="loss",
            label="Loss",
            help="How wrong a prediction is, as the number that training makes small.",
            default=lambda chosen: LOSSES[chosen["task"]][0],
            options=lambda chosen: labelled(LOSSES[chosen["task"]]),
            heads=lambda chosen: len(heads(chosen)),
            section="compile",
        ),
        Choice(
            name="optimizer",
            label="Optimizer",
            help="How the weights are moved down the gradient.",
            default=lambda chosen: USUAL_OPTIMIZER[chosen["task"]],
            options=labelled(tuple(OPTIMIZER_SLOTS)),
            section="compile",
        ),
        Choice(
            name="metric",
            label="Metric",
            help="What is reported beside the loss; training does not follow it.",
            default=lambda chosen: METRICS[chosen["task"]][0],
            options=lambda chosen: labelled(METRICS[chosen["task"]]),
            section="compile",
        ),
    )
