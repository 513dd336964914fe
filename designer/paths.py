"""Where the product keeps what outlives a process: caches, runs, checkpoints."""

from __future__ import annotations

import os
from pathlib import Path

HOME_VARIABLE = "MODEL_DESIGNER_HOME"


def home() -> Path:
    """Return the folder for everything we keep, made if it is not there.

    It is ``$MODEL_DESIGNER_HOME``, or ``~/.model-designer``.
    """
    folder = Path(os.environ.get(HOME_VARIABLE) or Path.home() / ".model-designer")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def cache_folder() -> Path:
    """Return the folder of what can be made again: converted data sets, timings."""
    folder = home() / "cache"
    folder.mkdir(exist_ok=True)
    return folder


def run_folder(run: str) -> Path:
    """Return the folder that holds the files of one run (its model, its predictions)."""
    folder = home() / "runs" / run
    folder.mkdir(parents=True, exist_ok=True)
    return folder
