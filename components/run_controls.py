"""What a person can ask of a run: pause, go on, one epoch, stop, start again, other settings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import streamlit as st

from components import studio
from components.assets import register
from components.backend import engine, follow
from components.training_settings import FINE
from designer.errors import DesignerError
from designer.training.asking import (
    change_settings,
    request_one_epoch,
    request_pause,
    request_resume,
    request_stop,
)
from designer.training.runs import FINAL, FINISHED, INTERRUPTED, PENDING, Run
from designer.training.settings import TrainingSettings

_mount = register("run_controls")

_KEY = "run_buttons"
_PROBLEM = "run_problem"
_PROBLEM_OF = "run_problem_of"
_STARTED = "run_started_again"
_FIELDS = ("learning_rate", "epochs", "early_stopping")


_WORDS = {
    "pause": ("Pause", "Keep its place and wait"),
    "resume": ("Resume", "Go on from where it is"),
    "one_epoch": ("One epoch", "Go on to the end of an epoch and pause there"),
    "stop": ("Stop", "End it here and make its final figures"),
    "again": (
        "Start again",
        "A new run from identical weights: the same design, settings and seed",
    ),
}


def reasons_against(run: Run) -> dict[str, str]:
    """Return why ``pause``, ``resume``, ``one_epoch``, ``stop`` or ``change`` has no meaning for
    a run as it is; what has one is left out."""
    against: dict[str, str] = {}
    state = run.condition
    if state in FINAL:
        against["stop"] = f"It is {state} already."
        if run.result == PENDING:
            busy = "Its final figures are being made; a moment."
            against |= {"resume": busy, "one_epoch": busy, "change": busy}
        elif state == FINISHED and run.progress.epoch >= run.settings.get("epochs", 0):
            done = (
                f"All its {run.progress.epochs} epochs are done. Change gives it more, Start again"
                " repeats it."
            )
            against |= {"resume": done, "one_epoch": done}
    elif state == "stopping":
        against = dict.fromkeys(
            ("pause", "one_epoch", "stop", "change"), "It is stopping; a moment."
        )
    elif state == "pausing":
        against["one_epoch"] = "It is pausing; a moment."
    return against


def is_standing(run: Run) -> bool:
    """Whether the run can only go on by being resumed."""
    return run.condition in (*FINAL, "pausing", "paused", INTERRUPTED)


def run_controls(run: Run) -> None:
    """Show the controls of a run; to be called in a fragment.

    What has no meaning just now says why when it is pressed or pointed at. It is not disabled as
    the browser knows it: a button that is in use would lose the keyboard.
    """
    if st.session_state.pop(_STARTED, None) not in (None, run.id):
        st.rerun()  # the page shows the new run
    against = reasons_against(run)
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key="run_controls"
    ):
        _mount(data={"buttons": buttons(run)}, key=_KEY, on_ask_change=_ask, width="content")
        with st.popover(
            "Change",
            icon=":material/tune:",
            key="change_run",
            disabled="change" in against,
            help=against.get("change") or "Learning rate, epochs and early stop, while it goes on",
        ):
            _changes(run)
    problem = st.session_state.get(_PROBLEM)
    if problem and st.session_state.get(_PROBLEM_OF) == run.id:
        st.error(problem, icon=":material/error:")


def buttons(run: Run) -> list[dict[str, str]]:
    """Return the buttons: each with what it asks for, its name, what it does, and why it has no
    meaning just now (``""`` if it has one). Pause and Resume share a place."""
    against = reasons_against(run)
    first = "resume" if is_standing(run) else "pause"
    return [
        {"act": act, "label": label, "help": help, "against": against.get(act, "")}
        for act, label, help in (
            (first, *_WORDS[first]),
            *((act, *_WORDS[act]) for act in ("one_epoch", "stop", "again")),
        )
    ]


def _ask() -> None:
    state = st.session_state.get(_KEY)
    asked = state.get("ask") if isinstance(state, Mapping) else None
    if isinstance(asked, str):
        ask_of_run(studio.current_run(), asked)


def ask_of_run(run: str | None, asked: str) -> None:
    """Do what a button asks for; what does not work is told below the buttons."""
    if run is not None and asked in _ACTS:
        _try(_ACTS[asked], run)


def _changes(run: Run) -> None:
    settings = run.settings
    # Other settings, other fields: they show what the run has now.
    mark = json.dumps([settings.get(name) for name in _FIELDS])
    keys = {name: f"change_{name}_{run.id}_{mark}" for name in _FIELDS}
    with st.form(f"change_form_{run.id}", border=False, enter_to_submit=True):
        st.number_input(
            "Learning rate",
            min_value=0.0,
            value=settings.get("learning_rate"),
            step=FINE,
            format="%g",
            placeholder="the optimizer's own",
            key=keys["learning_rate"],
            help="From the next step on.",
        )
        st.number_input(
            "Epochs",
            1,
            100_000,
            int(settings.get("epochs", run.progress.epochs)),
            key=keys["epochs"],
            help="In all, those that are done included.",
        )
        st.number_input(
            "Early stop after … epochs",
            1,
            100_000,
            settings.get("early_stopping"),
            placeholder="never",
            key=keys["early_stopping"],
            help="So many epochs without improvement, judged by"
            f" {settings.get('monitor', 'val_loss')}. Empty for never.",
        )
        st.form_submit_button(
            "Apply",
            icon=":material/check:",
            key=f"change_apply_{run.id}",
            on_click=_try,
            args=(_change, run.id, keys),
        )


def _try(act: Any, run: str, *more: Any) -> None:
    st.session_state.pop(_PROBLEM, None)
    try:
        act(run, *more)
        follow(run).look()
    except DesignerError as error:
        st.session_state[_PROBLEM] = str(error)
        st.session_state[_PROBLEM_OF] = run


def _pause(run: str) -> None:
    request_pause(engine().store, run)


def _resume(run: str) -> None:
    request_resume(engine().store, run)


def _one_epoch(run: str) -> None:
    request_one_epoch(engine().store, run)


def _stop(run: str) -> None:
    request_stop(engine().store, run)


def _again(run: str) -> str:
    known = engine().store.run(run)
    started = engine().train(known.design, TrainingSettings.from_dict(known.settings))
    studio.set_run(started)
    st.session_state[_STARTED] = started
    return started


def _again_looking(run: str) -> None:
    engine().store.watch_layers(_again(run), True)


def _change(run: str, keys: dict[str, str]) -> None:
    known = engine().store.run(run).settings
    wanted = {name: st.session_state.get(key) for name, key in keys.items()}
    changes = {name: value for name, value in wanted.items() if value != known.get(name)}
    if changes:
        change_settings(engine().store, run, **changes)


_ACTS = {
    "pause": _pause,
    "resume": _resume,
    "one_epoch": _one_epoch,
    "stop": _stop,
    "again": _again,
    "again_looking": _again_looking,
}
