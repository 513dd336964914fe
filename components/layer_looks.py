"""The looks inside the layers of a run, read once each and kept for the session."""

from __future__ import annotations

import streamlit as st

from components.backend import engine
from designer.training import Run
from designer.training.layer_store import snapshots
from designer.training.layer_values import LayerSnapshot

_LOOKS = "layer_looks"


def looks(run: Run) -> list[LayerSnapshot]:
    """Return the looks inside a run's layers so far, in order; none if nobody asked for any."""
    kept = st.session_state.get(_LOOKS)
    if kept is None or kept[0] != run.id:
        kept = (run.id, [])
    found: list[LayerSnapshot] = kept[1]
    # A run that went back to its last checkpoint makes its later looks again.
    while found and found[-1].step > run.progress.step:
        found.pop()
    found.extend(snapshots(engine().store, run.id, found[-1].step if found else -1))
    st.session_state[_LOOKS] = kept
    return found
