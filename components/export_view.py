"""An export on the page: asked for, waiting its turn, made and proven, downloaded."""

from __future__ import annotations

import secrets

import streamlit as st

from components.backend import engine
from components.curve_words import write_time
from components.downloads import download_link
from components.export_options import Wish, expected_size
from components.export_proof import loading_lines, measured, proof_words
from components.export_source import Source
from components.markdown import plain_words
from components.owner import owner
from components.pressing import pressed
from components.pulse import pulse
from designer.engine.export_queue import ExportStatus
from designer.engine.export_records import FAILED, READY, RUNNING
from designer.errors import DesignerError
from designer.exports import ExportFormat, formats
from designer.memory import write_bytes

#: Seconds between two looks at an export that is on its way.
PATIENCE = 0.5

_ASKER = "export_asker"


def asker() -> str:
    """Return the mark by which this browser's exports are known; a session's, if it has none."""
    mark: str = owner() or st.session_state.setdefault(_ASKER, f"session {secrets.token_hex(8)}")
    return mark


def export_view(source: Source, format: ExportFormat, wish: Wish) -> str:
    """Offer an export; once it is proven, its download. Return its token, or ``""``."""
    st.markdown(f"#### {wish.file_name}")
    found = engine().exports.find(wish.job, wish.file_name, asker())
    if found is not None and found.state == READY:
        ready(found, wish)
        return found.record.token
    size = expected_size(source, format, wish.job.get("quantize", "none"))
    st.markdown(f"{holds_words(format, is_package=wish.is_package)} Expected size: {size}.")
    if found is not None and found.state == FAILED:
        st.error(plain_words(found.record.error), icon=":material/error:")
        if pressed("Try again", type="primary", icon=":material/refresh:", key="export_again"):
            engine().exports.give_up(found.record.token, asker())
            _ask(source, wish)
    elif found is not None:
        on_its_way(found.record.token)
    elif pressed(
        "Prepare the download",
        type="primary",
        icon=":material/inventory_2:",
        key="export_prepare",
    ):
        _ask(source, wish)
    return found.record.token if found else ""


def holds_words(format: ExportFormat, *, is_package: bool) -> str:
    """Say what the file will hold, and when it is offered."""
    what = (
        "A zip with what was chosen, a README that holds the lines that use it, and the design."
        if is_package
        else f"The {format.suffix} file alone."
    )
    if not format.holds_weights:
        return f"{what} It is offered once it has been read back and found the same."
    return (
        f"{what} It is offered once a fresh process has loaded it and predicts what the model"
        " predicts."
    )


def _ask(source: Source, wish: Wish) -> None:
    try:
        engine().exports.ask(wish.job, title=source.words, file_name=wish.file_name, asker=asker())
    except DesignerError as error:
        st.error(plain_words(str(error)), icon=":material/error:")
    else:
        st.rerun()


@st.fragment
def on_its_way(token: str) -> None:
    """Show where an export is, again and again until it is made."""
    status = engine().exports.look(token)
    if status is None or status.state in (READY, FAILED):
        st.rerun()
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":blue[:material/hourglass_top: {progress_words(status)}]")
        if pressed("Cancel", key=f"export_cancel_{token}", icon=":material/close:"):
            engine().exports.give_up(token, asker())
            st.rerun()
    pulse(every=PATIENCE, key=f"export_{token}")


def progress_words(status: ExportStatus) -> str:
    """Say where an export is that is on its way."""
    if status.state != RUNNING:
        if not status.place:
            return "It is the next one…"
        before = "one export is" if status.place == 1 else f"{status.place} exports are"
        return f"Waiting for its turn: {before} before it."
    known = formats().get(str(status.record.job.get("format")))
    doing = (
        "Writing the model, loading it in a fresh process, comparing predictions…"
        if known is None or known.holds_weights
        else "Writing it, reading it back…"
    )
    return f"{doing} {write_time(status.seconds)}" if status.seconds >= 1 else doing


def ready(status: ExportStatus, wish: Wish) -> None:
    """Show the proof of an export, its download, and how it is used."""
    record, result = status.record, status.record.result
    st.success(proof_words(result), icon=":material/verified:")
    with st.container(horizontal=True):
        size = write_bytes(int(result["bytes"]))
        download_link(record, f"Download ({size})", key=f"get_{record.token}")
        if pressed("Remove", key=f"remove_{record.token}", type="tertiary"):
            engine().exports.give_up(record.token, asker())
            st.rerun()
    measured(result)
    lines = loading_lines(str(result["format"]), record.path.name, is_package=wish.is_package)
    if lines:
        after = "unzipped, in its folder" if wish.is_package else "beside the file"
        st.markdown(f"**The lines that load it** ({after})")
        st.code(lines, language="python")
    st.markdown("**SHA-256** of the file")
    st.code(result["sha256"], language=None, wrap_lines=True)
