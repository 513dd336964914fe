"""What a person can ask of a run: pause, go on, one epoch, stop, start again, other settings."""

from __future__ import annotations

import json
from typing import Any

import streamlit as st

from components import studio
from components.backend import engine, follow
from designer.errors import DesignerError
from designer.training.asking import (
    change_settings,
    request_one_epoch,
    request_pause,
    request_resume,
    request_stop,
)
from designer.training.runs import FINAL, INTERRUPTED, PENDING, Run
from designer.training.settings import TrainingSettings

_PROBLEM = "run_problem"
_STARTED = "run_started_again"
_FIELDS = ("learning_rate", "epochs", "early_stopping")


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
        elif run.progress.steps and run.progress.step >= run.progress.steps:
            done = (
                f"All its {run.progress.epochs} epochs are done. Change gives it more, Start again"
                " repeats it."
            )
            against |= {"resume": done, "one_epoch": done}
    elif state in ("stopping", "pausing"):
        waits = f"It is {state}; a moment."
        against |= {"pause": waits, "one_epoch": waits, "change": waits}
        if state == "stopping":
            against |= {"stop": waits, "resume": waits}
    return against


def is_standing(run: Run) -> bool:
    """Whether the run can only go on by being resumed."""
    return run.condition in (*FINAL, "paused", INTERRUPTED)


def run_controls(run: Run) -> None:
    """Show the controls of a run; to be called in a fragment.

    What has no meaning just now is disabled and says why. The keys are the same whatever the
    state, so that a button that is in use stays where it is.
    """
    if st.session_state.pop(_STARTED, None) not in (None, run.id):
        st.rerun()  # the page shows the new run
    against = reasons_against(run)
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key="run_controls"
    ):
        if is_standing(run):
            _button("Resume", ":material/play_arrow:", "pause_run", against.get("resume"),
                    "Go on from where it is", _resume, run)  # fmt: skip
        else:
            _button("Pause", ":material/pause:", "pause_run", against.get("pause"),
                    "Keep its place and wait", _pause, run)  # fmt: skip
        _button("One epoch", ":material/skip_next:", "one_epoch", against.get("one_epoch"),
                "Go on to the end of an epoch and pause there", _one_epoch, run)  # fmt: skip
        _button("Stop", ":material/stop:", "stop_run", against.get("stop"),
                "End it here and make its final figures", _stop, run)  # fmt: skip
        _button("Start again", ":material/replay:", "again_run", None,
                "A new run from identical weights: the same design, settings and seed",
                _again, run)  # fmt: skip
        with st.popover(
            "Change",
            icon=":material/tune:",
            key="change_run",
            disabled="change" in against,
            help=against.get("change") or "Learning rate, epochs and early stop, while it goes on",
        ):
            _changes(run)
    if problem := st.session_state.get(_PROBLEM):
        st.error(problem, icon=":material/error:")


def _button(
    label: str, icon: str, key: str, against: str | None, help: str, act: Any, run: Run
) -> None:
    st.button(
        label,
        icon=icon,
        key=key,
        disabled=against is not None,
        help=against or help,
        on_click=_try,
        args=(act, run.id),
    )


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
            "Early stop after … epochs without improvement",
            1,
            100_000,
            settings.get("early_stopping"),
            placeholder="never",
            key=keys["early_stopping"],
            help=f"Judged by {settings.get('monitor', 'val_loss')}. Empty for never.",
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


def _pause(run: str) -> None:
    request_pause(engine().store, run)


def _resume(run: str) -> None:
    request_resume(engine().store, run)


def _one_epoch(run: str) -> None:
    request_one_epoch(engine().store, run)


def _stop(run: str) -> None:
    request_stop(engine().store, run)


def _again(run: str) -> None:
    known = engine().store.run(run)
    started = engine().train(known.design, TrainingSettings.from_dict(known.settings))
    studio.set_run(started)
    st.session_state[_STARTED] = started


def _change(run: str, keys: dict[str, str]) -> None:
    known = engine().store.run(run).settings
    wanted = {name: st.session_state.get(key) for name, key in keys.items()}
    changes = {name: value for name, value in wanted.items() if value != known.get(name)}
    if changes:
        change_settings(engine().store, run, **changes)
