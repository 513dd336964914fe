"""A design as a Jupyter notebook: builds the model, trains it on sample data, plots the curve."""

from __future__ import annotations

import json
from typing import Any

from designer.code.sample_data import data_code, data_words
from designer.code.writing import write_code
from designer.design import Design
from designer.templates import template

_TRAIN = """\
history = model.fit(x, y, validation_split=0.2, epochs=5, batch_size=32)
"""

_CURVE = """\
import matplotlib.pyplot as plt

plt.plot(history.history["loss"], label="training")
plt.plot(history.history["val_loss"], label="validation")
plt.xlabel("epoch")
plt.ylabel("loss")
plt.legend()
plt.show()
"""


def notebook(
    design: Design, style_name: str = "functional", activations: str | None = None
) -> dict[str, Any]:
    """Return a design as a notebook of format 4.5, ready for ``json.dump``.

    Raises:
        CodeError: if the style cannot express the design.
    """
    title = template(design.template).title
    cells = [
        _markdown(f"# {title}\n\nThe layers of the model, written as Keras code."),
        _code(write_code(design, style_name, activations)),
        _markdown(f"## Data\n\n{data_words(design)}"),
        _code(data_code(design)),
        _markdown("## Train\n\nA fifth of the examples is kept aside for validation."),
        _code(_TRAIN),
        _markdown("## Curve\n\nWhere validation turns up while training goes on down, the model"
                  " begins to learn by heart."),
        _code(_CURVE),
    ]  # fmt: skip
    for number, cell in enumerate(cells, 1):
        cell["id"] = f"cell{number}"
    return {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def write_notebook(
    design: Design, style_name: str = "functional", activations: str | None = None
) -> str:
    """Return the text of a design's ``.ipynb`` file."""
    return json.dumps(notebook(design, style_name, activations), indent=1, ensure_ascii=False)


def _markdown(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": _lines(text)}


def _code(text: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": _lines(text),
    }


def _lines(text: str) -> list[str]:
    return text.rstrip("\n").splitlines(keepends=True)
