"""A run as a TensorBoard log folder: ``tensorboard --logdir`` on the folder of runs shows it.

Folders and tags are those of ``keras.callbacks.TensorBoard`` (``train`` and ``validation``,
``epoch_loss``, ``batch_loss``), so that old runs and ours lie side by side. For worker processes.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from tensorboard.summary import Writer

from designer.paths import run_folder
from designer.training.runs import EPOCH, Run
from designer.training.settings import TrainingSettings
from designer.training.store import NewPoint

FOLDER = "tensorboard"


def log_folder(run: str) -> Path:
    """Return the log folder of a run; it goes when the run is deleted."""
    return run_folder(run) / FOLDER


def open_sink(run: Run, settings: TrainingSettings) -> TensorBoardSink:
    """Begin the log folder of a run anew: all its points come again."""
    return TensorBoardSink(log_folder(run.id))


class TensorBoardSink:
    """Writes event files.

    Args:
        folder: the log folder, emptied first, so that no point is there twice.
    """

    def __init__(self, folder: Path):
        shutil.rmtree(folder, ignore_errors=True)
        self._writers = {part: Writer(str(folder / part)) for part in ("train", "validation")}

    def write(self, points: Sequence[NewPoint]) -> None:
        for point in points:
            is_epoch = point.kind == EPOCH
            for name, value in point.values.items():
                part = "validation" if name.startswith("val_") else "train"
                tag = f"{'epoch' if is_epoch else 'batch'}_{name.removeprefix('val_')}"
                step = point.epoch if is_epoch else point.step
                self._writers[part].add_scalar(tag, value, step)
        for writer in self._writers.values():
            writer.flush()

    def close(self, state: str, metrics: Mapping[str, float]) -> None:
        for writer in self._writers.values():
            writer.close()
