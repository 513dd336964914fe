"""Every classification seen in one way: heads that choose one class among several.

Binary has one such head with two classes; each label of a multilabel task is a head of its own,
with the classes "not X" and "X".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from designer.evaluating.results import Results, Subject


@dataclass(frozen=True, eq=False)
class Head:
    """One choice of a class, for every example.

    Attributes:
        name: what is chosen ("digit").
        classes: their names, in label order.
        truth: (examples,) the number of the true class.
        scores: (examples, classes) how likely the model took each class for.
        is_yes_or_no: whether there are two classes, the second of which is "yes".
    """

    name: str
    classes: tuple[str, ...]
    truth: np.ndarray
    scores: np.ndarray
    is_yes_or_no: bool = False

    @property
    def said(self) -> np.ndarray:
        """(examples,) the number of the class the model chose."""
        return self.scores.argmax(axis=1)

    def chance_of_truth(self) -> np.ndarray:
        """(examples,) how likely the model took the true class for."""
        return self.scores[np.arange(len(self.truth)), self.truth]


def heads_of(results: Results) -> tuple[Head, ...]:
    """Return the heads of kept results; none for regression."""
    return heads_from(results.subject, results.truths, results.outputs)


def heads_from(
    subject: Subject, truths: Sequence[np.ndarray], outputs: Sequence[np.ndarray]
) -> tuple[Head, ...]:
    """Return the heads of truths and outputs as :class:`Results` has them."""
    if subject.task == "regression":
        return ()
    names = subject.class_names
    if subject.task == "binary":
        target = subject.target_names[0]
        return (Head(target, names[0], truths[0], _both(outputs[0][:, 0]), True),)
    if subject.task == "multilabel":
        return tuple(
            Head(
                label,
                (f"not {label}", label),
                truths[0][:, number].astype(np.int32),
                _both(outputs[0][:, number]),
                True,
            )
            for number, label in enumerate(names[0])
        )
    return tuple(
        Head(target, classes, truth, output)
        for target, classes, truth, output in zip(
            subject.target_names, names, truths, outputs, strict=True
        )
    )


def scores_of(subject: Subject, outputs: Sequence[np.ndarray]) -> tuple[np.ndarray, ...]:
    """Return the scores of the heads, (examples, classes) each, where no truth is known."""
    count = len(outputs[0])
    truths: list[np.ndarray]
    if subject.task == "multilabel":
        truths = [np.zeros((count, len(subject.class_names[0])), np.int8)]
    else:
        truths = [np.zeros(count, np.int32) for _ in outputs]
    return tuple(head.scores for head in heads_from(subject, truths, outputs))


def _both(yes: np.ndarray) -> np.ndarray:
    return np.stack([1 - yes, yes], axis=1)
