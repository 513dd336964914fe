"""The settings of training that have usual values: learning rate, stopping, regularisation, data.

Each part is an expander whose heading says whether anything in it is out of the usual; what was
chosen is kept in a mapping, so that it outlives a change of page.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

import streamlit as st

from designer.compiling import figures_of
from designer.design import Design
from designer.training.sinks import SINKS, how_to_install, is_installed

Kept = MutableMapping[str, Any]

FINE = 0.0001
"""By how much a button moves a learning rate or a weight decay: their usual values are near it."""

SCALINGS = {
    "auto": "Automatic: pictures to 0–1, tables standardised",
    "standardise": "Standardise: mean 0, deviation 1",
    "normalise": "Normalise: to 0–1",
    "none": "None: as they are",
}

TARGET_SCALINGS = {
    "auto": "Automatic: mean 0, deviation 1 while it learns",
    "none": "None: as they are",
}

SCHEDULES = {
    "constant": "Constant",
    "step": "Step: falls every few epochs",
    "cosine": "Cosine: down to the end",
    "plateau": "Plateau: falls when nothing improves",
}

KEEPS = {"last": "The last step's weights", "best": "The best epoch's weights"}

CLASS_WEIGHTS = {"none": "Every example", "balanced": "Every class"}


def setting_key(name: str) -> str:
    """Return the key of a setting's control. Without one, a control whose first value is what was
    kept would be another one after each change, and forget every second."""
    return f"setting_{name}"


def heading(title: str, changed: bool) -> str:
    """Return the heading of an expander, marked if something in it is out of the usual."""
    return f"{title} •" if changed else title


def learning_rate_settings(kept: Kept) -> None:
    """Show how fast it learns, and how that goes."""
    changed = (
        kept.get("learning_rate") is not None
        or kept.get("schedule", "constant") != "constant"
        or bool(kept.get("warm_up"))
    )
    with st.expander(heading("Learning rate", changed), key="settings_learning_rate"):
        kept["learning_rate"] = st.number_input(
            "Learning rate",
            min_value=0.0,
            value=kept.get("learning_rate"),
            step=FINE,
            format="%g",
            placeholder="the optimizer's own",
            help="How large a step the optimizer takes; 0.001 is a usual start.",
            key=setting_key("learning_rate"),
        )
        kept["schedule"] = _choice(
            kept, "schedule", "Schedule", SCHEDULES, "constant", "How it goes while training."
        )
        kept["warm_up"] = st.number_input(
            "Warm-up epochs",
            0,
            100_000,
            kept.get("warm_up", 0),
            help="It rises to its full value over so many epochs, which deep networks like.",
            key=setting_key("warm_up"),
        )
        if kept["schedule"] in ("step", "plateau"):
            left, right = st.columns(2)
            with left:
                kept["schedule_epochs"] = st.number_input(
                    "Falls every … epochs" if kept["schedule"] == "step" else "Patience",
                    1,
                    100_000,
                    kept.get("schedule_epochs", 5),
                    help="Epochs from one fall to the next."
                    if kept["schedule"] == "step"
                    else "Epochs without improvement before it falls.",
                    key=setting_key("schedule_epochs"),
                )
            with right:
                kept["schedule_factor"] = st.number_input(
                    "Times",
                    0.01,
                    1.0,
                    kept.get("schedule_factor", 0.5),
                    0.05,
                    help="What it is multiplied by at each fall.",
                    key=setting_key("schedule_factor"),
                )
        if kept["schedule"] != "constant":
            kept["lowest_learning_rate"] = st.number_input(
                "Not lower than",
                min_value=0.0,
                value=kept.get("lowest_learning_rate", 0.0),
                step=FINE,
                format="%g",
                help="It falls no further than this.",
                key=setting_key("lowest_learning_rate"),
            )


def stopping_settings(kept: Kept, design: Design) -> None:
    """Show when it stops by itself, and which weights are kept."""
    figures = figures_of(design)
    watched = [f"{part}{figure}" for part in ("val_", "") for figure in figures]
    if kept.get("monitor") not in watched:
        kept["monitor"] = "val_loss"
    changed = kept.get("early_stopping") is not None or kept.get("keep", "last") != "last"
    with st.expander(heading("When to stop", changed), key="settings_stopping"):
        kept["early_stopping"] = st.number_input(
            "Stop early after … epochs without improvement",
            1,
            100_000,
            kept.get("early_stopping"),
            placeholder="never",
            help="Training ends when what is watched has not improved for so many epochs.",
            key=setting_key("early_stopping"),
        )
        kept["monitor"] = st.selectbox(
            "Watch",
            watched,
            watched.index(kept["monitor"]),
            format_func=watched_words,
            help="The figure that tells improvement.",
            key=setting_key("monitor"),
        )
        kept["keep"] = _choice(
            kept, "keep", "Keep", KEEPS, "last", "Which weights become the model."
        )


def regularisation_settings(kept: Kept, design: Design) -> None:
    """Show what holds the weights back, and how examples count."""
    changed = (
        bool(kept.get("weight_decay"))
        or kept.get("clip_norm") is not None
        or kept.get("class_weights", "none") != "none"
    )
    with st.expander(heading("Regularisation", changed), key="settings_regularisation"):
        left, right = st.columns(2)
        with left:
            kept["weight_decay"] = st.number_input(
                "Weight decay",
                0.0,
                1.0,
                kept.get("weight_decay", 0.0),
                FINE,
                format="%g",
                help="Pulls all weights a little towards 0 at each step; 0.0001 is a usual start.",
                key=setting_key("weight_decay"),
            )
        with right:
            kept["clip_norm"] = st.number_input(
                "Clip gradients at",
                min_value=0.0,
                value=kept.get("clip_norm"),
                format="%g",
                placeholder="not at all",
                help="Cuts the gradient of all weights to this length; 1 is a usual start.",
                key=setting_key("clip_norm"),
            )
        if design["task"] in ("binary", "multiclass"):
            kept["class_weights"] = _choice(
                kept,
                "class_weights",
                "What counts the same",
                CLASS_WEIGHTS,
                "none",
                "With rare classes: let each class count the same, not each example.",
            )


def data_settings(kept: Kept, design: Design) -> None:
    """Show how the data are scaled and split, and the seed."""
    has_targets = design["task"] == "regression"
    changed = (
        kept.get("scaling", "auto") != "auto"
        or (has_targets and kept.get("target_scaling", "auto") != "auto")
        or kept.get("seed", 0) != 0
        or any(kept.get(part, 15) != 15 for part in ("validation", "test"))
    )
    with st.expander(heading("Data and seed", changed), key="settings_data"):
        kept["scaling"] = _choice(
            kept,
            "scaling",
            "Scaling",
            SCALINGS,
            "auto",
            "How features are scaled; it is learned from the training part alone.",
        )
        if has_targets:
            kept["target_scaling"] = _choice(
                kept,
                "target_scaling",
                "Scaling of targets",
                TARGET_SCALINGS,
                "auto",
                "How the numbers to predict are scaled while it learns, which is then quicker;"
                " every figure, and the model, stay in the data's own unit. With a weight penalty,"
                " the loss is that of the data in their unit plus the penalty while it learns.",
            )
        for name, help in (
            ("validation", "Measured after each epoch, never trained on."),
            ("test", "Held out until the end."),
        ):
            kept[name] = st.slider(
                f"{name.capitalize()} part",
                5,
                40,
                kept.get(name, 15),
                5,
                format="%d%%",
                help=help,
                key=setting_key(name),
            )
        kept["seed"] = st.number_input(
            "Seed",
            0,
            2**31 - 1,
            kept.get("seed", 0),
            help="Fixes the split, the first weights and the order of the examples.",
            key=setting_key("seed"),
        )


def sink_settings(kept: Kept) -> None:
    """Show where else the figures go."""
    changed = any(kept.get(name) for name in SINKS)
    with st.expander(heading("Also write to", changed), key="settings_sinks"):
        for name, title in SINKS.items():
            there = is_installed(name)
            kept[name] = st.checkbox(
                title, bool(kept.get(name)) and there, disabled=not there, key=setting_key(name)
            )
            if not there:
                st.caption(how_to_install(name))


def watched_words(figure: str) -> str:
    """Return a figure's name as one says it: ``val_loss`` → “loss, validation”."""
    part, _, rest = figure.partition("val_")
    words = (rest if rest and not part else figure).replace("_", " ")
    return f"{words}, validation" if rest and not part else f"{words}, training"


def _choice(
    kept: Kept, name: str, label: str, options: dict[str, str], usual: str, help: str
) -> str:
    return st.selectbox(
        label,
        list(options),
        list(options).index(kept.get(name, usual)),
        format_func=options.__getitem__,
        help=help,
        key=setting_key(name),
    )
