"""What a model said of the test examples of its run: kept in the run's folder, and read back.

Three files: what it is about (JSON, with every name in it, so that it can be read when the data
set is gone), truths and outputs (``.npz`` without pickle), and the raw features (``.npy``, of
which a page reads only the examples it shows).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from designer.errors import RunError
from designer.paths import run_folder

MOST_EXAMPLES = 20_000
"""How many test examples are kept at most."""

MOST_BYTES = 64_000_000
"""How much the kept examples take on disk: half of it outputs, half of it features."""

ABOUT_FILE = "results.json"
ANSWERS_FILE = "results.npz"
FEATURES_FILE = "results-features.npy"


@dataclass(frozen=True)
class Subject:
    """What the results are about: everything a page has to know of data and task to show them.

    Attributes:
        task: ``"regression"``, ``"binary"``, ``"multiclass"``, ``"multilabel"``, ``"multitask"``.
        dataset: what people call the data set.
        is_picture: whether an example is a picture rather than a row of numbers.
        pixel_range: the smallest and largest value of a pixel; ``None`` for tables.
        class_names: of each head, in label order; empty for regression.
        target_names: what is predicted, one a head (or one a number, for regression).
        feature_names: of the columns; empty for pictures.
    """

    task: str
    dataset: str
    is_picture: bool
    pixel_range: tuple[int, int] | None
    class_names: tuple[tuple[str, ...], ...]
    target_names: tuple[str, ...]
    feature_names: tuple[str, ...] = ()

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Subject:
        """Make it again from JSON."""
        pixel_range = values["pixel_range"]
        return cls(
            task=values["task"],
            dataset=values["dataset"],
            is_picture=values["is_picture"],
            pixel_range=None if pixel_range is None else (pixel_range[0], pixel_range[1]),
            class_names=tuple(tuple(names) for names in values["class_names"]),
            target_names=tuple(values["target_names"]),
            feature_names=tuple(values["feature_names"]),
        )


@dataclass(frozen=True, eq=False)
class Results:
    """The kept test examples of a run and what its model said of them.

    Attributes:
        subject: what they are about.
        tested: how many examples the test part has; more than ``len(self)`` if not all are kept.
        indices: (examples,) where they lie in the data set.
        truths: one array a head: class numbers (examples,), or 0 and 1 (examples, labels), or
            numbers (examples, outputs).
        outputs: one array a head, (examples, units): what the model put out.
        places: (examples,) where the features of an example lie in ``features``; -1 if they
            are not kept.
        features: raw features of some examples, read from disk when asked for.
    """

    subject: Subject
    tested: int
    indices: np.ndarray
    truths: tuple[np.ndarray, ...]
    outputs: tuple[np.ndarray, ...]
    places: np.ndarray
    features: np.ndarray

    def __len__(self) -> int:
        return len(self.indices)

    def raw(self, row: int) -> np.ndarray | None:
        """Return the raw features of an example; ``None`` if they are not kept."""
        place = int(self.places[row])
        return None if place < 0 else np.asarray(self.features[place])


def write_results(
    run: str,
    subject: Subject,
    indices: np.ndarray,
    features: Any,
    labels: np.ndarray | Sequence[np.ndarray],
    outputs: Sequence[np.ndarray],
    *,
    tested: int | None = None,
) -> None:
    """Keep what a model said of test examples, whole or not at all.

    Args:
        run: the run.
        subject: what they are about.
        indices: (examples,) where the examples lie in the data set.
        features: raw, (examples, …); what ``features[rows]`` gives is all that is read of it.
        labels: encoded labels (class numbers, one-hot rows, 0 and 1, or numbers), or a list of
            one array a head; as many examples or more.
        outputs: the model's outputs, (examples, units), one a head; of fewer examples if it was
            not asked about all.
        tested: how many test examples there are; by default, as many as ``indices``.
    """
    count = min(len(indices), MOST_EXAMPLES, *(len(output) for output in outputs))
    width = sum(int(np.prod(output.shape[1:])) for output in outputs)
    count = min(count, max(1, MOST_BYTES // 2 // (8 * max(1, width))))
    truths = _truths(subject.task, labels, count)
    said = [np.asarray(out[:count], np.float32).reshape(count, -1) for out in outputs]
    rows = _rows_to_show(subject, truths, said)
    one = np.asarray(features[np.arange(1)]) if count else np.empty((0, 1), np.float32)
    rows = rows[: max(1, MOST_BYTES // 2 // max(1, one.nbytes))]
    places = np.full(count, -1, np.int64)
    places[rows] = np.arange(len(rows))
    arrays: dict[str, Any] = {f"truth{head}": truth for head, truth in enumerate(truths)}
    arrays |= {f"output{head}": output for head, output in enumerate(said)}
    folder = run_folder(run)
    (folder / ABOUT_FILE).unlink(missing_ok=True)
    # Rows in the order of the data: that is how a disk likes to be read.
    order = np.sort(rows)
    places[order] = np.arange(len(order))
    _replace(folder / FEATURES_FILE, lambda file: np.save(file, np.asarray(features[order])))
    arrays |= {"indices": np.asarray(indices[:count], np.int64), "places": places}
    _replace(folder / ANSWERS_FILE, lambda file: np.savez(file, allow_pickle=False, **arrays))
    about = {
        "subject": asdict(subject),
        "tested": len(indices) if tested is None else tested,
        "heads": len(said),
    }
    _replace(folder / ABOUT_FILE, lambda file: file.write(json.dumps(about).encode()))


def has_results(run: str) -> bool:
    """Say whether a run has kept what its model said."""
    return (run_folder(run) / ABOUT_FILE).is_file()


def load_results(run: str) -> Results:
    """Return what the model of a run said of the test examples.

    Raises:
        RunError: the run kept nothing (it is not over, it failed, or its files are gone).
    """
    folder = run_folder(run)
    try:
        about = json.loads((folder / ABOUT_FILE).read_text())
        with np.load(folder / ANSWERS_FILE, allow_pickle=False) as arrays:
            heads = range(about["heads"])
            return Results(
                Subject.from_dict(about["subject"]),
                about["tested"],
                arrays["indices"],
                tuple(arrays[f"truth{head}"] for head in heads),
                tuple(arrays[f"output{head}"] for head in heads),
                arrays["places"],
                np.load(folder / FEATURES_FILE, mmap_mode="r", allow_pickle=False),
            )
    except FileNotFoundError:
        raise RunError(
            f"The run {run} has kept no answers to its test examples: it has not come to its end, "
            "or its files are gone."
        ) from None
    except (OSError, ValueError, KeyError) as error:
        raise RunError(f"The kept answers of the run {run} cannot be read: {error}.") from error


def _truths(
    task: str, labels: np.ndarray | Sequence[np.ndarray], count: int
) -> tuple[np.ndarray, ...]:
    """Return labels as they are kept, whatever the loss wanted them to be."""
    heads = list(labels) if isinstance(labels, list | tuple) else [labels]
    truths = []
    for head in heads:
        rows = np.asarray(head[:count]).reshape(count, -1)
        if task in ("multiclass", "multitask"):
            classes = rows[:, 0] if rows.shape[1] == 1 else rows.argmax(axis=1)
            truths.append(classes.astype(np.int32))
        elif task == "binary":
            truths.append((rows[:, 0] >= 0.5).astype(np.int32))
        elif task == "multilabel":
            truths.append((rows >= 0.5).astype(np.int8))
        else:
            truths.append(rows.astype(np.float32))
    return tuple(truths)


def _rows_to_show(
    subject: Subject, truths: Sequence[np.ndarray], outputs: Sequence[np.ndarray]
) -> np.ndarray:
    """Return all rows, those first that are most worth seeing: the mistakes, the worst first."""
    from designer.evaluating.heads import heads_from
    from designer.evaluating.mistakes import rank, rank_regression

    if subject.task == "regression":
        return rank_regression(truths[0], outputs[0]).rows
    ranking = rank(heads_from(subject, truths, outputs))
    right = np.setdiff1d(np.arange(len(truths[0])), ranking.rows)
    return np.concatenate([ranking.rows, right])


def _replace(path: Path, write: Any) -> None:
    unfinished = path.with_name(f"unfinished-{path.name}")
    try:
        with unfinished.open("wb") as file:
            write(file)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
