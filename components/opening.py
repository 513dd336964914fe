"""Opening a file: a design, a package, a Keras model; what came of it, told in words."""

from __future__ import annotations

import streamlit as st

from components import studio
from components.markdown import plain_words
from components.upload import upload
from designer.datasets.own import receiving
from designer.errors import DesignerError
from designer.importing import open_file
from designer.importing.limits import LARGEST_FILE, LONGEST_NAME

_PROBLEM = "opening_problem"
_OPENED = "opening_count"
_DONE = "opening_done"

#: The most notes that are shown beneath the sentence; the layer table tells the rest.
MOST_NOTES = 14

_MOST = LARGEST_FILE // 1024**3


@st.fragment
def open_a_file() -> None:
    """Show the place for a file. A part of its own: it runs again for every piece that arrives."""
    if st.session_state.pop(_DONE, False):
        st.rerun()  # the page shows another design now, or why there is none
    st.markdown("**Open a file**")
    upload(
        "Open a file",
        "or drop it here",
        accept=".json,.keras,.zip,.h5,.hdf5,.onnx,.tflite,.ipynb",
        largest=LARGEST_FILE,
        key=f"opening_{st.session_state.get(_OPENED, 0)}",
        on_arrival=take,
        on_problem=refuse,
        advice="Write model.to_json() to a file and open that, or use the command line: python -m"
        " designer import.",
    )
    st.caption(
        "What Model Designer exported, but code and drawings; a .keras or .h5 file, or a model's"
        f" JSON (model.to_json()), up to {_MOST} GB. Only its layers are read; nothing in it is"
        " run."
    )
    if problem := st.session_state.get(_PROBLEM):
        st.error(plain_words(problem), icon=":material/error:")


def take(received: str) -> None:
    """Open a file that has arrived; a bad one changes nothing and is told.

    Args:
        received: the name it waits under (see ``designer.datasets.own.receiving``).
    """
    try:
        path, about = receiving.about(received)
        imported = open_file(path, about["file_name"][:LONGEST_NAME])
    except DesignerError as error:
        refuse(str(error))
        return
    finally:
        receiving.discard(received)
    refuse("")
    studio.open_imported(imported)


def refuse(problem: str) -> None:
    """Tell why a file cannot be opened; empty for no reason any more."""
    st.session_state[_PROBLEM] = problem
    st.session_state[_OPENED] = st.session_state.get(_OPENED, 0) + 1
    st.session_state[_DONE] = True


def told() -> None:
    """Show what the file that was opened last was recognised as, until the design changes."""
    imported = studio.told()
    # Always there, so that nothing below moves when it goes: a control in use would be lost.
    with st.container(key="opening_told"):
        if imported is None:
            return
        st.success(plain_words(imported.sentence), icon=":material/check_circle:")
        if imported.notes:
            with st.expander("What was found in it"):
                notes(imported.notes)


def notes(lines: tuple[str, ...]) -> None:
    """Show notes, each a line."""
    shown = [f"- {plain_words(line)}" for line in lines[:MOST_NOTES]]
    if len(lines) > MOST_NOTES:
        shown.append(f"- and {len(lines) - MOST_NOTES:,} more")
    st.markdown("\n".join(shown))
