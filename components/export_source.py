"""What is taken home: a trained run, and which weights of it; or the design as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from components import studio
from components.backend import engine
from components.curve_words import title, write_figure, write_time
from components.history_rows import dataset_title
from components.own_data_state import NOT_TOLD, own_title
from designer.datasets.own import is_own
from designer.design import Design
from designer.errors import DesignerError
from designer.memory import write_bytes
from designer.paths import run_folder
from designer.summary import Summary, outline, summarize
from designer.templates import template
from designer.training import Run
from designer.training.taking_home import (
    OTHER_MODEL_FILES,
    checkpoints_of,
    export_arguments,
    has_model,
)

#: Runs that are offered; the newest of them.
MOST_RUNS = 200

UNTRAINED = ""

#: What is known of own data that only their owner is told.
_NOT_FOR_OTHERS = ("title", "description", "source", "licence", "own")

_CHECKPOINTS = {"best": "Best epoch", "last": "Last step"}


@dataclass(frozen=True)
class Source:
    """What is exported.

    Attributes:
        name: what its files are called after.
        words: what it is, for a person.
        arguments: of the job ``"export"`` that it settles.
        summary: of its design.
        run: the run, if it is one.
    """

    name: str
    words: str
    arguments: Mapping[str, Any]
    summary: Summary
    run: Run | None = None


def source_choice(design: Design) -> Source | None:
    """Show the choice of what is taken home, and return it; ``None`` if it cannot be."""
    known = {run.id: run for run in exportable_runs()}
    names = [UNTRAINED, *known]
    watched = studio.current_run()
    chosen = st.selectbox(
        "Model",
        names,
        names.index(watched) if watched in known else 0,
        format_func=lambda name: source_words(known.get(name), design),
        help="Runs that are over, the newest first, or the design of the Design page, with random"
        " weights.",
    )
    run = known.get(chosen)
    return _of_run(run) if run else _of_design(design)


def exportable_runs() -> list[Run]:
    """Return the runs whose model is there, the newest first."""
    runs = engine().store.runs(["finished", "stopped"], limit=MOST_RUNS)
    return [run for run in runs if has_model(run)]


def source_words(run: Run | None, design: Design) -> str:
    """Return what a choice is called in the list."""
    if run is None:
        return f"{template(design.template).title}, untrained: the design as it stands"
    dataset, words = str(run.settings["dataset"]), run.title
    if is_own(dataset) or dataset not in words:
        words += f" · {dataset_title(dataset)}"
    figure = next(iter(_figures(run)), None)
    return f"{words} · {figure}" if figure else words


def different_weights(run: Run) -> list[str]:
    """Return which weights of a run there are to choose from, those it kept first; none if the
    best epoch was the last."""
    folder = run_folder(run.id)
    two = any((folder / file).is_file() for file in OTHER_MODEL_FILES.values())
    return checkpoints_of(run) if two else []


def _of_run(run: Run) -> Source | None:
    there = different_weights(run)
    checkpoint = "kept"
    if len(there) > 1:
        chosen = st.segmented_control(
            "Weights",
            there,
            default=there[0],
            required=True,
            key=f"export_checkpoint_{run.id}",
            format_func=lambda name: _CHECKPOINTS[name] + (", kept" if name == there[0] else ""),
            help="The run kept both: those after its last step, and those of the epoch with the"
            " best figure.",
        )
        checkpoint = "kept" if chosen == there[0] else str(chosen)
    try:
        arguments = for_whoever_asks(run, export_arguments(run, checkpoint, store=engine().store))
        summary = summarize(Design.from_dict(run.design))
    except DesignerError as error:
        st.error(str(error), icon=":material/error:")
        return None
    _about(summary, run)
    name = run.id if checkpoint == "kept" else f"{run.id}-{checkpoint}"
    words = (
        run.title if checkpoint == "kept" else f"{run.title}, {_CHECKPOINTS[checkpoint].lower()}"
    )
    return Source(name, words, arguments, summary, run)


def for_whoever_asks(run: Run, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of an export without what the data of somebody else are called, where
    they come from and what was done with them: a run is for all to see, its data are not."""
    name, told = str(run.settings["dataset"]), dict(arguments)
    if not is_own(name) or own_title(name) != NOT_TOLD:
        return told
    told["notes"] = {**(told.get("notes") or {}), "dataset": NOT_TOLD}
    if record := told.get("record"):
        data = {key: value for key, value in record["data"].items() if key not in _NOT_FOR_OTHERS}
        told["record"] = {**record, "data": data}
    return told


def _of_design(design: Design) -> Source | None:
    summary = outline(design)
    if summary.fault:
        st.error(str(summary.fault), icon=":material/error:")
        st.page_link(
            "design.py", label="Mend it on the Design page", icon=":material/architecture:"
        )
        return None
    _about(summary, None)
    words = f"{template(design.template).title}, untrained"
    return Source(design.template, words, {"design": design.to_dict()}, summary)


def _about(summary: Summary, run: Run | None) -> None:
    """Say what it is: where it comes from, what it reached, how large it is."""
    size = f"{summary.total_params:,} parameters, {write_bytes(summary.weight_bytes)} of weights"
    if run is None:
        st.caption(f"{size}. Its weights are random: train it first for one that has learned.")
        return
    told = [
        f"Trained on {dataset_title(str(run.settings['dataset']))},"
        f" {run.created:%d %b %Y}, in {write_time(run.progress.elapsed)}",
        *_figures(run),
        size,
    ]
    st.caption(" · ".join(told))


def _figures(run: Run) -> list[str]:
    """Return a run's figures on test data in words, but for its loss."""
    return [
        f"{title(name.removeprefix('test_')).lower()} {write_figure(name, value)} on test data"
        for name, value in run.metrics.items()
        if name.startswith("test_") and not name.endswith("loss")
    ]
