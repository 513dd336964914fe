"""Where else a run's figures go, and how to look at them there."""

from __future__ import annotations

import os
from collections.abc import Sequence

import streamlit as st

from designer.paths import home
from designer.training import Run
from designer.training.runs import Event


def run_sinks(run: Run, events: Sequence[Event]) -> None:
    """Say how TensorBoard or MLflow show this run, or why they do not."""
    for words in sink_words(run):
        st.caption(words)
    for event in events:
        if event.kind == "sink_failed":
            st.warning(str(event.details.get("reason", "")))


def sink_words(run: Run) -> list[str]:
    """Return a sentence for each sink of a run."""
    words = []
    if run.settings.get("tensorboard"):
        words.append(f"In TensorBoard, too: `tensorboard --logdir {home() / 'runs'}`")
    if run.settings.get("mlflow"):
        server = os.environ.get("MLFLOW_TRACKING_URI")
        address = f"sqlite:///{home() / 'mlflow.sqlite'}"
        words.append(
            f"In MLflow, too, on `{server}`."
            if server
            else f"In MLflow, too: `mlflow server --backend-store-uri {address}`"
        )
    return words
