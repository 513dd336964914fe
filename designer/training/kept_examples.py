"""What a run keeps of its data for later exports, written at its end.

Examples to check an export with, to calibrate a quantised one, to measure both; and what the
data were, so that whoever trains again can tell whether theirs are the same.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from designer.compiling import compile_settings
from designer.datasets import encode_labels, load
from designer.datasets.fingerprint import fingerprint
from designer.design import Design
from designer.errors import DatasetError
from designer.paths import run_folder
from designer.training.preparing import Parts
from designer.training.settings import TrainingSettings
from designer.training.taking_home import CALIBRATION_FILE, DATA_FILE, HELD_OUT_FILE

MOST_CALIBRATED = 100
"""Training examples kept to calibrate with."""

MOST_HELD_OUT = 256
"""Test examples kept to measure with."""

MOST_BYTES = 64_000_000
"""The most that either of them takes on disk: of large pictures, fewer are kept."""


def keep_examples(
    run: str,
    design: Design,
    settings: TrainingSettings,
    parts: Parts,
    seconds: float = math.inf,
) -> None:
    """Write the kept examples of a run, and what its data were, into its folder.

    ``calibration.npy`` holds prepared training examples, float32 (n, *input_shape).
    ``held_out.npz`` holds test examples as the data set has them, ``raw`` (n, *raw_shape), and
    their labels in the unit of the data, as the losses of the heads take them: ``label_0``, ….
    ``data.json`` holds the data's fingerprint and how many examples each part has.

    Each file is whole or not there. Of data that were deleted while the run was under way,
    nothing is kept; what is not begun, or for a fingerprint not read, after so many ``seconds``
    is left out, as someone may wait.

    Raises:
        OSError: they cannot be written.
    """
    until = time.monotonic() + seconds
    folder = run_folder(run)
    try:
        dataset = load(settings.dataset, design["task"])
    except DatasetError:
        return
    many = min(MOST_CALIBRATED, max(1, MOST_BYTES // parts.preprocessing.bytes_per_example))
    prepared = parts.preprocessing.apply(parts.train.features[:many])
    _write(folder / CALIBRATION_FILE, lambda file: np.save(file, prepared))

    if time.monotonic() < until:
        bytes_each = dataset.features.itemsize * int(np.prod(dataset.features.shape[1:]))
        many = min(MOST_HELD_OUT, max(1, MOST_BYTES // bytes_each))
        taken = dataset.take(parts.test.indices[:many])
        labels = encode_labels(taken.labels, dataset.view, compile_settings(design).loss)
        heads = labels if isinstance(labels, list) else [labels]
        arrays: dict[str, Any] = {f"label_{place}": head for place, head in enumerate(heads)}
        arrays["raw"] = np.asarray(taken.features)
        _write(folder / HELD_OUT_FILE, lambda file: np.savez(file, **arrays))

    values: dict[str, Any] = {
        "revision": dataset.info.revision,
        "examples": len(dataset),
        "parts": {
            "train": len(parts.train.indices),
            "validation": len(parts.validation.indices),
            "test": len(parts.test.indices),
        },
    }
    if digest := fingerprint(dataset, until):
        values["fingerprint"] = digest
    _write(folder / DATA_FILE, lambda file: file.write(json.dumps(values).encode()))


def _write(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Write a file, whole or not at all: an export may be reading what is there."""
    unfinished = path.with_name(f"unfinished-{path.name}")
    try:
        with unfinished.open("wb") as file:
            write(file)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)  # a full disk leaves half a file
