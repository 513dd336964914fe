"""Own data: a file brought along, looked through, corrected, and kept as a data set."""

from __future__ import annotations

import streamlit as st

from components.backend import engine
from components.markdown import plain_words
from components.own_data_review import review
from components.own_data_state import bringing, own_list
from components.owner import owner
from components.pressing import pressed
from components.pulse import pulse
from components.upload import upload
from designer.datasets import DatasetInfo
from designer.datasets.own import description, progress_of
from designer.datasets.own.limits import LARGEST_FILE
from designer.errors import DesignerError
from designer.memory import write_bytes
from designer.training.forgetting import forget_data, runs_of

FORMS = ["csv", "tsv", "txt", "zip", "npz"]

_DOING = {"examine": "Looking through the file", "keep": "Writing the data set"}


def own_data_button() -> None:
    """Show the button that opens the panel, or closes it."""
    state = bringing()
    if pressed(
        "Your own data…",
        icon=":material/upload_file:",
        key="own_data_open",
        help="A table (.csv), pictures in class folders (.zip), or arrays (.npz)",
    ):
        state.opened = not state.opened
        st.rerun()


def own_data_is_open() -> bool:
    """Say whether the panel is open."""
    return bringing().opened


def hide_own_data() -> None:
    """Close the panel, from the next look at it on."""
    bringing().opened = False


def own_data_panel() -> str | None:
    """Show the panel; return the name of a data set that a person has chosen to use, if any."""
    state = bringing()
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.markdown("#### Your own data")
        if pressed("Close", icon=":material/close:", key="own_data_close"):
            hide_own_data()
            st.rerun()
    if state.look():
        _progress()
        return None
    if state.kept:
        kept, state.kept = state.kept, ""
        return kept
    if state.problem:
        st.error(state.problem, icon=":material/error:")
    if state.draft is not None:
        review(state, state.draft)
        return None
    state.told = state.problem
    if owner() is None:
        st.caption("Waiting for the browser to say who it is; it must allow pages to run scripts.")
        return None
    st.markdown("A **table** (.csv), **pictures** in class folders (.zip), or **arrays** (.npz).")
    _choose_file()
    st.caption(
        "Nothing runs before you have seen what is in it. It stays on this server, for this "
        "browser alone, until you delete it."
    )
    return _list()


@st.fragment
def _choose_file() -> None:
    state = bringing()
    if state.work is not None or state.problem != state.told:
        st.rerun()  # it has arrived, or it cannot be taken: more than this part is drawn anew
    upload(
        "A table, pictures, or arrays",
        f"or drop it here: {', '.join(FORMS)}, up to {LARGEST_FILE // 1024**2} MB",
        accept=",".join(f".{form}" for form in FORMS),
        largest=LARGEST_FILE,
        key=f"own_data_upload_{state.uploads}",
        on_arrival=state.take,
        on_problem=state.refuse,
    )


@st.fragment
def _progress() -> None:
    state = bringing()
    if state.work is None or state.work.done():
        st.rerun()
    part = progress_of(state.received)
    st.progress(part, f"{_DOING.get(state.doing, 'Working')}… {part:.0%}")
    pulse(every=0.5, key="own_data_progress")


def _list() -> str | None:
    """Show the data sets of this browser; return the one that is to be used."""
    chosen = None
    for info in own_list():
        with st.container(border=True):
            left, right = st.columns([5, 3], vertical_alignment="center")
            with left:
                st.markdown(f"**{plain_words(info.title)}**")
                st.caption(f"{plain_words(info.description)} {info.examples:,} examples.")
                if found := description(info.name).get("problems"):
                    st.caption(f"In the file: {plain_words('; '.join(map(str, found)))}.")
            with right, st.container(horizontal=True, horizontal_alignment="right"):
                if pressed("Use", key=f"own_use_{info.name}", icon=":material/check:"):
                    chosen = info.name
                with st.popover("Delete", icon=":material/delete:"):
                    _delete(info)
    return chosen


def _delete(info: DatasetInfo) -> None:
    size = int(description(info.name).get("file_bytes", 0))
    used = runs_of(engine().store, info.name)
    going_on = sum(not run.is_over for run in used)
    many = f"{len(used)} run{'' if len(used) == 1 else 's'} used it"
    now = f", {going_on} of them not over" if going_on else ""
    st.markdown(
        f"Delete **{plain_words(info.title)}**: {info.examples:,} examples, from a file of "
        f"{write_bytes(size)}? {many if used else 'No run used it'}{now}. Runs keep their figures "
        "and their models; the examples they show are deleted with the data."
    )
    if pressed("Delete it", key=f"own_delete_{info.name}", type="primary"):
        try:
            forget_data(engine().store, info.name, owner() or "")
        except DesignerError as error:
            st.error(str(error))
        else:
            st.rerun()
