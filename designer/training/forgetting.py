"""Own data, deleted for good: with them go the examples that runs have kept of them."""

from __future__ import annotations

import contextlib

from designer.datasets.own import delete
from designer.evaluating.results import ABOUT_FILE, ANSWERS_FILE, FEATURES_FILE
from designer.paths import run_folder
from designer.training.boundary import BOUNDARY_FILE
from designer.training.runs import Run
from designer.training.store import RunStore
from designer.training.taking_home import CALIBRATION_FILE, EXAMPLES_FILE, HELD_OUT_FILE

KEPT_EXAMPLES = (
    ABOUT_FILE,
    ANSWERS_FILE,
    FEATURES_FILE,
    EXAMPLES_FILE,
    CALIBRATION_FILE,
    HELD_OUT_FILE,
    BOUNDARY_FILE,
)
"""Files of a run that hold examples of its data. Its figures, its curves and its model stay."""


def runs_of(store: RunStore, dataset: str) -> list[Run]:
    """Return the runs that used a data set, the newest first."""
    return [run for run in store.runs() if run.settings.get("dataset") == dataset]


def forget_data(store: RunStore, dataset: str, owner: str) -> int:
    """Delete an own data set, and the examples that its runs have kept.

    A run under way reads on what it has opened; one that starts or goes on later fails and says
    that the data are gone.

    Args:
        store: the run store.
        dataset: the name of the data set.
        owner: whose it is.

    Returns:
        how many runs used it.

    Raises:
        DatasetError: there is no such data set, or it is somebody else's.
    """
    delete(dataset, owner)
    used = runs_of(store, dataset)
    for run in used:
        for name in KEPT_EXAMPLES:
            with contextlib.suppress(OSError):
                (run_folder(run.id) / name).unlink(missing_ok=True)
    return len(used)
