"""All runs: the table, and below it what those that are chosen look like beside one another."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from components import studio
from components.backend import engine, follow
from components.curves import Curve, curves
from components.history_differences import history_differences
from components.history_parallel import history_parallel
from components.history_table import history_table, selected
from components.pulse import pulse
from designer.design import Design
from designer.errors import DesignerError
from designer.training.overview import RunOverview

#: Seconds between two looks at the list while runs are under way, and while none is.
BUSY, IDLE = 2.0, 10.0

#: Runs whose curves are laid over one another; more could not be told apart.
MOST_OVERLAID = 100

VIEWS = ("Curves", "What differs", "Parallel coordinates")

_KEPT = "history_overview"
_GOING = "history_going"
_WORD, _PROBLEM = "history_word", "history_problem"


@st.fragment
def history_view() -> None:
    """Show all runs; again and again while they go on."""
    if page := st.session_state.pop(_GOING, None):
        st.switch_page(page)
    runs = _runs()
    busy = any(not run.complete for run in runs)
    pulse(every=BUSY if busy else IDLE, key="history")
    if not runs:
        st.markdown("#### No runs yet")
        st.markdown(
            "A run is one training of one design on one data set. Each that you start is kept"
            " here, with its curves, its settings and what came of it."
        )
        st.page_link("train.py", label="Train this design", icon=":material/play_arrow:")
        return
    history_table(
        runs,
        on_act=act,
        word=st.session_state.get(_WORD, ""),
        problem=st.session_state.get(_PROBLEM, ""),
    )
    chosen = selected(runs)
    view = st.segmented_control(
        "What to see of the runs",
        VIEWS,
        default=VIEWS[0],
        required=True,
        key="history_below",
        label_visibility="collapsed",
    )
    if view == VIEWS[1]:
        history_differences(chosen)
    elif view == VIEWS[2]:
        history_parallel(chosen if len(chosen) > 1 else runs, all_runs=len(chosen) < 2)
    else:
        _curves(chosen)


def _runs() -> list[RunOverview]:
    """Return all runs, read a moment ago at the latest: curves that move look more often."""
    kept = st.session_state.get(_KEPT)
    if kept is None or time.monotonic() - kept[0] > BUSY * 0.6:
        kept = (time.monotonic(), engine().store.overview())
        st.session_state[_KEPT] = kept
    return kept[1]


def _curves(chosen: Sequence[RunOverview]) -> None:
    if not chosen:
        st.caption("Choose runs in the table to see their curves over one another.")
        return
    if len(chosen) > MOST_OVERLAID:
        st.caption(f"The curves of the first {MOST_OVERLAID} of {len(chosen):,} runs.")
    shown = []
    for run in chosen[:MOST_OVERLAID]:
        try:
            followed = follow(run.id)
            followed.look(not_within=0.15)
        except DesignerError:
            continue  # deleted meanwhile
        shown.append(Curve(followed, run.title))
    if shown:
        live = any(not curve.followed.run.is_complete for curve in shown)
        curves(shown, key="history_curves", live=live, metric="loss")


def act(what: str, ids: Sequence[str], words: Mapping[str, str]) -> None:
    """Do what a person wants with runs: ``open``, ``design``, ``describe`` or ``delete``."""
    st.session_state[_WORD] = st.session_state[_PROBLEM] = ""
    st.session_state.pop(_KEPT, None)
    try:
        match what:
            case "open":
                studio.set_run(engine().store.run(ids[0]).id)
                st.session_state[_GOING] = "train.py"
            case "design":
                run = engine().store.run(ids[0])
                studio.set_design(Design.from_dict(run.design), f"Took the design of {run.title}")
                st.session_state[_GOING] = "design.py"
            case "describe":
                _describe(ids[0], words)
            case "delete":
                _delete(ids)
    except DesignerError as error:
        st.session_state[_PROBLEM] = str(error)


def _describe(run: str, words: Mapping[str, str]) -> None:
    store: Any = engine().store
    if "name" in words:
        store.rename(run, words["name"])
    if "note" in words:
        store.annotate(run, words["note"])
    st.session_state[_WORD] = "Kept."


def _delete(ids: Sequence[str]) -> None:
    store = engine().store
    problems = []
    for run in ids:
        try:
            store.delete(run)
        except DesignerError as error:
            problems.append(str(error))
            continue
        if studio.current_run() == run:
            studio.set_run(None)
    count = len(ids) - len(problems)
    if count:
        st.session_state[_WORD] = f"{count:,} run{'s' if count > 1 else ''} deleted."
    st.session_state[_PROBLEM] = " ".join(problems[:3])
