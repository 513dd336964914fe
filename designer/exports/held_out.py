"""Held-out examples of a run, and the figures a model reaches on them (numpy alone)."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from designer.design import Design
from designer.errors import ExportError
from designer.summary import Summary
from designer.tasks import heads

if TYPE_CHECKING:
    import numpy as np

    from designer.datasets.preprocessing import Preprocessing

MOST_MULTIPLY_ADDS = 1e12
"""What predicting them once may take: seconds, a network as large as ResNet50 included."""

FEWEST = 16
AT_ONCE = 32


@dataclass(frozen=True)
class HeldOut:
    """Examples that a model was not trained on.

    Attributes:
        raw: as they are in the data set, (n, *raw_shape).
        prepared: as the model takes them, float32 (n, *input_shape).
        labels: what is right, one array a head, as its loss takes it.
    """

    raw: np.ndarray
    prepared: np.ndarray
    labels: tuple[np.ndarray, ...]

    def batches(self) -> list[np.ndarray]:
        """Return the prepared examples, some at a time."""
        return [
            self.prepared[start : start + AT_ONCE]
            for start in range(0, len(self.prepared), AT_ONCE)
        ]


def read_held_out(path: Path, summary: Summary, preprocessing: Preprocessing | None) -> HeldOut:
    """Return held-out examples from a ``.npz`` with ``raw`` and ``label_0``, ``label_1``, …; no
    more than can be predicted in seconds.

    Raises:
        ExportError: the file cannot be read, or is about another model.
    """
    import numpy as np

    design = summary.design
    count = max(FEWEST, int(MOST_MULTIPLY_ADDS / max(1, summary.multiply_adds)))
    try:
        with np.load(path, allow_pickle=False) as arrays:
            raw = arrays["raw"][:count]
            labels = tuple(
                arrays[f"label_{n}"][: len(raw)] for n in range(len(heads(design.parameters)))
            )
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise ExportError(
            f"The held-out examples in {path} cannot be read ({error}); a .npz with raw and"
            " label_0 (one label a head) works."
        ) from None
    wanted = preprocessing.raw_shape if preprocessing else design["input_shape"]
    if not len(raw) or raw.shape[1:] != tuple(wanted) or any(len(raw) != len(x) for x in labels):
        raise ExportError(
            f"The held-out examples in {path} have the shape {raw.shape} and"
            f" {', '.join(str(len(x)) for x in labels)} labels; this model takes"
            f" (n, {', '.join(map(str, wanted))}), n at least 1, with a label a head for each."
        )
    prepared = preprocessing.apply(raw) if preprocessing else raw.astype(np.float32)
    return HeldOut(raw, prepared, labels)


def figures(
    design: Design, outputs: Sequence[np.ndarray], labels: Sequence[np.ndarray]
) -> dict[str, float]:
    """Return what outputs reach: the accuracy of classes (of each head, where there are several),
    the mean absolute error of numbers.

    Args:
        design: of the model.
        outputs: (n, units), one a head.
        labels: one a head: one-hot rows or class indexes, 0 and 1, or numbers.
    """
    import numpy as np

    task = design["task"]
    found: dict[str, float] = {}
    for head, output, label in zip(heads(design.parameters), outputs, labels, strict=True):
        prefix = f"{head.name}_" if task == "multitask" else ""
        if task == "regression":
            return {"mae": float(np.abs(output - label.reshape(output.shape)).mean())}
        if task in ("binary", "multilabel"):
            right = (output >= 0.5) == (label.reshape(output.shape) >= 0.5)
        else:
            classes = label.argmax(axis=1) if label.ndim == 2 and label.shape[1] > 1 else label
            right = output.argmax(axis=1) == classes.reshape(-1)
        found[f"{prefix}accuracy"] = float(right.mean())
    return found
