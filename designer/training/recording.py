"""The record of a run: what somebody needs to train the same again, and what came of it then."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any

from designer.datasets import dataset_info
from designer.errors import DatasetError
from designer.paths import run_folder
from designer.training.runs import Event, MetricPoint, Run
from designer.training.taking_home import DATA_FILE


def record_of(
    run: Run, checkpoint: str, points: Sequence[MetricPoint], events: Sequence[Event]
) -> dict[str, Any]:
    """Return the record of a run, JSON values.

    It holds nothing of the machine, of the person, or of the data but their fingerprint.

    Args:
        run: a run that is over.
        checkpoint: whose weights are taken home, ``"last"`` or ``"best"``.
        points: its figures, epoch by epoch.
        events: what happened to it.

    Returns:
        ``design``, ``settings``, ``data`` (see :func:`data_record`), ``checkpoint``,
        ``best_epoch``, ``state``, ``metrics`` (the final figures), ``epochs`` (a list of
        figures), ``steps`` and ``steps_in_all`` of the optimizer, ``changed`` (settings that were
        changed under way, and in which epoch), ``versions`` and ``trained`` (when, UTC).
        A figure that is no finite number is ``None``.
    """
    return {
        "design": run.design,
        "settings": run.settings,
        "data": data_record(run),
        "checkpoint": checkpoint,
        "best_epoch": run.best_epoch,
        "state": run.state,
        "reason": run.reason,
        "metrics": finite(run.metrics),
        "epochs": [{"epoch": point.epoch, **finite(point.values)} for point in points],
        "steps": run.progress.step,
        "steps_in_all": run.progress.steps,
        "epochs_in_all": run.progress.epochs,
        "changed": [
            {"epoch": event.epoch, **event.details} for event in events if event.kind == "changed"
        ],
        "versions": dict(run.versions),
        "trained": run.created.astimezone(UTC).isoformat(timespec="seconds"),
    }


def data_record(run: Run) -> dict[str, Any]:
    """Return what the data of a run were, JSON values: name, fingerprint, how many in each part,
    and, where they are known, title, source and licence; of own data also what was done with the
    file, and its digest."""
    name = str(run.settings["dataset"])
    values: dict[str, Any] = {"name": name}
    path = run_folder(run.id) / DATA_FILE
    if path.is_file():  # runs of earlier versions have none
        values |= json.loads(path.read_text(encoding="utf-8"))
    try:
        info = dataset_info(name)
    except DatasetError:
        return values
    values |= {
        "title": info.title,
        "description": info.description,
        "source": info.source,
        "licence": info.licence,
        "kind": info.kind,
        "pixel_range": list(info.pixel_range) if info.pixel_range else None,
    }
    values.setdefault("examples", info.examples)
    values.setdefault("revision", info.revision)
    if info.loader == "own":
        from designer.datasets.own import description

        told = description(name)
        values["source"] = "brought along by its owner"  # the file's name may be of a person
        values["own"] = {"content": told.get("content"), "choices": told.get("choices", {})}
    return values


def finite(figures: Mapping[str, float]) -> dict[str, float | None]:
    """Return figures as JSON has them: ``None`` for one that is not a finite number."""
    return {name: float(value) if math.isfinite(value) else None for name, value in figures.items()}
