"""The model that is exported: built, or loaded from a run's file; and written down."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from designer.design import Design
from designer.errors import DesignerError, ExportError
from designer.exports.base import ExportFormat
from designer.exports.how import How
from designer.exports.temporary import temporary_files_in
from designer.summary import Summary

if TYPE_CHECKING:
    import keras


def model_to_export(
    design: Design, model_file: Path | None, summary: Summary, seed: int
) -> keras.Model:
    """Return the model: built with seeded weights, or loaded, uncompiled, from a run's file."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    import keras

    if model_file is None:
        from designer.keras_model import build_model

        keras.utils.set_random_seed(seed)
        return build_model(design)
    try:
        model: keras.Model = keras.models.load_model(model_file, compile=False, safe_mode=True)
    except Exception as error:  # Keras raises whatever its reader meets in a damaged file
        raise ExportError(
            f"The saved model {model_file} cannot be loaded: {_why_not(model_file, error)} Train it"
            " again, or export the design untrained."
        ) from error
    shape = getattr(model, "input_shape", None)
    wanted = (None, *design["input_shape"])
    if shape != wanted or model.count_params() != summary.total_params:
        raise ExportError(
            f"The saved model {model_file} takes inputs of shape {shape} and has"
            f" {model.count_params():,} parameters; the design has {wanted} and"
            f" {summary.total_params:,}. Export the design that was trained."
        )
    return model


def _why_not(model_file: Path, error: Exception) -> str:
    if not zipfile.is_zipfile(model_file):  # of which Keras says that it is not found
        return "it is damaged, or only a part of a file."
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def write_model(
    format: ExportFormat, model: keras.Model, design: Design, path: Path, target: Path, how: How
) -> None:
    """Have a format write a model down.

    Raises:
        ExportError: it cannot be written where it should be, or not in this format.
    """
    import tensorflow as tf

    try:
        with temporary_files_in(path.parent):
            format.write(model, design, path, how)
    except (DesignerError, OSError):
        raise
    except tf.errors.OpError as error:  # TensorFlow's own words for a disk that is full
        line = (error.message or type(error).__name__).strip().splitlines()[0]
        raise ExportError(f"{target} cannot be written: {line}. Make room on its disk.") from error
    except Exception as error:  # a converter raises whatever it meets in a model
        line = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise ExportError(
            f"{format.title} cannot hold this model: {line} {_formats_without_converter()} hold"
            " every design."
        ) from error


def _formats_without_converter() -> str:
    """Name the formats that TensorFlow itself reads: nothing has to be put in other words."""
    from designer.exports import formats

    able = [
        one.name
        for one in formats().values()
        if one.holds_weights and "tensorflow" in one.requirements
    ]
    return f"The formats {', '.join(able[:-1])} and {able[-1]}"
