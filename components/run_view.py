"""A run, watched: its state and controls, and under a few tabs what is to be seen of it.

What moves with training is in one fragment, which the page asks for twice a second and which reads
only what is new. What does not (a result, pictures to look into) is in fragments of its own.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import streamlit as st

from components.backend import engine, follow
from components.boundary_view import boundary
from components.curves import EVERY, Curve, curves
from components.diagnoses import diagnoses_view
from components.layer_statistics import layer_statistics_view
from components.look_inside import look_inside
from components.pulse import pulse
from components.run_controls import run_controls
from components.run_head import run_head
from components.run_result import run_result
from components.run_sinks import run_sinks
from components.try_it import try_it
from designer.errors import DesignerError
from designer.training import Run
from designer.training.boundary import has_boundary
from designer.training.following import FollowedRun
from designer.training.runs import QUEUED

#: Seconds for which a look at the store serves every session that watches the same run.
FRESH = 0.15

_TAB = "run_tab"
_DRAWN = "run_tab_drawn"


def _curves(followed: FollowedRun) -> None:
    run = followed.run
    with st.container(key="diagnoses"):
        diagnoses_view(run, followed.points(), followed.events)
    curves([Curve(followed)], key=f"curves_{run.id}", live=not run.is_complete)
    run_sinks(run, followed.events)
    if has_boundary(run.id):
        boundary(run)


def _layers(followed: FollowedRun) -> None:
    layer_statistics_view(followed.run)


#: What follows every look: tab → what draws it. The curves look by themselves.
MOVING: dict[str, Callable[[FollowedRun], None]] = {"Curves": _curves, "Layers": _layers}

#: What stands until somebody changes it: tab → what draws it, in a fragment of its own.
STANDING: dict[str, Callable[[Run], None]] = {
    "Result": run_result,
    "Look inside": look_inside,
    "Try it": try_it,
}

TABS = (*MOVING, *STANDING)


def run_view(run_id: str) -> None:
    """Show a run; while more may come, again twice a second."""
    try:
        follow(run_id).look(not_within=FRESH)
    except DesignerError as error:
        st.warning(str(error))
        return
    tab = st.session_state.get(_TAB) or TABS[0]
    st.session_state[_DRAWN] = tab
    _live(run_id)
    if tab in STANDING:
        _standing(run_id, tab)


@st.fragment
def _live(run_id: str) -> None:
    try:
        followed = follow(run_id)
        run = followed.look(not_within=FRESH)
    except DesignerError as error:  # deleted meanwhile
        st.warning(str(error))
        return
    queue = [one.id for one in engine().store.queue()] if run.state == QUEUED else ()
    run_head(followed, queue)
    tells_itself = _is_diverged(followed) and st.session_state.get(_TAB, TABS[0]) == TABS[0]
    if run.reason and run.state != QUEUED and not tells_itself:
        (st.error if run.state == "failed" else st.info)(run.reason)
    run_controls(run)
    tab = st.segmented_control(
        "What to see of the run",
        TABS,
        default=TABS[0],
        required=True,
        key=_TAB,
        label_visibility="collapsed",
    )
    if tab != st.session_state.get(_DRAWN) and {tab, st.session_state.get(_DRAWN)} & set(STANDING):
        st.rerun()  # what stands is outside this fragment
    if tab in MOVING:
        MOVING[tab](followed)
    if tab != TABS[0] and not run.is_complete:
        pulse(every=EVERY if tab in MOVING else 1.0, key=f"run_{run_id}")


def _is_diverged(followed: FollowedRun) -> bool:
    """Return whether the last loss is no number: what is said over the curves then tells more
    than the run's reason, and offers a way out."""
    with followed.lock:
        losses = followed.batch.values.get("loss")
        return losses is not None and len(losses) > 0 and not math.isfinite(losses[-1])


@st.fragment
def _standing(run_id: str, tab: str) -> None:
    try:
        run = follow(run_id).look(not_within=FRESH)
    except DesignerError:
        return  # said above
    STANDING[tab](run)
    if not run.is_complete:
        pulse(every=1.0, key=f"standing_{run_id}")
