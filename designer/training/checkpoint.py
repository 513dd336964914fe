"""A place in a run from which it can go on: every variable, and where training stood.

A checkpoint is one file of arrays (numpy's ``.npz``, never pickled), written beside the old one
and then put in its place, so that there is a whole one whatever happens (TensorFlow; workers
only).
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import keras
import numpy as np

from designer.errors import RunError

_PLACE = "place"


@dataclass
class Place:
    """Where training stands.

    Attributes:
        epoch: the epoch under way, counted from 1.
        done: steps of it that are done.
        elapsed: seconds of training so far.
        best: the best value of the monitored figure; ``None`` before there is one.
        best_epoch: the epoch it belongs to; 0 before there is one.
        without_improvement: epochs since then.
        plateau_best, plateau_wait: the same, for the learning rate's plateau.
        rate_factor: what falls on plateaus have made of the learning rate.
        training: the figures of the epoch's training, once all its steps are done.
    """

    epoch: int = 1
    done: int = 0
    elapsed: float = 0.0
    best: float | None = None
    best_epoch: int = 0
    without_improvement: int = 0
    plateau_best: float | None = None
    plateau_wait: int = 0
    rate_factor: float = 1.0
    training: dict[str, float] = field(default_factory=dict)


def variables_of(model: keras.Model) -> list[Any]:
    """Return everything that training changes, in a fixed order: weights, the states of random
    layers, the optimizer's numbers, the running means of losses and metrics."""
    return [*model.variables, *model.optimizer.variables, *model.metrics_variables]


def copies_of(variables: Sequence[Any]) -> list[np.ndarray]:
    """Return what variables hold now, safe from what training makes of them later."""
    return [np.array(keras.ops.convert_to_numpy(variable)) for variable in variables]


def save(
    path: Path, model: keras.Model, place: Place, best: Sequence[np.ndarray] | None = None
) -> None:
    """Write a checkpoint; the file is whole on the disk when this returns.

    Args:
        path: the file, replaced if it is there.
        model: a compiled model whose optimizer is built.
        place: where training stands.
        best: the model's variables as they were after the best epoch; ``None`` if that is now.

    Raises:
        OSError: the disk is full, or cannot be written.
    """
    arrays = {f"now_{n}": array for n, array in enumerate(copies_of(variables_of(model)))}
    if best is not None:
        arrays |= {f"best_{n}": array for n, array in enumerate(best)}
    arrays[_PLACE] = np.frombuffer(json.dumps(asdict(place)).encode(), np.uint8)
    unfinished = path.with_name(f"unfinished-{path.name}")
    try:
        with unfinished.open("wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        _keep_entry(path.parent)
    finally:
        unfinished.unlink(missing_ok=True)


def restore(path: Path, model: keras.Model) -> tuple[Place, list[np.ndarray] | None]:
    """Bring a model back to where a checkpoint was taken.

    Args:
        path: the file.
        model: the same design, compiled in the same way, its optimizer built.

    Returns:
        where training stood, and the variables after the best epoch (``None``: those restored).

    Raises:
        RunError: the file cannot be read, or is of another network.
    """
    variables = variables_of(model)
    try:
        with np.load(path, allow_pickle=False) as kept:
            place = Place(**json.loads(kept[_PLACE].tobytes()))
            for number, variable in enumerate(variables):
                array = kept[f"now_{number}"]
                if array.shape != tuple(variable.shape):
                    raise ValueError(f"{variable.path}: {array.shape} for {variable.shape}")
                variable.assign(array)
            best = None
            if "best_0" in kept:
                best = [kept[f"best_{number}"] for number in range(len(model.variables))]
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile) as error:
        raise RunError(
            f"The checkpoint {path.name} cannot be used ({error}). Start the run again."
        ) from error
    return place, best


def _keep_entry(folder: Path) -> None:
    """Make the new name survive a power cut too, where the system can."""
    if os.name != "posix":
        return
    entry = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(entry)
    finally:
        os.close(entry)
