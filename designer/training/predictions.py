"""What a trained model says of some test examples: which are kept, written and read back.

Kept are examples it got right and examples it got wrong, the worst mistakes first, with
their raw features, so that a page can show them without TensorFlow.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from designer.errors import RunError
from designer.paths import run_folder

OF_EACH_KIND = 12
"""How many right and how many wrong examples are kept."""


@dataclass(frozen=True)
class Prediction:
    """One test example and what the model said.

    Attributes:
        index: its place in the data set.
        is_right: whether every head was right; ``None`` for regression, where there is
            only near and far.
        error: how far off: the mean distance between truth and outputs.
        truth: one list a head: the class's number; 0 or 1 a label; or the numbers.
        outputs: one list a head: what the model put out (probabilities, or numbers).
    """

    index: int
    is_right: bool | None
    error: float
    truth: list[list[float]]
    outputs: list[list[float]]


@dataclass(frozen=True)
class Predictions:
    """The kept test examples of a run.

    Attributes:
        task: the design's task.
        examples: wrong ones first (farthest first for regression), then right ones.
        features: their raw features, (examples, …), as the data set has them.
    """

    task: str
    examples: list[Prediction]
    features: np.ndarray


def choose(
    task: str,
    indices: np.ndarray,
    features: np.ndarray,
    labels: np.ndarray | list[np.ndarray],
    outputs: list[np.ndarray],
) -> Predictions:
    """Return the examples worth keeping out of many.

    Args:
        task: the design's task.
        indices: (examples,) their places in the data set.
        features: (examples, …) raw.
        labels: encoded labels, (examples, …), or one array a head.
        outputs: the model's outputs, (examples, units) each, one a head.
    """
    truths = list(labels) if isinstance(labels, list | tuple) else [labels]
    truths = [np.asarray(truth).reshape(len(indices), -1) for truth in truths]
    rights, errors, told = [], [], []
    for truth, output in zip(truths, outputs, strict=True):
        if task in ("multiclass", "multitask"):
            chosen = truth[:, 0].astype(int) if truth.shape[1] == 1 else truth.argmax(axis=1)
            rights.append(output.argmax(axis=1) == chosen)
            errors.append(1 - output[np.arange(len(chosen)), chosen])
            told.append(chosen[:, None])
        else:
            if task == "regression":
                rights.append(np.ones(len(truth), bool))
            else:
                rights.append(((output >= 0.5) == (truth >= 0.5)).all(axis=1))
            errors.append(np.abs(truth - output).mean(axis=1))
            told.append(truth)
    right, error = np.all(rights, axis=0), np.mean(errors, axis=0)
    farthest = np.argsort(-error, kind="stable")
    if task == "regression":
        most = min(OF_EACH_KIND, len(farthest) // 2)
        wanted = [*farthest[:most], *farthest[::-1][:most]]
    else:
        # Right ones as they come, not the easiest: those would all look alike.
        wanted = [
            *[place for place in farthest if not right[place]][:OF_EACH_KIND],
            *np.flatnonzero(right)[:OF_EACH_KIND],
        ]
    examples = [
        Prediction(
            index=int(indices[place]),
            is_right=None if task == "regression" else bool(right[place]),
            error=float(error[place]),
            truth=[[float(value) for value in truth[place]] for truth in told],
            outputs=[[float(value) for value in output[place]] for output in outputs],
        )
        for place in wanted
    ]
    return Predictions(task, examples, features[np.asarray(wanted, int)])


def save(run: str, predictions: Predictions) -> None:
    """Write predictions beside the run's model, as JSON and a ``.npz`` of the features."""
    folder = run_folder(run)
    examples = [asdict(example) for example in predictions.examples]
    text = json.dumps({"task": predictions.task, "examples": examples})
    np.savez_compressed(folder / "predictions.npz", features=predictions.features)
    (folder / "predictions.json").write_text(text)


def load(run: str) -> Predictions:
    """Return the predictions kept of a run.

    Raises:
        RunError: the run kept none (it is not over, or it failed).
    """
    folder: Path = run_folder(run)
    try:
        kept: dict[str, Any] = json.loads((folder / "predictions.json").read_text())
        with np.load(folder / "predictions.npz", allow_pickle=False) as arrays:
            features = arrays["features"]
    except FileNotFoundError:
        raise RunError(f"The run {run} has no predictions: it has not come to its end.") from None
    return Predictions(kept["task"], [Prediction(**e) for e in kept["examples"]], features)
