"""What is happening in a run, in words, with buttons for what would help."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from functools import lru_cache
from typing import Any

import streamlit as st

from components import studio
from components.backend import engine
from components.layer_looks import looks
from components.pressing import pressed
from designer.compiling import compile_settings
from designer.design import Design
from designer.diagnosing import Baseline, Diagnosis, action_words, diagnose
from designer.errors import DesignerError
from designer.training import MetricPoint, Run, TrainingSettings
from designer.training.asking import change_settings
from designer.training.runs import Event

_STYLES = {
    "serious": (":material/error:", "red"),
    "warning": (":material/warning:", "orange"),
    "note": (":material/info:", "blue"),
    "good": (":material/trending_down:", "green"),
}

_REFUSED = "diagnosis_refused"

#: Seconds a worker may take to count the labels of a data set.
PATIENCE = 600
MOST_BASELINES = 100


def diagnoses_view(
    run: Run, points: Sequence[MetricPoint], events: Sequence[Event]
) -> list[Diagnosis]:
    """Say what happens in a run, and return what was said.

    Args:
        run: the run as it is now.
        points: all its points.
        events: all that happened to it.
    """
    design = _design(json.dumps(run.design))
    found = diagnose(
        points,
        events,
        settings=run.settings,
        parameters=design.parameters,
        baseline=_baseline(run.settings["dataset"], design),
        snapshots=looks(run),
        is_over=run.is_over,
    )
    offered: list[Any] = []
    for one in found:
        _show(run, design, one, is_offered=one.action in offered)
        offered.append(one.action)
    refused = st.session_state.pop(_REFUSED, None)
    if refused:
        st.error(refused)
    return found


def _show(run: Run, design: Design, one: Diagnosis, *, is_offered: bool) -> None:
    """Show one, with its button, unless another one offers the same."""
    icon, colour = _STYLES[one.severity]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f":{colour}[{icon}] {_plain(one.words)}", width="stretch")
        if one.action is None or is_offered:
            return
        key = f"diagnosis_{one.kind}_{one.layer}"
        if pressed(action_words(one.action), key=key, width="content"):
            try:
                _act(run, design, one.action)
            except DesignerError as error:
                st.session_state[_REFUSED] = str(error)
            st.rerun()


def _act(run: Run, design: Design, action: Mapping[str, Any]) -> None:
    """Do what a button says: change the run, or start another one like it."""
    if "change" in action:
        change_settings(engine().store, run.id, **action["change"])
        return
    settings = TrainingSettings.from_dict(run.settings).replace(**action.get("settings", {}))
    changes = action.get("design", {})
    changed = design.replace(**changes)
    studio.set_run(engine().train(changed, settings))
    if changes and studio.current_design() == design:
        studio.set_design(changed, action_words({"design": changes}))
    studio.keep_in_address()


def _plain(words: str) -> str:
    """Return words of which nothing is taken for Markdown."""
    for sign in ("\\", "*", "_", "[", "]", "$", "~", "`"):
        words = words.replace(sign, "\\" + sign)
    return words


@lru_cache(maxsize=64)
def _design(text: str) -> Design:
    return Design.from_dict(json.loads(text))


@st.cache_resource(show_spinner=False)
def _baselines() -> dict[tuple[str, ...], Future[dict[str, Any]]]:
    return {}


def _baseline(dataset: str, design: Design) -> Baseline | None:
    """Return what a constant answer reaches, counted once by a worker; ``None`` until then."""
    losses = compile_settings(design).loss
    question = (dataset, design["task"], *losses)
    asked = _baselines()
    if question not in asked:
        while len(asked) >= MOST_BASELINES:
            asked.pop(next(iter(asked)))
        asked[question] = engine().submit(
            "baseline", timeout=PATIENCE, dataset=dataset, task=design["task"], losses=list(losses)
        )
    future = asked[question]
    if not future.done() or future.cancelled() or future.exception() is not None:
        return None
    return Baseline.from_dict(future.result())
