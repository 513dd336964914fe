"""A run, watched: progress, curves as they are made, and at the end what it is worth."""

from __future__ import annotations

import streamlit as st

from components.backend import engine
from components.boundary_view import boundary
from components.curves import curves, title
from components.look_inside import look_inside
from components.results_view import results
from components.try_it import try_it
from designer.errors import DesignerError
from designer.training import MetricPoint, Run
from designer.training.boundary import has_boundary

#: Seconds between two looks at a run under way.
EVERY = 0.5

_STATES = {
    "queued": (":material/hourglass_empty:", "gray", "Waiting for its turn"),
    "starting": (":material/hourglass_top:", "blue", "Loading data and building the model"),
    "running": (":material/play_circle:", "blue", "Training"),
    "stopping": (":material/stop_circle:", "orange", "Stopping"),
    "stopped": (":material/stop_circle:", "orange", "Stopped"),
    "finished": (":material/check_circle:", "green", "Finished"),
    "failed": (":material/error:", "red", "Failed"),
}


def run_view(run_id: str) -> None:
    """Show a run; while it is under way, again twice a second."""
    try:
        run = _current(run_id)
    except DesignerError as error:
        st.warning(str(error))
        return
    if run.is_over:
        _live(run_id)
        _result(run)
    else:
        st.fragment(_watch, run_every=EVERY)(run_id)


def _watch(run_id: str) -> None:
    if _live(run_id).is_over:
        st.rerun()


def _points(run_id: str) -> list[MetricPoint]:
    """Return all points of a run, reading only those that are new since the last look."""
    kept = st.session_state.get("run_points")
    if kept is None or kept[0] != run_id:
        kept = (run_id, [])
    points: list[MetricPoint] = kept[1]
    points.extend(engine().store.metrics(run_id, after=points[-1].row if points else 0))
    st.session_state["run_points"] = kept
    return points


def _current(run_id: str) -> Run:
    """Return a run as it is, marked as failed if its worker is gone without a word."""
    store = engine().store
    run = store.run(run_id)
    if not run.is_over and run.process is not None and run.process.is_gone():
        store.mend_dead_runs()
        run = store.run(run_id)
    return run


def _live(run_id: str) -> Run:
    run = _current(run_id)
    points = _points(run_id)
    icon, colour, words = _STATES[run.state]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"#### :{colour}[{icon} {words}]")
        st.caption(f"{run.id}")
        if not run.is_over:
            st.button(
                "Stop",
                icon=":material/stop:",
                key="stop_run",
                disabled=run.state == "stopping",
                on_click=_stop,
                args=(run_id,),
            )
    if run.state == "queued":
        st.caption("Another run is using this machine's worker; this one starts after it.")
    if run.reason:
        (st.error if run.state == "failed" else st.info)(run.reason)
    _progress(run)
    _latest(points)
    curves(run, points)
    if not run.is_over and has_boundary(run.id):
        boundary(run)
    return run


def _stop(run_id: str) -> None:
    engine().store.request_stop(run_id)


def _progress(run: Run) -> None:
    progress = run.progress
    if not progress.steps:
        return
    if not progress.step and not run.is_over:
        st.progress(0.0, text="Compiling the model: the first step takes longer than the others")
        return
    words = f"Epoch {progress.epoch} of {progress.epochs} · {write_time(progress.elapsed)}"
    if progress.seconds_left is not None and not run.is_over:
        words += f" so far · about {write_time(progress.seconds_left)} left"
    st.progress(progress.fraction, text=words)


def write_time(seconds: float) -> str:
    """Write a duration: ``42 s``, ``3 min 5 s``, ``2 h 10 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def _latest(points: list[MetricPoint]) -> None:
    """Show the newest figure of the loss and each metric, training and validation."""
    if not points:
        return
    latest = dict(points[-1].values)
    for point in reversed(points):
        if point.kind == "epoch":
            latest |= {name: value for name, value in point.values.items() if "val_" in name}
            break
    _figures({name: value for name, value in latest.items() if not name.endswith("_loss")
              or name == "val_loss"})  # fmt: skip


def _figures(values: dict[str, float]) -> None:
    with st.container(horizontal=True):
        for name, value in values.items():
            kind, _, rest = name.partition("_")
            part = {"val": "validation", "test": "test"}.get(kind)
            label = f"{title(rest)}, {part}" if part else title(name)
            st.metric(label, write_figure(name, value), border=True)


def write_figure(name: str, value: float) -> str:
    """Write a figure: shares as percents, others with four digits."""
    if any(word in name for word in ("accuracy", "precision", "recall")):
        return f"{value:.1%}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:#.4g}"


def _result(run: Run) -> None:
    tests = {name: value for name, value in run.metrics.items() if name.startswith("test_")}
    if not tests:
        return
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.markdown("#### On examples it has never seen")
        st.page_link("export.py", label="Take this model home", icon=":material/download:")
    _figures({n: v for n, v in tests.items() if n == "test_loss" or not n.endswith("_loss")})
    parts = {"Right and wrong": results, "Look inside": look_inside, "Try it": try_it}
    part = st.segmented_control(
        "What to see of the result",
        list(parts),
        default="Right and wrong",
        required=True,
        key="result_part",
        label_visibility="collapsed",
    )
    parts[part](run)
