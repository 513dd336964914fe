"""The job ``predict``: what a model says of an example (TensorFlow; workers only)."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import keras  # noqa: F401  (said here, so that only workers import this)

from designer.looking.models import loaded_model
from designer.looking.packing import unpack


def predict(run: str, features: Mapping[str, Any]) -> dict[str, Any]:
    """Say what the model of a run puts out.

    Args:
        run: a run that is over.
        features: packed raw examples, (examples, …).

    Returns:
        ``outputs``, a list a head with a list an example, and ``milliseconds``.

    Raises:
        RunError: the run has no model.
        DatasetError: the examples have another shape than those it was trained on.
    """
    begun = time.perf_counter()
    outputs = loaded_model(run).outputs(unpack(features))
    return {
        "outputs": [output.reshape(len(output), -1).tolist() for output in outputs],
        "milliseconds": 1000 * (time.perf_counter() - begun),
    }
