"""The design a session is working on: where it comes from, how it changes, where it is kept.

It lives in the session, and in the page's address as far as it differs from its template, so
that it survives another page, a reload and a copied link. Everything that changes it goes
through here, and so can be undone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import streamlit as st

from designer import Design, DesignError
from designer.history import History, Step
from designer.importing.imported import KERAS_MODEL, Imported
from designer.places import Place, nearest
from designer.summary import Summary
from designer.templates import template

#: What a visitor without a link sees first.
FIRST_TEMPLATE = "cnn"

_DESIGN = "studio_design"
_HISTORY = "studio_history"
_NEWEST = "studio_newest"
_GENERATION = "studio_generation"
_NOTES = "studio_notes"
_ERRORS = "studio_errors"
_ACK = "studio_ack"
_RESTING = "studio_resting"
_LEFT = "studio_templates_left"
_NAMED = "studio_named_designs"
_SELECTION = "studio_selection"
_UNTOLD = "studio_address_untold"
_TOLD = "studio_told"
_LOOKED = "studio_looked"

#: The run a person watches, in the session and in the address beside the design.
_RUN = "run"

#: What an address may hold beside the design: the run, and the designs of a comparison
#: (``components.comparison``).
BESIDE = frozenset({_RUN, "base", *(f"{letter}{place}" for letter in "cn" for place in "1234")})


def current_design() -> Design:
    """Return the session's design: the one it works on, or the link's, or the first template's."""
    if _DESIGN not in st.session_state:
        query = st.query_params.to_dict()
        st.session_state[_RUN] = query.pop(_RUN, None)
        query = {name: text for name, text in query.items() if name not in BESIDE}
        design, notes = _from_link(query)
        _keep(History.start(design, f"Opened {template(design.template).title}"))
        st.session_state[_NOTES] = notes
    return st.session_state[_DESIGN]


def set_design(design: Design, label: str | None = None) -> None:
    """Make another design the session's; it can be undone.

    Args:
        label: what led to it, for the history; by default, what changed.
    """
    current_design()
    _keep(_history().record(design, label))
    _show_anew()


def change(label: str, **changes: Any) -> None:
    """Change parameters of the design, from elsewhere than its controls.

    Raises:
        DesignError: if one of the changes does not work.
    """
    set_design(current_design().replace(**changes), label)


def _history() -> History:
    current_design()
    return st.session_state[_HISTORY]


def _keep(history: History) -> None:
    st.session_state[_HISTORY] = history
    st.session_state[_DESIGN] = history.design
    st.session_state.setdefault(_NEWEST, {})["design"] = history.design


def _show_anew() -> None:
    """The controls show another design now, whatever somebody was writing into them."""
    st.session_state[_NOTES] = ()
    st.session_state[_TOLD] = None
    st.session_state[_ERRORS] = {}
    st.session_state[_RESTING] = True
    st.session_state[_GENERATION] = generation() + 1


def generation() -> int:
    """Return how often the design changed otherwise than by its controls: they follow then."""
    return st.session_state.get(_GENERATION, 0)


def undo() -> None:
    """Take the last step back."""
    _go(_history().undo())


def redo() -> None:
    """Take the step that was undone last again."""
    _go(_history().redo())


def go_to(position: int) -> None:
    """Go to any state of the history."""
    _go(_history().go(position))


def _go(history: History) -> None:
    _keep(history)
    _show_anew()


def undoes() -> str | None:
    """Return what :func:`undo` takes back, if there is something."""
    return _history().undoes


def redoes() -> str | None:
    """Return what :func:`redo` brings back, if there is something."""
    return _history().redoes


def history() -> tuple[Step, ...]:
    """Return the states of the design, each with what led to it, from the oldest to the newest."""
    return _history().steps


def position() -> int:
    """Return which of the states of :func:`history` is the present one."""
    return _history().position


def named_designs() -> tuple[tuple[str, Design], ...]:
    """Return the designs that this person's browser keeps under a name, as far as they work."""
    return st.session_state.get(_NAMED, ())


def set_named_designs(designs: Iterable[tuple[str, Design]]) -> None:
    """Note which designs the browser keeps."""
    st.session_state[_NAMED] = tuple(designs)


def current_run() -> str | None:
    """Return the id of the run the session watches, if it watches one."""
    current_design()
    return st.session_state[_RUN]


def set_run(run: str | None) -> None:
    """Watch a run."""
    current_design()
    st.session_state[_RUN] = run


def notes() -> tuple[str, ...]:
    """Return what the link that was opened held that did not work, until the design changes."""
    current_design()
    return st.session_state.get(_NOTES, ())


def errors() -> Mapping[str, str]:
    """Return field → message for values that did not work."""
    return st.session_state.get(_ERRORS, {})


def acknowledged() -> int:
    """Return the sequence of the newest edit that has been dealt with."""
    return st.session_state.get(_ACK, 0)


def selected(summary: Summary) -> Place | None:
    """Return the part of a network that is selected, or what is left of it in this design."""
    key = st.session_state.get(_SELECTION)
    return nearest(summary.sections, key) if key else None


def select(key: Any) -> None:
    """Select a part of the network by its key (see ``designer.places``); ``None`` for nothing."""
    st.session_state[_SELECTION] = key if isinstance(key, str) and key else None


def is_resting() -> bool:
    """Return whether no control is being dragged just now."""
    return st.session_state.get(_RESTING, True)


def rest() -> None:
    """Note that no control is being dragged: a page has just been opened, and a panel that was
    left in the middle of a change cannot say so any more."""
    _keep(_history().rest())
    st.session_state[_RESTING] = True


def switch_template(name: str) -> None:
    """Go to a template, as it was left if the session has been there before."""
    left = st.session_state.setdefault(_LEFT, {})
    design = current_design()
    left[design.template] = design
    set_design(left.get(name) or Design.from_template(name))


def apply_edits(payload: Any) -> None:
    """Apply what the control panel sent; a value that does not work is kept out, with its reason.

    See :func:`components.control_panel.control_panel` for the payload.
    """
    edits = payload.get("edits") if isinstance(payload, Mapping) else None
    if not isinstance(edits, Mapping) or not isinstance(payload.get("sequence"), int):
        return  # not from our panel
    if payload["sequence"] <= acknowledged():
        return  # dealt with already
    if payload.get("generation", generation()) != generation():
        return  # meant for a design that has been left meanwhile, by undo for one
    problems = dict(errors())
    design = current_design()
    for name, value in edits.items():
        problems = {
            field: message
            for field, message in problems.items()
            if field.split("[")[0].split(".")[0] != name
        }
        try:
            design = design.reset(name) if value is None else design.replace(**{name: value})
        except DesignError as error:
            problems[error.field or name] = str(error)
    resting = payload.get("resting") is not False
    _keep(_history().record(design, resting=resting))
    st.session_state[_NOTES] = ()
    st.session_state[_TOLD] = None
    st.session_state[_ERRORS] = problems
    st.session_state[_ACK] = payload["sequence"]
    st.session_state[_RESTING] = resting


def keep_in_address() -> None:
    """Write the design and the run into the page's address, unless they are there already."""
    write_address(address())


def write_address(query: Mapping[str, str]) -> None:
    """Write a query into the page's address, unless it is there already.

    A run that is interrupted while it writes leaves Streamlit's query parameters changed and the
    browser untold; only what came back from here is known to have been sent, and the run that
    follows sends it again.
    """
    untold = st.session_state.get(_UNTOLD, False)
    if untold or st.query_params.to_dict() != query:
        st.session_state[_UNTOLD] = True
        st.query_params.from_dict(query)
        st.session_state[_UNTOLD] = False


def address() -> dict[str, str]:
    """Return what the address of every page holds: the design, and the run that is watched."""
    query = current_design().to_query()
    if run := current_run():
        query[_RUN] = run
    return query


def newest_json() -> Callable[[], str]:
    """Return what gives the design as a file, as it will be when it is called.

    It needs no session then: Streamlit calls it when a download is clicked, outside any run.
    """
    current_design()
    newest: dict[str, Design] = st.session_state[_NEWEST]
    return lambda: newest["design"].to_json()


def _from_link(query: Mapping[str, str]) -> tuple[Design, tuple[str, ...]]:
    first = Design.from_template(FIRST_TEMPLATE)
    if "template" not in query:
        if not query:
            return first, ()
        return first, ("The link names no template (template=…), so its parameters were left out.",)
    try:
        return Design.from_query(query)
    except DesignError as error:
        return first, (f"The link could not be opened: {error}",)


def open_imported(imported: Imported) -> None:
    """Go on with what a file holds: a design becomes the session's, in one step that can be
    undone; a model that is none of ours is looked at, and the design stays what it is."""
    if imported.design is None:
        st.session_state[_LOOKED] = imported
        return
    known = template(imported.design.template).title
    which = f" as {known}" if imported.kind == KERAS_MODEL else ""
    set_design(imported.design, f"Opened {imported.file_name}{which}")
    st.session_state[_TOLD] = imported
    st.session_state[_LOOKED] = None


def told() -> Imported | None:
    """Return the file that the design was opened from, until the design changes."""
    return st.session_state.get(_TOLD)


def looked_at() -> Imported | None:
    """Return the model that is looked at instead of the design, if one is."""
    return st.session_state.get(_LOOKED)


def leave_looked() -> None:
    """Go back from the model that is looked at to the design, which has not changed."""
    st.session_state[_LOOKED] = None
