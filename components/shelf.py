"""My designs: what a person keeps under a name, in their own browser.

The browser holds the truth; the server reads each design, says what is in it, and makes the text
that is kept. Nothing is stored on the server, and there is no login.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import streamlit as st

from components import studio
from components.assets import register
from designer.design import Design
from designer.errors import DesignError
from designer.summary import outline
from designer.templates import template

_mount = register("shelf", uses=("leaving",))

_KEY = "shelf"
_SEEN = "shelf_seen"
_TELLING = "shelf_telling"
_PUT = "shelf_put"
_PROBLEM = "shelf_problem"

#: The most entries, and the longest text of one, that are looked at.
MOST_ENTRIES = 1000
LONGEST_TEXT = 200_000
LONGEST_NAME = 80


def shelf(*, shown: bool = True) -> None:
    """Show the button "My designs" and its list.

    Args:
        shown: ``False`` on a page that only needs ``studio.named_designs()``.
    """
    _mount(data=shelf_data(shown=shown), key=_KEY, on_act_change=_act, width="content")


def shelf_data(*, shown: bool) -> dict[str, Any]:
    """Return what the list shows, and what the browser is to keep."""
    design = studio.current_design()
    return {
        "shown": shown,
        "suggestion": _suggestion(design) if shown else "",
        "entries": st.session_state.get(_SEEN, ()) if shown else (),
        "telling": st.session_state.get(_TELLING),
        "put": st.session_state.get(_PUT),
        "problem": st.session_state.get(_PROBLEM, ""),
    }


def _suggestion(design: Design) -> str:
    taken = {name for name, _ in studio.named_designs()}
    title = template(design.template).title
    usual = title if not design.choices else f"My {title}"
    numbered = (f"{usual} {number}" for number in range(2, MOST_ENTRIES + 3))
    return usual if usual not in taken else next(n for n in numbered if n not in taken)


@lru_cache(maxsize=256)
def read_text(text: str) -> tuple[Design | None, str, str]:
    """Return a kept design, what it is, and why it cannot be opened: one of the two is empty."""
    try:
        if not text:
            raise DesignError("It holds no design.")
        if len(text) > LONGEST_TEXT:
            raise DesignError(f"It is longer than {LONGEST_TEXT:,} characters.")
        design = Design.from_json(text)
    except DesignError as error:
        return None, "", str(error)
    params = outline(design).total_params
    return design, f"{template(design.template).title} · {params:,} parameters", ""


def receive(payload: Any) -> None:
    """Do what the browser says.

    Args:
        payload: ``act`` is ``entries`` (what the browser keeps: a list of ``name`` and ``text``,
            as ``done`` the number of the last thing it was given to keep, and as ``telling`` the
            number of this list), ``save`` (under a ``name``) or ``open`` (``name`` and ``text``);
            anything else is ignored.
    """
    if not isinstance(payload, Mapping):
        return
    st.session_state[_PROBLEM] = ""
    name = payload.get("name")
    match payload.get("act"):
        case "entries":
            _receive_entries(payload)
        case "save" if isinstance(name, str) and name.strip():
            _save(name.strip()[:LONGEST_NAME])
        case "open" if isinstance(name, str):
            _open(name, payload.get("text"))


def _receive_entries(payload: Mapping[str, Any]) -> None:
    put = st.session_state.get(_PUT)
    if put and payload.get("done") == put["number"]:
        st.session_state[_PUT] = None
    entries = payload.get("entries")
    seen, named = [], {}
    for entry in entries[:MOST_ENTRIES] if isinstance(entries, list) else ():
        name, text = (
            (entry.get("name"), entry.get("text")) if isinstance(entry, Mapping) else (None, None)
        )
        design, about, problem = read_text(text if isinstance(text, str) else "")
        seen.append({"about": about, "problem": problem})
        if design is not None and isinstance(name, str):
            named[name] = design
    st.session_state[_SEEN] = tuple(seen)
    st.session_state[_TELLING] = payload.get("telling")
    studio.set_named_designs(named.items())


def _save(name: str) -> None:
    before = st.session_state.get(f"{_PUT}_number", 0)
    st.session_state[f"{_PUT}_number"] = before + 1
    now = datetime.datetime.now(datetime.UTC)
    st.session_state[_PUT] = {
        "number": before + 1,
        "name": name,
        "text": studio.current_design().to_json(),
        "saved": now.isoformat(timespec="seconds"),
    }


def _open(name: str, text: Any) -> None:
    design, _, problem = read_text(text if isinstance(text, str) else "")
    if design is None:
        st.session_state[_PROBLEM] = f"{name[:LONGEST_NAME]}: {problem}"
    else:
        studio.set_design(design, f"Opened “{name[:LONGEST_NAME]}”")


def _act() -> None:
    state = st.session_state.get(_KEY)
    receive(state.get("act") if isinstance(state, Mapping) else None)
