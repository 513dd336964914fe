"""Taking a model home: what, in which format, the proof that it reloads, the download."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import streamlit as st

from components import studio
from components.backend import engine
from designer.design import Design
from designer.errors import DesignerError
from designer.exports import formats
from designer.memory import write_bytes
from designer.paths import cache_folder
from designer.summary import outline
from designer.templates import template
from designer.training import Run
from designer.training.taking_home import export_arguments

#: An export is a copy of what can be made again; older ones are removed.
KEPT_SECONDS = 24 * 3600
LONGEST = 900
_UNTRAINED = ""


@dataclass(frozen=True)
class Source:
    """What is exported: the arguments of the export job, and the name of the package."""

    name: str
    arguments: Mapping[str, Any]
    format: str

    @property
    def file_name(self) -> str:
        return f"{self.name}-{self.format}.zip"


def source_choice(design: Design) -> Source | None:
    """Show the choice of a model and a format, and return it; ``None`` if it cannot be built."""
    store = engine().store
    runs = [run for run in store.runs(["finished", "stopped"], limit=50) if _arguments(run)]
    known = {run.id: run for run in runs}
    watched = studio.current_run()
    names = [*known, _UNTRAINED]
    chosen = st.radio(
        "Model",
        names,
        names.index(watched) if watched in known else len(names) - 1,
        format_func=lambda name: _words(known.get(name), design),
    )
    format = st.radio(
        "Format",
        list(formats()),
        format_func=lambda name: formats()[name].title,
        captions=[one.description for one in formats().values()],
    )
    if chosen:
        return Source(chosen, _arguments(known[chosen]) or {}, format)
    summary = outline(design)
    if summary.fault:
        st.error(str(summary.fault), icon=":material/error:")
        return None
    return Source(design.template, {"design": design.to_dict()}, format)


def _arguments(run: Run) -> dict[str, Any] | None:
    try:
        return export_arguments(run)
    except DesignerError:
        return None


def _words(run: Run | None, design: Design) -> str:
    if run is None:
        return f"{template(design.template).title}, untrained: the design as it stands"
    figure = next(
        (
            f", {name.removeprefix('test_').replace('_', ' ')} {value:.3g} on test data"
            for name, value in run.metrics.items()
            if name.startswith("test_") and name != "test_loss"
        ),
        "",
    )
    return f"{run.id}{figure}"


@st.cache_resource(show_spinner=False)
def _exports() -> dict[str, tuple[Future[dict[str, Any]], Path]]:
    return {}


def export_view(source: Source | None) -> None:
    """Offer the export; once it is proven, offer its download."""
    if source is None:
        return
    question = json.dumps([source.name, source.arguments, source.format], sort_keys=True)
    exports = _exports()
    st.markdown(f"#### {source.file_name}")
    st.markdown(
        "A zip with the model, a README that holds the lines that load and use it, and the"
        " design. It is offered once a fresh process has loaded it and predicts the same."
    )
    if question in exports and exports[question][0].done():
        future, path = exports[question]
        try:
            _proven(future.result(), path, source)
            return
        except DesignerError as error:
            st.error(str(error), icon=":material/error:")
            del exports[question]
        except FileNotFoundError:  # removed since, because it was old
            del exports[question]
    if question in exports:
        st.fragment(_wait, run_every=0.5)(question)
    elif st.button("Prepare the download", type="primary", icon=":material/inventory_2:"):
        path = _folder() / f"{hashlib.sha256(question.encode()).hexdigest()[:16]}.zip"
        job = {**source.arguments, "format": source.format, "out": str(path)}
        exports[question] = (engine().submit("export", timeout=LONGEST, **job), path)
        st.rerun()


def _wait(question: str) -> None:
    if question not in _exports() or _exports()[question][0].done():
        st.rerun()
    st.markdown(
        ":blue[:material/hourglass_top: Writing the model, loading it in a fresh process,"
        " comparing predictions…]"
    )


def _proven(result: Mapping[str, Any], path: Path, source: Source) -> None:
    size = path.stat().st_size
    difference = result["largest_difference"]
    agreement = (
        "are exactly the model's"
        if difference == 0
        else f"differ from the model's by at most {difference:.2g}, of"
        f" {result['allowed_difference']:.2g} that would be let pass"
    )
    st.success(
        f"Loaded in {result['verified_in']}: on {result['examples']} examples its predictions"
        f" {agreement}.",
        icon=":material/verified:",
    )

    def content() -> BinaryIO:
        return path.open("rb")

    st.download_button(
        f"Download ({write_bytes(size)})",
        content,
        file_name=source.file_name,
        mime="application/zip",
        type="primary",
        icon=":material/download:",
        on_click="ignore",
    )
    st.caption(f"SHA-256 {result['sha256']}")


def _folder() -> Path:
    """Return the folder of exports, with old ones removed."""
    folder = cache_folder() / "exports"
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        try:
            if time.time() - path.stat().st_mtime > KEPT_SECONDS:
                path.unlink()
        except OSError:  # another session was faster, or it is no file
            continue
    return folder
