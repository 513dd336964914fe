"""The table of all runs: sorted, searched, chosen from; named, deleted, opened.

The page is sent what has changed since it was sent anything, and says so if something is missing.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from components.assets import register
from components.history_rows import row
from designer.training.overview import RunOverview

_mount = register("history_table", uses=("leaving", "going"))

KEY = "history_table"
_SENT = "history_sent"
_HAVE = "history_have"
_FILE = "history_file"

#: The most runs that one act is done to, and the longest name and note.
MOST_IDS = 10_000
LONGEST = {"name": 200, "note": 10_000}

_ABOUT = ("run", "name", "note", "state", "created", "template", "design", "epoch", "seconds")

Act = Callable[[str, Sequence[str], Mapping[str, str]], None]


def history_table(runs: Sequence[RunOverview], *, on_act: Act, word: str, problem: str) -> None:
    """Show the table; to be called in a fragment.

    Args:
        runs: all runs, the newest first.
        on_act: called with what a person wants (``open``, ``design``, ``describe`` or
            ``delete``), of which runs, and with their new ``name`` and ``note``.
        word: what has been done.
        problem: what could not be done.
    """

    def act() -> None:
        wanted = read_act(_part("act"))
        if wanted is not None:
            on_act(*wanted)

    def have() -> None:
        st.session_state[_HAVE] = _part("have")

    def save() -> None:
        st.session_state[_FILE] = [one for one in _part("save") or () if isinstance(one, str)]

    data = {**_changes(runs), "word": word, "problem": problem}
    if (ids := st.session_state.pop(_FILE, None)) is not None:
        number = st.session_state["history_files"] = st.session_state.get("history_files", 0) + 1
        data["file"] = {"number": number, "name": "runs.csv", "text": runs_csv(runs, ids)}
    _mount(
        data=data,
        key=KEY,
        on_selected_change=_nothing,
        on_act_change=act,
        on_have_change=have,
        on_save_change=save,
    )


def _nothing() -> None:
    """What is chosen is shown by the run that follows."""


def _part(name: str) -> Any:
    state = st.session_state.get(KEY)
    return state.get(name) if isinstance(state, Mapping) else None


def selected(runs: Sequence[RunOverview]) -> list[RunOverview]:
    """Return the runs that are chosen in the table, in the order they were chosen."""
    known = {run.id: run for run in runs}
    chosen = _part("selected")
    if not isinstance(chosen, list | tuple):
        return []
    ids = dict.fromkeys(one for one in chosen if isinstance(one, str))
    return [known[one] for one in ids if one in known]


def read_act(act: Any) -> tuple[str, list[str], dict[str, str]] | None:
    """Return what the page wants done, or ``None`` if it is not something that ours asks for."""
    match act:
        case {"do": "open" | "design" | "describe" | "delete" as what, "ids": [*ids]}:
            ids = [one for one in ids[:MOST_IDS] if isinstance(one, str)]
            words = {
                name: text[:most]
                for name, most in LONGEST.items()
                if isinstance(text := act.get(name), str)
            }
            return (what, ids, words) if ids else None
    return None


def _changes(runs: Sequence[RunOverview]) -> dict[str, Any]:
    """Return the rows that the page does not have as they are now."""
    sent = st.session_state.get(_SENT)
    have = st.session_state.pop(_HAVE, None)
    if sent is not None and have is not None and have != sent["number"]:
        sent = None  # something is missing there
    rows = {run.id: row(run) for run in runs}
    marks = {name: hash(json.dumps(one)) for name, one in rows.items()}
    before = sent["marks"] if sent else {}
    changed = [one for name, one in rows.items() if before.get(name) != marks[name]]
    gone = [name for name in before if name not in marks]
    if sent and not changed and not gone:
        return sent["data"] | {"base": sent["number"], "rows": [], "gone": []}
    number = st.session_state.get(f"{_SENT}_number", 0) + 1
    st.session_state[f"{_SENT}_number"] = number
    data = {
        "number": number,
        "base": sent["number"] if sent else 0,
        "rows": changed,
        "gone": gone,
    }
    st.session_state[_SENT] = {
        "number": number,
        "marks": marks,
        "data": {"number": number},
    }
    return data


def runs_csv(runs: Sequence[RunOverview], ids: Sequence[str] = ()) -> str:
    """Return runs as CSV: what they are, their settings, their design's choices, their figures.

    Args:
        ids: those wanted, in this order; none for all.
    """
    known = {run.id: run for run in runs}
    chosen = [known[one] for one in ids if one in known] if ids else list(runs)
    settings = _names(run.settings for run in chosen)
    figures = _names(run.metrics for run in chosen)
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow([*_ABOUT, *settings, *figures])
    for run in chosen:
        created = datetime.fromtimestamp(run.created, UTC).isoformat(timespec="seconds")
        values = run.settings
        table.writerow(
            [run.id, _plain(run.name), _plain(run.note), run.condition, created, run.template]
            + [run.design_words, run.epoch, round(run.elapsed, 2)]
            + [_cell(values.get(name)) for name in settings]
            + [_cell(run.metrics.get(name)) for name in figures]
        )
    return text.getvalue()


def _names(of: Any) -> list[str]:
    return list(dict.fromkeys(name for values in of for name in values))


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    return json.dumps(value) if isinstance(value, dict | list) else value


def _plain(text: str) -> str:
    """Return what a person wrote so that a spreadsheet does not take it for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
