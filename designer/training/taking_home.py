"""What an export needs to know of a run: its model, its scaling, its names and its figures."""

from __future__ import annotations

import json
from typing import Any

from designer.datasets import dataset_info
from designer.design import Design
from designer.errors import DatasetError, RunError
from designer.paths import run_folder
from designer.training.runs import Run

MODEL_FILE = "model.keras"
OTHER_MODEL_FILES = {"last": "model-last.keras", "best": "model-best.keras"}
"""Where the weights of the last step, or of the best epoch, are if others were kept."""

PREPROCESSING_FILE = "preprocessing.json"
EXAMPLES_FILE = "examples.npy"

MOST_EXAMPLES = 32
"""Held-out examples kept, as the model takes them, for the check of an export."""


def export_arguments(run: Run) -> dict[str, Any]:
    """Return the arguments of the job ``"export"`` that a run settles.

    Args:
        run: a finished or stopped run.

    Returns:
        ``design``, ``title``, ``model_file``, ``notes`` and ``examples``, JSON values;
        ``format`` and ``out`` are for the person to say.

    Raises:
        RunError: the run has no model (it is not over, it failed, or its files are gone).
    """
    folder = run_folder(run.id)
    model = folder / MODEL_FILE
    if not model.is_file():
        why = f"it is {run.state}" if not run.metrics else "its files are gone"
        raise RunError(f"The run {run.id} has no model to export: {why}.")
    notes: dict[str, Any] = {
        "dataset": run.settings["dataset"],
        "metrics": run.metrics,
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
    examples = folder / EXAMPLES_FILE
    return {
        "design": run.design,
        "title": run.id,
        "model_file": str(model),
        "notes": notes,
        "examples": str(examples) if examples.is_file() else None,
    }
