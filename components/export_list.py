"""The exports of this browser: found again after the page was closed."""

from __future__ import annotations

import time

import streamlit as st

from components.backend import engine
from components.curve_words import write_time
from components.downloads import download_link
from components.export_view import asker, progress_words
from components.markdown import plain_words
from components.pressing import pressed
from components.pulse import pulse
from designer.engine.export_queue import ExportStatus
from designer.engine.export_records import FAILED, READY, ExportRecord
from designer.memory import write_bytes

#: Seconds between two looks while one of them is on its way.
PATIENCE = 1.5


@st.fragment
def export_list(shown: str = "") -> None:
    """Show what this browser has asked for lately; nothing if it has asked for nothing.

    Args:
        shown: token of an export that is on the page anyway.
    """
    mine = [one for one in engine().exports.of(asker()) if one.record.token != shown]
    if not mine:
        return
    st.markdown("#### Your other exports" if shown else "#### Your exports")
    st.caption("Each is kept for a day after it was made, and found again in this browser.")
    for one in mine:
        with st.container(border=True, key=f"export_row_{one.record.token}"):
            _row(one)
    if any(one.state not in (READY, FAILED) for one in mine):
        pulse(every=PATIENCE, key="export_list")


def _row(one: ExportStatus) -> None:
    record = one.record
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(width="stretch", gap=None, key=f"export_words_{record.token}"):
            st.markdown(f"**{plain_words(record.file_name)}**{_of(record)}")
            st.caption(state_words(one))
        if one.state == READY:
            download_link(record, "Download", key=f"row_get_{record.token}", primary=False)
        word = "Remove" if one.state in (READY, FAILED) else "Cancel"
        if pressed(word, key=f"export_forget_{record.token}", help=f"{word} {record.file_name}"):
            engine().exports.give_up(record.token, asker())
            st.rerun()


def _of(record: ExportRecord) -> str:
    """Say what it is of, if its name does not."""
    named = record.file_name.startswith(record.title)
    return "" if named else f" · {plain_words(record.title)}"


def state_words(one: ExportStatus) -> str:
    """Say how an export in the list stands."""
    record = one.record
    if one.state == FAILED:
        return f"Not made: {plain_words(record.error)}"
    if one.state != READY:
        return progress_words(one)
    ago = write_time(max(0.0, time.time() - record.ended))
    return f"{write_bytes(int(record.result['bytes']))}, made and proven {ago} ago"
