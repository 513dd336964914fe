"""What a person chooses about training, and what an epoch will roughly take here."""

from __future__ import annotations

import json
from concurrent.futures import Future
from typing import Any

import streamlit as st

from components.augmentation_examples import augmentation_controls, augmentation_examples
from components.backend import engine
from components.choosing import show_choice
from components.markdown import plain_words
from components.own_data_state import own_list
from components.pulse import pulse
from components.training_beginning import form_of, watched_settings
from components.training_settings import (
    data_settings,
    heading,
    learning_rate_settings,
    regularisation_settings,
    setting_key,
    sink_settings,
    stopping_settings,
)
from designer.compiling import figures_of
from designer.datasets import CATALOGUE, DatasetInfo, dataset_info, matching_datasets
from designer.design import Design
from designer.errors import DesignerError
from designer.training import Augmentation, SettingsError, TrainingSettings
from designer.training.improvement import check_monitor

_DATASET = "train_dataset"
_CHOSEN = "train_dataset_chosen"
_AWAITED = "train_dataset_awaited"
_FORM = "train_form"


def dataset_choice(design: Design) -> DatasetInfo:
    """Show the choice of a data set and return what is known of it."""
    if _CHOSEN not in st.session_state:
        # After a reload, or by a link: what the run that is watched learns from. This first, since
        # the script may be interrupted here, and begins anew then.
        st.session_state[_AWAITED] = watched_settings(design).get("dataset")
        matching = matching_datasets(design["task"], len(design["input_shape"]))
        st.session_state[_CHOSEN] = matching[0] if matching else next(iter(CATALOGUE))
    names = [*CATALOGUE, *(info.name for info in own_list())]
    if st.session_state.get(_AWAITED) in names:  # its owner's browser may yet say who it is
        choose_dataset(st.session_state[_AWAITED])
    if st.session_state[_CHOSEN] not in names:  # deleted, perhaps in another window
        st.session_state[_CHOSEN] = names[0]
    show_choice(_DATASET, st.session_state[_CHOSEN])
    st.selectbox("Data set", names, key=_DATASET, format_func=_title, on_change=_choose)
    info = dataset_info(st.session_state[_CHOSEN])
    st.caption(f"{plain_words(info.description)} {info.examples:,} examples.")
    return info


def choose_dataset(name: str) -> None:
    """Take a data set from the next run of the page on."""
    st.session_state[_CHOSEN] = name
    st.session_state[_AWAITED] = None


def _choose() -> None:
    choose_dataset(st.session_state[_DATASET])


def _title(name: str) -> str:
    info = dataset_info(name)
    if name not in CATALOGUE:
        return f"{info.title} (your own)"
    return info.title if info.embedded else f"{info.title} (needs a network)"


def settings_form(info: DatasetInfo, design: Design) -> TrainingSettings | None:
    """Show the settings and return them, or ``None`` when one of them makes no sense."""
    if _FORM not in st.session_state:
        st.session_state[_FORM] = form_of(watched_settings(design))
    kept = st.session_state[_FORM]
    left, right = st.columns(2)
    with left:
        kept["epochs"] = st.number_input(
            "Epochs",
            1,
            100_000,
            kept.get("epochs", 10),
            key=setting_key("epochs"),
            help="How many times training goes through all training examples.",
        )
    with right:
        kept["batch_size"] = st.number_input(
            "Batch size",
            1,
            65_536,
            kept.get("batch_size", 32),
            key=setting_key("batch_size"),
            help="Examples in one step of the optimizer.",
        )
    learning_rate_settings(kept)
    stopping_settings(kept, design)
    regularisation_settings(kept, design)
    if info.kind == "image":
        before = Augmentation.from_dict(kept.get("augmentation") or {})
        with st.expander(heading("Vary the pictures", before.is_on), key="settings_augmentation"):
            chosen = augmentation_controls(kept)
            augmentation_examples(info, chosen, design)
    data_settings(kept, design)
    sink_settings(kept)
    values = {name: value for name, value in kept.items() if name not in ("validation", "test")}
    if info.kind != "image":
        values.pop("augmentation", None)  # of the pictures one had chosen before
    if design["task"] not in ("binary", "multiclass"):
        values.pop("class_weights", None)
    if design["task"] != "regression":
        values.pop("target_scaling", None)
    try:
        settings = TrainingSettings(
            dataset=info.name,
            validation=kept["validation"] / 100,
            test=kept["test"] / 100,
            **values,
        )
        check_monitor(settings, figures_of(design))
    except SettingsError as error:
        st.error(str(error))
        return None
    return settings


@st.cache_resource(show_spinner=False, max_entries=1)
def _estimates() -> dict[str, Future[dict[str, Any]]]:
    return {}


def epoch_estimate(design: Design, settings: TrainingSettings) -> None:
    """Say what an epoch will roughly take on this machine; measured once in a worker."""
    settings = settings.replace(tensorboard=False, mlflow=False)  # they cost nothing
    question = json.dumps([design.to_dict(), settings.to_dict()])
    estimates = _estimates()
    if question not in estimates:
        while len(estimates) > 200:
            estimates.pop(next(iter(estimates)))
        estimates[question] = engine().submit(
            "estimate", timeout=120, design=design.to_dict(), settings=settings.to_dict()
        )
    _estimated(question)


@st.fragment
def _estimated(question: str) -> None:
    """Wait for the estimate, then show it; it runs by itself, and nothing else with it."""
    future = _estimates().get(question)
    if future is None or not future.done():
        st.caption(":material/timer: Measuring this machine…")
        pulse(every=0.5, key="estimate_pulse")
        return
    try:
        st.caption(f":material/timer: {future.result()['words'].capitalize()} on this machine.")
    except DesignerError as error:
        st.caption(f":material/timer_off: {error}")
