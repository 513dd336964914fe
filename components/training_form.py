"""What a person chooses about training, and what an epoch will roughly take here."""

from __future__ import annotations

import json
from concurrent.futures import Future
from typing import Any

import streamlit as st

from components.backend import engine
from designer.datasets import CATALOGUE, DatasetInfo, dataset_info, matching_datasets
from designer.design import Design
from designer.errors import DesignerError
from designer.training import SettingsError, TrainingSettings

_DATASET = "train_dataset"
_CHOSEN = "train_dataset_chosen"
_FORM = "train_form"

SCALINGS = {
    "auto": "Automatic: pictures to 0–1, tables standardised",
    "standardise": "Standardise: mean 0, deviation 1",
    "normalise": "Normalise: to 0–1",
    "none": "None: as they are",
}


def dataset_choice(design: Design) -> DatasetInfo:
    """Show the choice of a data set and return what is known of it."""
    if _CHOSEN not in st.session_state:
        matching = matching_datasets(design["task"], len(design["input_shape"]))
        st.session_state[_CHOSEN] = matching[0] if matching else next(iter(CATALOGUE))
    st.session_state[_DATASET] = st.session_state[_CHOSEN]
    st.selectbox("Data set", list(CATALOGUE), key=_DATASET, format_func=_title, on_change=_choose)
    info = dataset_info(st.session_state[_CHOSEN])
    st.caption(f"{info.description} {info.examples:,} examples.")
    return info


def _choose() -> None:
    st.session_state[_CHOSEN] = st.session_state[_DATASET]


def _title(name: str) -> str:
    info = CATALOGUE[name]
    return info.title if info.embedded else f"{info.title} (needs a network)"


def settings_form(info: DatasetInfo) -> TrainingSettings | None:
    """Show the settings and return them, or ``None`` when one of them makes no sense."""
    kept = st.session_state.setdefault(_FORM, {})
    left, right = st.columns(2)
    with left:
        kept["epochs"] = st.number_input(
            "Epochs",
            1,
            100_000,
            kept.get("epochs", 10),
            help="How many times training goes through all training examples.",
        )
    with right:
        kept["batch_size"] = st.number_input(
            "Batch size",
            1,
            65_536,
            kept.get("batch_size", 32),
            help="Examples in one step of the optimizer.",
        )
    with st.expander("More settings"):
        kept["learning_rate"] = st.number_input(
            "Learning rate",
            min_value=0.0,
            value=kept.get("learning_rate"),
            format="%g",
            placeholder="the optimizer's own",
            help="How large a step the optimizer takes; 0.001 is a usual start.",
        )
        kept["scaling"] = st.selectbox(
            "Scaling",
            list(SCALINGS),
            list(SCALINGS).index(kept.get("scaling", "auto")),
            format_func=lambda name: SCALINGS[name],
            help="How features are scaled; it is learned from the training part alone.",
        )
        percent = {
            name: st.slider(
                f"{name.capitalize()} part",
                5,
                40,
                kept.get(name, 15),
                5,
                format="%d%%",
                help=help,
            )
            for name, help in (
                ("validation", "Measured after each epoch, never trained on."),
                ("test", "Held out until the end."),
            )
        }
        kept.update(percent)
        kept["seed"] = st.number_input(
            "Seed",
            0,
            2**31 - 1,
            kept.get("seed", 0),
            help="Fixes the split, the first weights and the order of the examples.",
        )
    chosen = {**kept, **{name: value / 100 for name, value in percent.items()}}
    try:
        return TrainingSettings(dataset=info.name, **chosen)
    except SettingsError as error:
        st.error(str(error))
        return None


@st.cache_resource(show_spinner=False, max_entries=1)
def _estimates() -> dict[str, Future[dict[str, Any]]]:
    return {}


def epoch_estimate(design: Design, settings: TrainingSettings) -> None:
    """Say what an epoch will roughly take on this machine; measured once in a worker."""
    question = json.dumps([design.to_dict(), settings.to_dict()])
    estimates = _estimates()
    if question not in estimates:
        while len(estimates) > 200:
            estimates.pop(next(iter(estimates)))
        estimates[question] = engine().submit(
            "estimate", timeout=120, design=design.to_dict(), settings=settings.to_dict()
        )
    future = estimates[question]
    if not future.done():
        st.fragment(_wait, run_every=0.5)(question)
        return
    try:
        st.caption(f":material/timer: {future.result()['words'].capitalize()} on this machine.")
    except DesignerError as error:
        st.caption(f":material/timer_off: {error}")


def _wait(question: str) -> None:
    future = _estimates().get(question)
    if future is None or future.done():
        st.rerun()
    st.caption(":material/timer: Measuring this machine…")
