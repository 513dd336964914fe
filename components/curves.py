"""The training curves: loss and metrics of one run, or of several laid over one another.

The component in the page keeps what it has been given, its zoom and what is hidden. It says, as
often as it looks, how far it has come, and is sent only what is new; so nothing is lost when a
message is overtaken by the next, and a page that comes back is given all anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from components.assets import register
from components.curve_words import event_words, title
from designer.training.curves_csv import curves_csv
from designer.training.following import MOST_POINTS, FollowedRun
from designer.training.runs import EPOCH

_mount = register(
    "curves",
    uses=("leaving", "going", "turns", "curve_scales", "curve_chart", "curve_files"),
)

#: Seconds between two looks of a page at a run under way.
EVERY = 0.5

#: Points in all, above which a run laid over others is thinned further.
MOST_OVERLAID = 8_000

#: Of more runs than this, the points within epochs are not sent: nobody could tell them apart.
MOST_WITH_BATCHES = 12


@dataclass(frozen=True)
class Curve:
    """A run whose curves are shown.

    Attributes:
        followed: the run.
        label: what it is called here; ``""`` where it is the only one.
    """

    followed: FollowedRun
    label: str = ""


def curves(
    shown: Sequence[Curve], *, key: str, live: bool = False, metric: str | None = None
) -> None:
    """Show curves; to be called in a fragment, which runs again whenever the page looks.

    Args:
        shown: the runs.
        key: tells this chart from others.
        live: whether more points may come, so that the page looks twice a second.
        metric: which metric to begin with, out of several; ``None`` shows all side by side.
    """
    file = None
    if st.session_state.pop(f"{key}_save", False):
        number = st.session_state[f"{key}_files"] = st.session_state.get(f"{key}_files", 0) + 1
        ids = [curve.followed.run.id for curve in shown]
        file = {
            "number": number,
            "name": f"{ids[0] if len(ids) == 1 else 'runs'}.csv",
            "text": curves_csv(curve.followed for curve in shown),
        }

    def look() -> None:
        st.session_state[f"{key}_ask"] = _part(st.session_state.get(key), "ask")

    def save() -> None:
        st.session_state[f"{key}_save"] = True

    data = curves_data(
        shown, st.session_state.get(f"{key}_ask"), live=live, metric=metric, file=file
    )
    _mount(
        data=data | {"key": key},
        key=key,
        on_ask_change=look,
        on_save_change=save,
    )


def _part(state: Any, name: str) -> Any:
    return state.get(name) if isinstance(state, Mapping) else None


def curves_data(
    shown: Sequence[Curve],
    ask: Any,
    *,
    live: bool = False,
    metric: str | None = None,
    file: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return what the page needs that does not have it yet.

    Args:
        ask: what the page said when it looked last: a ``number``, what it has of each run
            (``have``: id → generation, batch points, epoch points), and which steps it looks at
            closely (``window``: first and last, or none). Anything else is ignored.
    """
    asked = ask if isinstance(ask, Mapping) else {}
    have, window = asked.get("have"), _window(asked.get("window"))
    most = max(200, min(MOST_POINTS, MOST_OVERLAID // max(1, len(shown))))
    batches = len(shown) <= MOST_WITH_BATCHES
    runs = [_run_data(curve, _held(have, curve.followed), window, most, batches) for curve in shown]
    data: dict[str, Any] = {
        "answer": asked.get("number") if isinstance(asked.get("number"), int) else 0,
        "every": round(1000 * EVERY),
        "live": live,
        "metric": metric or "",
        "titles": {name: title(name) for name in metric_names(c.followed for c in shown)},
        "runs": runs,
    }
    if file:
        data["file"] = dict(file)
    return data


def _held(have: Any, followed: FollowedRun) -> tuple[int, int]:
    """Return how many points of both kinds a page has of a run."""
    of_run = have.get(followed.run.id) if isinstance(have, Mapping) else None
    match of_run:
        case [followed.generation, int(batch), int(epoch)]:
            if 0 <= batch <= len(followed.batch) and 0 <= epoch <= len(followed.epoch):
                return batch, epoch
    return 0, 0


def _window(window: Any) -> tuple[float, float] | None:
    match window:
        case [int() | float() as first, int() | float() as last] if first < last:
            return first, last
    return None


def _run_data(
    curve: Curve,
    held: tuple[int, int],
    window: tuple[float, float] | None,
    most: int,
    batches: bool,
) -> dict[str, Any]:
    followed = curve.followed
    with followed.lock:
        run, progress = followed.run, followed.run.progress
        batch, epoch = followed.batch, followed.epoch
        upto = len(batch) if batches else held[0]
        if upto - held[0] > most or len(epoch) - held[1] > most:
            held = (0, 0)
            upto = len(batch) if batches else 0
        data: dict[str, Any] = {
            "id": run.id,
            "label": curve.label,
            "over": run.is_over,
            "generation": followed.generation,
            "after": list(held),
            "upto": [upto, len(epoch)],
            "stepsPerEpoch": progress.steps / max(1, progress.epochs),
            "epochs": progress.epochs,
            "bestEpoch": run.best_epoch,
            "monitor": str(run.settings.get("monitor", "val_loss")),
            "batch": batch.part(held[0], upto, most),
            "epoch": epoch.part(held[1], len(epoch), most),
            "events": [
                {"kind": e.kind, "step": e.step, "made": e.made, "words": words}
                for e in followed.events
                if (words := event_words(e))
            ],
        }
        # A thinned line, looked at closely: all of what is in sight.
        if window is not None and batches and len(batch) > most:
            first, last = batch.between(*window)
            data["detail"] = {"window": list(window), "batch": batch.part(first, last, most)}
    return data


def metric_names(runs: Iterable[FollowedRun]) -> list[str]:
    """Return the names of the loss and the metrics, the loss first; with several heads, the loss
    of each head is left out, as the sum of them is what falls."""
    names: dict[str, None] = {}
    for followed in runs:
        for kind, columns in ((EPOCH, followed.epoch), ("batch", followed.batch)):
            for name in columns.values:
                if not name.startswith("val_") or kind == EPOCH:
                    names[name.removeprefix("val_")] = None
    wanted = [name for name in names if name == "loss" or not name.endswith("_loss")]
    return sorted(wanted, key=lambda name: name != "loss")
