"""The confusion matrix: rows are what an example is, columns what the model took it for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from components.assets import register
from designer.evaluating import Confusion, words

_mount = register("confusion_matrix")


def confusion_matrix(made: Confusion, *, key: str = "confusion_matrix") -> tuple[int, int] | None:
    """Show a matrix and return the cell that a person chose: true class, class said.

    Before anybody chose one, it is the most frequent confusion; ``None`` if there is none.
    """
    cell = chosen_cell(st.session_state.get(key), made)
    _mount(data=matrix_data(made, cell), key=key, on_cell_change=_nothing)
    return cell


def _nothing() -> None:
    """The run that follows shows the examples."""


def chosen_cell(state: Any, made: Confusion) -> tuple[int, int] | None:
    """Return the cell of what the page sent (``head``, ``truth``, ``said``), if it is one of this
    matrix; otherwise its most frequent confusion."""
    sent = state.get("cell") if isinstance(state, Mapping) else None
    if isinstance(sent, Mapping) and sent.get("head") == made.head.name:
        cell = sent.get("truth"), sent.get("said")
        if all(isinstance(n, int) and 0 <= n < len(made.head.classes) for n in cell):
            return cell  # type: ignore[return-value]
    most = made.most_confused(1)
    return most[0][:2] if most else None


def matrix_data(made: Confusion, cell: tuple[int, int] | None) -> dict[str, Any]:
    """Return what the page draws."""
    return {
        "head": made.head.name,
        "classes": list(made.head.classes),
        "counts": made.counts.tolist(),
        "cell": None if cell is None else list(cell),
        "words": "" if cell is None else words.cell(made, *cell),
    }
