"""A file that goes from a browser to the disk in pieces.

``st.file_uploader`` holds a whole file in the memory of the pages, and twice as much for a moment
while it arrives. Here the pages never hold more than a few megabytes of it.
"""

from __future__ import annotations

import base64
import binascii
import gc
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from components.assets import register
from designer.datasets.own.limits import LARGEST_FILE
from designer.datasets.own.receiving import SMALLER, Arrival
from designer.errors import DatasetError, DesignerError

_mount = register("upload")

_KEY = "upload_arrival"
_ASKED = "upload_asked"
_WHOLE = "upload_whole"

#: Bytes after which the memory of the messages they came in is looked for.
COLLECT_EVERY = 8 << 20


def upload(
    label: str,
    hint: str,
    *,
    accept: str,
    largest: int,
    key: str,
    on_arrival: Callable[[str], None],
    on_problem: Callable[[str], None],
    advice: str = SMALLER,
) -> None:
    """Show a place for a file. For a fragment of its own: it runs again for every piece.

    Args:
        label: what it is for, read aloud.
        hint: what is said beside the button.
        accept: the endings of names that are offered (``".csv,.zip"``).
        largest: bytes of the largest file that is taken.
        key: of this place; another one begins anew.
        on_arrival: told the name a file waits under, once it is whole.
        on_problem: told why a file cannot be taken.
        advice: what a person with a larger file can do.
    """

    def take() -> None:
        state = st.session_state.get(key)
        piece = state.get("piece") if isinstance(state, Mapping) else None
        if isinstance(piece, Mapping) and "ask" in piece:
            st.session_state[_ASKED] = str(piece["ask"])[:100]  # the answer is how far it is
            return
        try:
            whole = take_piece(piece, largest, advice)
        except DesignerError as error:
            on_problem(str(error))
        else:
            if whole:
                on_arrival(whole)

    mark, arrival = st.session_state.get(_KEY, ("", None))
    _mount(
        data={
            "label": label,
            "hint": hint,
            "accept": accept,
            "largest": largest,
            "advice": advice,
            "upload": mark,
            "offset": arrival.size if arrival is not None else 0,
            "asked": st.session_state.get(_ASKED, ""),
            "whole": st.session_state.get(_WHOLE, ""),
        },
        key=key,
        on_piece_change=take,
    )


def take_piece(piece: Any, largest: int = LARGEST_FILE, advice: str = SMALLER) -> str:
    """Write a piece that a browser sent to disk; return the name of the file once it is whole.

    Args:
        piece: as the browser sent it.
        largest: bytes of the largest file that is taken.
        advice: what a person with a larger file can do.

    Raises:
        DatasetError: it is no piece, or the file is too large.
    """
    try:
        mark, name, size, offset = (piece[key] for key in ("upload", "name", "size", "offset"))
        data = base64.b64decode(piece["data"], validate=True)
        mark, name, size, offset = str(mark)[:64], str(name), int(size), int(offset)
    except (TypeError, KeyError, ValueError, binascii.Error):
        raise DatasetError(
            "What the browser sent is no piece of a file: choose it again."
        ) from None
    known, arrival = st.session_state.get(_KEY, ("", None))
    if st.session_state.get(_WHOLE) == mark:
        return ""  # a piece that came twice, of a file that is whole
    if known != mark or arrival is None:
        if offset:
            raise DatasetError("A part of the file was lost on the way: choose it again.")
        if arrival is not None:
            arrival.give_up()
        arrival = Arrival(name, largest, advice)
        st.session_state[_KEY] = (mark, arrival)
    if offset != arrival.size:
        return ""  # a piece that came twice
    try:
        arrival.add(data)
    except DatasetError:
        st.session_state.pop(_KEY, None)
        raise
    if arrival.size % COLLECT_EVERY < len(data):
        # Streamlit's messages point at each other, and would lie about until enough others do.
        gc.collect()
    if arrival.size < size:
        return ""
    st.session_state.pop(_KEY, None)
    st.session_state[_WHOLE] = mark
    return arrival.finish()
