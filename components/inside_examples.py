"""The test example that is looked at inside a model."""

from __future__ import annotations

import numpy as np
import streamlit as st

from designer.evaluating import Results, heads_of, rank, rank_regression
from designer.training import Run


def chosen_example(run: Run, kept: Results) -> int | None:
    """Let a person choose a test example; return its row."""
    heads = heads_of(kept)
    wrong = rank(heads).rows if heads else rank_regression(kept.truths[0], kept.outputs[0]).rows
    shown = np.flatnonzero(kept.places >= 0)
    if heads:
        right = np.setdiff1d(shown, wrong)
        kinds = {"Mistakes": wrong, "Right ones": right}
    else:
        kinds = {"Farthest off first": wrong}
    kinds = {name: rows[kept.places[rows] >= 0] for name, rows in kinds.items()}
    kinds = {name: rows for name, rows in kinds.items() if len(rows)}
    if not kinds:
        st.caption("No test example was kept.")
        return None
    left, right_ = st.columns([3, 2])
    with left:
        kind = st.segmented_control(
            "Test examples",
            list(kinds),
            default=next(iter(kinds)),
            required=True,
            key=f"kind_{run.id}",
        )
    rows = kinds[kind]
    with right_:
        number = st.number_input(
            f"Which of {len(rows):,}", 1, len(rows), 1, key=f"which_{run.id}_{kind}"
        )
    row = int(rows[int(number) - 1])
    if heads:
        told = [
            f"{head.name} {head.classes[head.truth[row]]}, taken for {head.classes[head.said[row]]}"
            f" ({head.scores[row].max():.1%})"
            for head in heads[:3]
        ]
        st.caption("It is " + "; ".join(told))
    return row
