"""The curves of runs as a table for other programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from designer.training.following import FollowedRun


def curves_csv(runs: Iterable[FollowedRun]) -> str:
    """Return every point of some runs as CSV: run, kind, step, epoch, seconds and each figure.

    A figure that was not measured there is left empty, as is one that is not a finite number.
    """
    runs = list(runs)
    names: dict[str, None] = {}
    for followed in runs:
        for columns in (followed.batch, followed.epoch):
            names.update(dict.fromkeys(columns.values))
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["run", "kind", "step", "epoch", "seconds", *names])
    for followed in runs:
        with followed.lock:
            for kind, columns in (("batch", followed.batch), ("epoch", followed.epoch)):
                chosen = [columns.values.get(name) for name in names]
                for place in range(len(columns)):
                    figures = ["" if c is None else _written(c[place]) for c in chosen]
                    table.writerow(
                        [
                            followed.run.id,
                            kind,
                            columns.step[place],
                            columns.epoch[place],
                            f"{columns.seconds[place]:.2f}",
                            *figures,
                        ]
                    )
    return text.getvalue()


def _written(figure: float) -> str:
    return repr(figure) if figure - figure == 0 else ""
