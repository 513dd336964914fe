"""The rows of the history: what the table of all runs shows of each."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from components.curve_words import title, write_figure, write_time
from components.own_data_state import own_title
from components.run_words import STATES
from designer.datasets import CATALOGUE
from designer.datasets.own import is_own
from designer.errors import DesignerError
from designer.templates import template
from designer.training.overview import RunOverview
from designer.training.runs import UNDER_WAY

#: Which figures tell most: those on examples never seen, then the validation's.
PARTS = ("test_", "val_", "")


def row(run: RunOverview) -> dict[str, Any]:
    """Return what the table shows of a run: what is read, and beside it what is sorted by."""
    sign, tone, words = STATES[run.condition]
    loss = main_figure(run, "loss")
    metric = main_metric(run)
    return {
        "id": run.id,
        "name": run.name,
        "note": run.note,
        "sign": sign,
        "tone": tone,
        "state": words,
        "busy": run.condition in UNDER_WAY,
        "template": template_title(run.template),
        "words": run.design_words,
        "dataset": dataset_title(run.dataset),
        "settings": run.settings_words,
        "loss": None if loss is None else run.metrics[loss],
        "lossText": "" if loss is None else write_figure("loss", run.metrics[loss] or 0.0),
        "metric": None if metric is None else run.metrics[metric],
        "metricText": "" if metric is None else _metric_text(metric, run.metrics[metric] or 0.0),
        "epoch": run.epoch,
        "epochs": f"{run.epoch} of {run.epochs}" if run.epoch != run.epochs else str(run.epochs),
        "seconds": round(run.elapsed, 1),
        "time": write_time(run.elapsed) if run.elapsed else "",
        "created": run.created,
    }


def main_figure(run: RunOverview, name: str) -> str | None:
    """Return the key of the figure that tells most of a metric, if the run has one."""
    return next((p + name for p in PARTS if run.figure(p + name) is not None), None)


def main_metric(run: RunOverview) -> str | None:
    """Return the key of the run's first metric other than its loss, if it has one."""
    for part in PARTS:
        for key in run.metrics:
            name = key.removeprefix(part)
            if key.startswith(part) and not name.endswith("loss") and run.figure(key) is not None:
                return key
    return None


def _metric_text(key: str, value: float) -> str:
    name = next((key.removeprefix(part) for part in PARTS if part and key.startswith(part)), key)
    return f"{write_figure(name, value)} {title(name).lower() if title(name) != 'AUC' else 'AUC'}"


@lru_cache(maxsize=256)
def template_title(name: str) -> str:
    """Return the title of a template, or its name if it is not known here any more."""
    try:
        return template(name).title
    except DesignerError:
        return name


def dataset_title(name: str) -> str:
    """Return the title of a data set, or its name if nothing is known of it."""
    if name in CATALOGUE:
        return CATALOGUE[name].title
    return own_title(name) if is_own(name) else name
