"""What a model says of the whole plane, where the data have two features: written now and then
while it trains, so that a page can show its decision boundary move.

The file ``boundary.npz`` in the run's folder, without pickle: ``x`` and ``y``, the places of the
grid in the unit of the data; ``outputs``, float32 (rows, columns, units) of the first head;
``points`` (n, 2) and ``truths`` (n,) of some training examples; ``step`` and ``epoch``.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from designer.datasets import Preprocessing
from designer.errors import RunError
from designer.paths import run_folder

BOUNDARY_FILE = "boundary.npz"

SIDE = 64
"""Places of the grid along each side."""

MOST_POINTS = 300
"""Training examples that are shown upon it."""

MARGIN = 0.15
"""How far the grid reaches beyond the data, as a part of their range."""

PAUSE = 0.9
"""Seconds between two maps, at least."""

LARGEST_SHARE = 0.02
"""The largest part of the time that goes into maps."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Boundary:
    """A map of the plane; see the module for its attributes."""

    x: np.ndarray
    y: np.ndarray
    outputs: np.ndarray
    points: np.ndarray
    truths: np.ndarray
    step: int
    epoch: int


def has_two_features(features: Any) -> bool:
    """Say whether examples can be drawn on a plane."""
    return len(features.shape) == 2 and features.shape[1] == 2


def grid(
    model: Callable[..., Any],
    preprocessing: Preprocessing,
    features: np.ndarray,
    side: int = SIDE,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what a model says of a grid over the plane.

    Args:
        model: of two features, called as a Keras model is.
        preprocessing: of its examples.
        features: raw examples (n, 2), the range of which the grid covers.
        side: places along each side.

    Returns:
        ``x`` and ``y`` (side,) and the first head's outputs, float32 (side, side, units): a row
        of one y.
    """
    low, high = features.min(axis=0), features.max(axis=0)
    room = MARGIN * np.where(high > low, high - low, 1)
    x, y = (
        np.linspace(low[axis] - room[axis], high[axis] + room[axis], side, dtype=np.float32)
        for axis in (0, 1)
    )
    plane = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    outputs = model(preprocessing.apply(plane), training=False)
    first = outputs[0] if isinstance(outputs, list | tuple) else outputs
    return x, y, np.asarray(first, np.float32).reshape(side, side, -1)


class BoundaryWriter:
    """Writes the map of a run's model, at most about once a second.

    Args:
        run: the run.
        preprocessing: of its examples.
        features: raw training examples.
        labels: encoded labels of the same, or a list of one array a head.
    """

    def __init__(self, run: str, preprocessing: Preprocessing, features: Any, labels: Any):
        self.applies = has_two_features(features)
        """Whether the data have two features that are known; if not, nothing is ever written."""
        self._file = run_folder(run) / BOUNDARY_FILE
        self._preprocessing = preprocessing
        self._next = 0.0
        self._is_first = True
        if self.applies:
            table = np.asarray(features)
            known = ~np.isnan(table).any(axis=1)  # a point of which a value is missing has no place
            self.applies = bool(known.any())
            self._features = table[known]
            first = labels[0] if isinstance(labels, list | tuple) else labels
            few = np.asarray(first)[known][:MOST_POINTS]
            few = few.reshape(len(few), int(np.prod(few.shape[1:])))
            self._truths = few[:, 0] if few.shape[1] == 1 else few.argmax(axis=1)

    def on_moment(self, model: Callable[..., Any], step: int, epoch: int) -> None:
        """Write the map if it is time; costs a look at the clock if it is not."""
        if self.applies and time.monotonic() >= self._next:
            self._next = time.monotonic() + PAUSE
            try:
                self.write(model, step, epoch)
            except OSError:  # a full disk ends the run soon enough, but not for a picture
                _log.warning("The map of %s could not be written.", self._file, exc_info=True)

    def write(self, model: Callable[..., Any], step: int, epoch: int) -> None:
        """Write the map now, whole or not at all."""
        if not self.applies:
            return
        begun = time.monotonic()
        x, y, outputs = grid(model, self._preprocessing, self._features)
        unfinished = self._file.with_name(f"unfinished-{BOUNDARY_FILE}")
        try:
            with unfinished.open("wb") as file:
                np.savez(
                    file, allow_pickle=False, x=x, y=y, outputs=outputs,
                    points=self._features[:MOST_POINTS], truths=self._truths, step=step,
                    epoch=epoch,
                )  # fmt: skip
            unfinished.replace(self._file)
        finally:
            unfinished.unlink(missing_ok=True)
        spent = 0 if self._is_first else time.monotonic() - begun  # the first prepares much
        self._is_first = False
        self._next = time.monotonic() + max(PAUSE, spent / LARGEST_SHARE)


def has_boundary(run: str) -> bool:
    """Say whether a run has drawn a map yet."""
    return (run_folder(run) / BOUNDARY_FILE).is_file()


def load_boundary(run: str) -> Boundary:
    """Return the newest map of a run.

    Raises:
        RunError: it has none.
    """
    try:
        with np.load(run_folder(run) / BOUNDARY_FILE, allow_pickle=False) as file:
            arrays = {name: file[name] for name in ("x", "y", "outputs", "points", "truths")}
            return Boundary(**arrays, step=int(file["step"]), epoch=int(file["epoch"]))
    except FileNotFoundError:
        raise RunError(
            f"The run {run} has no map of its decisions: its data have more than two features, or "
            "it has not begun."
        ) from None
    except (OSError, ValueError, KeyError) as error:
        raise RunError(f"The map of the run {run} cannot be read: {error}.") from error
