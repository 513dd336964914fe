"""What an export needs to know of a run: its model, its scaling, its names and its figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from designer.datasets import dataset_info
from designer.design import Design
from designer.errors import DatasetError, RunError
from designer.paths import run_folder
from designer.training.runs import EPOCH, MetricPoint, Run

if TYPE_CHECKING:
    from designer.training.store import RunStore

MODEL_FILE = "model.keras"
OTHER_MODEL_FILES = {"last": "model-last.keras", "best": "model-best.keras"}
"""Where the weights of the last step, or of the best epoch, are if others were kept."""

PREPROCESSING_FILE = "preprocessing.json"
EXAMPLES_FILE = "examples.npy"
CALIBRATION_FILE = "calibration.npy"
HELD_OUT_FILE = "held_out.npz"
DATA_FILE = "data.json"
"""See :func:`designer.training.kept_examples.keep_examples` for the last three."""

MOST_EXAMPLES = 32
"""Held-out examples kept, as the model takes them, for the check of an export."""

CHECKPOINTS = ("kept", "best", "last")
"""Which weights of a run: those it kept as its model, of its best epoch, of its last step."""


def has_model(run: Run) -> bool:
    """Return whether a run has a model to export: cheap, for lists of runs."""
    return (run_folder(run.id) / MODEL_FILE).is_file()


def checkpoints_of(run: Run) -> list[str]:
    """Return which of ``"last"`` and ``"best"`` a run has; that of its model comes first."""
    kept = run.settings.get("keep", "last")
    names = sorted(OTHER_MODEL_FILES, key=lambda name: name != kept)
    return [name for name in names if _file_of(run, name) is not None]


def export_arguments(
    run: Run, checkpoint: str = "kept", *, store: RunStore | None = None
) -> dict[str, Any]:
    """Return the arguments of the job ``"export"`` that a run settles.

    Args:
        run: a finished or stopped run.
        checkpoint: one of ``CHECKPOINTS``.
        store: the store that the run is in, which tells its curves; ``None`` opens the usual one.

    Returns:
        ``design``, ``title``, ``model_file``, ``notes``, ``examples``, ``calibration``,
        ``held_out`` and ``record``, JSON values; ``format``, ``out`` and how it is quantised are
        for the person to say.

    Raises:
        RunError: the run has no model (it is not over, it failed, or its files are gone), or not
            those weights of it.
    """
    from designer.training.recording import record_of
    from designer.training.store import RunStore

    folder = run_folder(run.id)
    if not has_model(run):
        why = f"it is {run.state}" if not run.metrics else "its files are gone"
        raise RunError(f"The run {run.id} has no model to export: {why}.")
    if checkpoint not in CHECKPOINTS:
        raise RunError(f"checkpoint: received {checkpoint!r}; {', '.join(CHECKPOINTS)} work.")
    has = checkpoints_of(run)
    asked = has[0] if checkpoint == "kept" else checkpoint
    model = folder / MODEL_FILE if checkpoint == "kept" else _file_of(run, asked)
    if model is None:
        raise RunError(
            f"The run {run.id} has no weights of its {asked}"
            f" {'epoch' if asked == 'best' else 'step'}; it has: {', '.join(has)}."
        )

    opened = store or RunStore()
    try:
        points = opened.metrics(run.id, kind=EPOCH)
        events = opened.events(run.id)
    finally:
        if store is None:
            opened.close()
    figures = run.metrics
    if model.name != MODEL_FILE:
        figures = _figures_of(points, run.best_epoch if asked == "best" else None)
    notes: dict[str, Any] = {
        "dataset": run.settings["dataset"],
        "metrics": figures,
        "preprocessing": json.loads((folder / PREPROCESSING_FILE).read_text()),
    }
    try:
        info = dataset_info(run.settings["dataset"])
        view = info.view(Design.from_dict(run.design)["task"])
    except DatasetError:
        pass  # gone from the catalogue since: its names are not known any more
    else:
        notes |= {
            "dataset": info.title,
            "feature_names": list(view.feature_names),
            "class_names": [list(names) for names in view.heads],
            "target_names": list(view.target_names),
        }

    def kept_file(name: str) -> str | None:
        path = folder / name
        return str(path) if path.is_file() else None

    return {
        "design": run.design,
        "title": run.title,
        "model_file": str(model),
        "notes": notes,
        "examples": kept_file(EXAMPLES_FILE),
        "calibration": kept_file(CALIBRATION_FILE),
        "held_out": kept_file(HELD_OUT_FILE),
        "record": record_of(run, asked, points, events),
    }


def _file_of(run: Run, checkpoint: str) -> Path | None:
    """Return the file with the weights of the last step or of the best epoch, if it is there."""
    folder = run_folder(run.id)
    other = folder / OTHER_MODEL_FILES[checkpoint]
    if other.is_file():
        return other
    model = folder / MODEL_FILE
    if not model.is_file():
        return None
    # The other file is written only where the weights differ.
    kept = str(run.settings.get("keep", "last"))
    if checkpoint == "last":
        return model if kept == "last" or _ends_at_its_best(run) or not run.best_epoch else None
    return model if run.best_epoch and (kept == "best" or _ends_at_its_best(run)) else None


def _ends_at_its_best(run: Run) -> bool:
    """Return whether the last step of a run was that of its best epoch."""
    progress = run.progress
    return bool(run.best_epoch) and (
        progress.step * progress.epochs == run.best_epoch * progress.steps
    )


def _figures_of(points: list[MetricPoint], epoch: int | None) -> dict[str, float]:
    """Return what is known of the weights of an epoch (``None``: of the last): its own figures;
    the final ones are of other weights."""
    if epoch is not None:
        points = [point for point in points if point.epoch == epoch]
    return dict(points[-1].values) if points else {}
