"""Small designs of every task with data made up for them, ready to be exported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from designer.datasets.preprocessing import Preprocessing
from designer.design import Design
from designer.exports import ExportResult, export_model
from designer.tasks import heads

PICTURE = {"input_shape": [12, 10, 1], "groups": [{"filters": 4}], "hidden": [8]}
TABLE = {"input_shape": [5]}
TASK = {
    "regression": {"outputs": 2},
    "binary": {},
    "multiclass": {"classes": 3},
    "multilabel": {"classes": 3},
    "multitask": {"classes": [3, 2]},
}
ODD_NAMES = ['it\'s a "cat"', "dög | é", "dög | é"]
"""Two of them the same: a label is then one of two classes, and no less right."""

PREPARATIONS = [
    ((5,), (5,), "standardise"),
    ((5,), (5,), "normalise"),
    ((5,), (5,), "none"),
    ((8, 6, 3), (8, 6, 3), "normalise"),
    ((8, 6, 3), (8, 6, 3), "standardise"),
    ((8, 6, 3), (8, 6, 3), "none"),
    ((8, 6, 3), (4, 9, 1), "normalise"),
    ((8, 6, 3), (4, 9), "standardise"),
    ((8, 6, 1), (16, 12, 3), "normalise"),
    ((8, 6, 1), (48,), "normalise"),
    ((8, 6, 3), (144,), "standardise"),
    ((8, 6, 3), (48,), "standardise"),
]
"""Shapes of raw and of prepared examples, and how their values are scaled."""


@dataclass(frozen=True)
class Case:
    """A design, and what a run of it would have kept."""

    design: Design
    preprocessing: Preprocessing
    raw: np.ndarray
    labels: list[np.ndarray]
    notes: Mapping[str, Any]
    folder: Path

    def export(self, format: str, out: str, **how: Any) -> ExportResult:
        """Export it, with everything that is known."""
        given = {
            "notes": self.notes,
            "examples": self.folder / "examples.npy",
            "calibration": self.folder / "calibration.npy",
            "held_out": self.folder / "held_out.npz",
        }
        return export_model(self.design.to_dict(), None, format, self.folder / out, **(given | how))


def case(
    folder: Path, template: str, task: str, raw_shape: tuple[int, ...], **parameters: Any
) -> Case:
    """Return a design with data of a raw shape: pictures of bytes, or tables of large numbers."""
    folder.mkdir(parents=True, exist_ok=True)
    design = Design.from_template(template, task=task, **TASK[task], **parameters)
    generator = np.random.default_rng(0)
    if len(raw_shape) == 3:
        raw = generator.integers(0, 256, (40, *raw_shape)).astype(np.uint8)
    else:
        raw = (generator.normal(size=(40, *raw_shape)) * 50 + 20_000).astype(np.float32)
    preprocessing = Preprocessing.fit(raw, design["input_shape"])
    labels = []
    for head in heads(design.parameters):
        if task in ("multiclass", "multitask"):
            chosen = generator.integers(0, head.units, 40)
            labels.append(np.eye(head.units, dtype=np.float32)[chosen])
        elif task == "regression":
            labels.append(generator.normal(size=(40, head.units)).astype(np.float32))
        else:
            labels.append(generator.integers(0, 2, (40, head.units)).astype(np.float32))
    notes: dict[str, Any] = {"preprocessing": preprocessing.to_dict()}
    if task == "regression":
        notes["target_names"] = ["größe (m²)", "größe (m²)"]
    else:
        units = [2 if task == "binary" else head.units for head in heads(design.parameters)]
        notes["class_names"] = [ODD_NAMES[:count] for count in units]
    prepared = preprocessing.apply(raw)
    np.save(folder / "examples.npy", prepared[:9])
    np.save(folder / "calibration.npy", prepared[9:])
    np.savez(
        folder / "held_out.npz",
        raw=raw,
        **{f"label_{n}": label for n, label in enumerate(labels)},  # type: ignore[arg-type]
    )
    return Case(design, preprocessing, raw, labels, notes, folder)


def model_of(one: Case) -> Any:
    """Return the model that is exported: the seeded one of an untrained design."""
    import keras

    from designer.keras_model import build_model

    keras.utils.set_random_seed(0)
    return build_model(one.design)


def outputs_of(one: Case, raw: np.ndarray) -> list[np.ndarray]:
    """Return what the model itself says of raw examples, one array a head."""
    import tensorflow as tf

    outputs = model_of(one)(one.preprocessing.apply(raw), training=False)
    return [np.asarray(output) for output in tf.nest.flatten(outputs)]
