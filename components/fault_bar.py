"""Why a design cannot be built, where, and the changes that mend it, as buttons."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import streamlit as st

from components import studio
from components.assets import register
from designer.design import Design
from designer.errors import DesignerError
from designer.memory import largest_layer, too_many_parameters
from designer.mending import Mend, mends
from designer.summary import Summary, outline

_mount = register("fault_bar")

_KEY = "fault_bar"


def fault_bar(summary: Summary) -> None:
    """Show what is wrong with a design that cannot be built, or is too large to be built here;
    nothing for one that can.

    Mends are looked for once the hand rests: until then those of before are shown, unusable.
    """
    if trouble(summary) is None:
        return
    found = _mends(summary.design) if studio.is_resting() else None
    _mount(
        data=bar_data(summary, found),
        key=_KEY,
        on_mend_change=_mend,
        on_show_change=_show,
    )


def trouble(summary: Summary) -> DesignerError | None:
    """Return why a design cannot be built here: a layer that does not fit, or its size."""
    return summary.fault or too_many_parameters(summary)


def bar_data(summary: Summary, found: tuple[Mend, ...] | None) -> dict[str, Any]:
    """Return what the bar shows; ``mends`` is ``None`` while they are not known."""
    fault = summary.fault
    return {
        "reason": str(trouble(summary)),
        "layer": fault.layer if fault else largest_layer(summary).name,
        "mends": None if found is None else [mend.label for mend in found],
    }


@lru_cache(maxsize=64)
def _mends(design: Design) -> tuple[Mend, ...]:
    return mends(outline(design))


def apply_mend(label: Any) -> None:
    """Mend the design the way a button said; nothing if that is no mend of it (any more)."""
    for mend in _mends(studio.current_design()):
        if mend.label == label:
            studio.change(mend.label, **mend.changes)
            return


def _mend() -> None:
    apply_mend(_sent("mend"))


def _show() -> None:
    studio.select(_sent("show"))


def _sent(name: str) -> Any:
    state = st.session_state.get(_KEY)
    return state.get(name) if isinstance(state, Mapping) else None
