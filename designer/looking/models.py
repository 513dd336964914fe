"""The models of runs, loaded and kept for the next question (TensorFlow; workers only)."""

from __future__ import annotations

import json
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from designer.datasets import Preprocessing
from designer.errors import RunError
from designer.paths import run_folder
from designer.training.taking_home import MODEL_FILE, PREPROCESSING_FILE

MOST_MODELS = 4
MOST_PARAMETERS = 150_000_000
"""How many models, and parameters in all, are kept; the newest one always is."""


@dataclass(frozen=True, eq=False)
class LoadedModel:
    """A run's model and what its examples are prepared with.

    Attributes:
        model: with the kept weights.
        preprocessing: from raw examples to what the model takes.
        compiled: the model as one compiled function of any number of examples.
    """

    model: keras.Model
    preprocessing: Preprocessing
    compiled: Any

    def outputs(self, raw: np.ndarray) -> list[np.ndarray]:
        """Return what the model puts out for raw examples, one array a head."""
        outputs = self.compiled(tf.constant(self.preprocessing.apply(raw)))
        return [np.asarray(output) for output in outputs]


_kept: OrderedDict[tuple[str, int], LoadedModel] = OrderedDict()


def loaded_model(run: str) -> LoadedModel:
    """Return the model of a run, read from disk if it is not one of the last few.

    Raises:
        RunError: it has none (it is not over, or its files are gone), or it cannot be read.
    """
    folder = run_folder(run)
    file = folder / MODEL_FILE
    if not file.is_file():
        raise RunError(
            f"The run {run} has no model to look into: it has not come to its end, or its files "
            "are gone."
        )
    key = (run, file.stat().st_mtime_ns)
    if key in _kept:
        _kept.move_to_end(key)
        return _kept[key]
    try:
        model = keras.models.load_model(file, compile=False)
        values = json.loads((folder / PREPROCESSING_FILE).read_text())
        preprocessing = Preprocessing.from_dict(values)
    except (OSError, ValueError) as error:
        raise RunError(f"The model of the run {run} cannot be read: {error}.") from error

    specification = tf.TensorSpec((None, *preprocessing.input_shape), tf.float32)

    @tf.function(autograph=False, input_signature=[specification])
    def compiled(features: tf.Tensor) -> list[tf.Tensor]:
        outputs = model(features, training=False)
        return list(outputs) if isinstance(outputs, list | tuple) else [outputs]

    _kept[key] = LoadedModel(model, preprocessing, compiled)
    while len(_kept) > 1 and (
        len(_kept) > MOST_MODELS
        or sum(one.model.count_params() for one in _kept.values()) > MOST_PARAMETERS
    ):
        _kept.popitem(last=False)
    return _kept[key]
