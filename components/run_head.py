"""The head of a run: what it is doing, how far it has come, and its newest figures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from components.assets import register
from components.curve_words import label, write_figure
from components.curves import metric_names
from components.run_words import progress_words, status
from designer.training.following import FollowedRun

_mount = register("run_head")

#: More figures than this are left to the curves.
MOST_TILES = 8


def run_head(followed: FollowedRun, queue: Sequence[str], *, key: str = "run_head") -> None:
    """Show the head of a run; it changes in place with every look."""
    _mount(data=head_data(followed, queue), key=key)


def head_data(followed: FollowedRun, queue: Sequence[str] = ()) -> dict[str, Any]:
    """Return what the head shows.

    Args:
        queue: ids of the runs that wait, the next one first.
    """
    run = followed.run
    now = status(run, queue)
    return {
        "sign": now.sign,
        "tone": now.tone,
        "words": now.words,
        "detail": now.detail,
        "name": run.name,
        "id": run.id,
        "progress": progress_words(run),
        "fraction": round(run.progress.fraction, 4),
        "moving": run.state in ("starting", "running") and not run.progress.step,
        "tiles": _tiles(followed)[:MOST_TILES],
    }


def _tiles(followed: FollowedRun) -> list[dict[str, str]]:
    run = followed.run
    tests = {name: value for name, value in run.metrics.items() if name.startswith("test_")}
    with followed.lock:
        batch, epoch = followed.batch, followed.epoch
        names = metric_names([followed])
        # While it goes on, training's newest figure is that of the epoch under way.
        training = batch if len(batch) and not run.is_over else epoch
        if not len(training):
            training = batch
        monitor = run.settings.get("monitor")
        best = _place_of(run.best_epoch, epoch.epoch)
        tiles = []
        for name in names:
            if f"test_{name}" in tests:
                tiles.append(_tile(f"test_{name}", tests[f"test_{name}"]))
            for key, columns in ((name, training), (f"val_{name}", epoch)):
                column = columns.values.get(key)
                if column is None or not len(column):
                    continue
                value = column[-1]
                about = ""
                if best is not None and key == monitor and columns is epoch:
                    about = f"best: {write_figure(key, column[best])}, epoch {run.best_epoch}"
                tiles.append(_tile(key, value, about))
    return tiles


def _place_of(epoch: int, epochs: Sequence[int]) -> int | None:
    from bisect import bisect_left

    place = bisect_left(epochs, epoch)
    return place if epoch and place < len(epochs) and epochs[place] == epoch else None


def _tile(name: str, value: float, about: str = "") -> dict[str, str]:
    written = write_figure(name, value) if math.isfinite(value) else "not a number"
    return {"name": name, "label": label(name), "value": written, "detail": about}
