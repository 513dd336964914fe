"""Model Designer's backend: design a network, know its cost, build it in tf.keras.

>>> from designer import Design, summarize
>>> summarize(Design.from_template("dnn")).total_params
261
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from designer.design import Design
from designer.errors import DesignerError, DesignError
from designer.summary import Summary, summarize

if TYPE_CHECKING:
    import keras

__all__ = ["Design", "DesignError", "DesignerError", "Summary", "build_model", "summarize"]


def build_model(design: Design) -> keras.Model:
    """Return the real tf.keras model of a design, with weights, not compiled.

    Raises:
        DesignError: if the design cannot be built.
        MemoryLimitError: if its weights would not fit, before anything is allocated.
    """
    from designer.memory import check_memory_to_build

    check_memory_to_build(summarize(design))  # a refusal need not wait for TensorFlow's import
    from designer.keras_model import build_model as build

    return build(design)
