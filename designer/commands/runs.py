"""``runs``, ``show`` and what is asked of a run: ``pause``, ``resume``, ``stop`` and their kin."""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from designer.commands.parsing import Declare
from designer.plain_numbers import plain_figures

if TYPE_CHECKING:
    from designer.training import Run, RunStore

PATIENCE_SECONDS = 15.0
"""How long a command waits for a run to do as it was asked; it does so in any case."""


def add(declare: Declare) -> None:
    """Declare the commands."""
    listed = declare("runs", _runs, "List the runs, the newest first.")
    listed.add_argument("--limit", type=int, default=50, help="how many at most (50)")
    for name, action, help in (
        ("show", _show, "Show a run: its state, its curve, its design and settings."),
        ("pause", _pause, "Pause a run where it is."),
        ("resume", _resume, "Let a paused, interrupted, stopped or failed run go on."),
        ("stop", _stop, "Stop a run; its model and figures are kept."),
        ("step", _step, "Let a run finish one epoch and pause."),
        ("change", _change, "Change a run that is under way."),
        ("restart", _restart, "Start a run again from identical weights, as a new run."),
        ("delete", _delete, "Delete a run and its files."),
    ):
        made = declare(name, action, help)
        made.add_argument("run", help="the run's id")
        if name == "change":
            made.add_argument("--learning-rate", type=float)
            made.add_argument("--epochs", type=int)
            made.add_argument(
                "--early-stopping", help="epochs without improvement, or never", metavar="EPOCHS"
            )


def told(run: Run, epochs: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """Return a run as the command line prints it, JSON values."""
    values: dict[str, Any] = {
        "run": run.id,
        "name": run.name,
        "state": run.condition,
        "pid": None if run.process is None or run.is_over else run.process.pid,
        "template": run.template,
        "dataset": run.settings.get("dataset"),
        "created": run.created.isoformat(),
        "epoch": run.progress.epoch,
        "of_epochs": run.progress.epochs,
        "step": run.progress.step,
        "of_steps": run.progress.steps,
        "elapsed": round(run.progress.elapsed, 3),
        "best_epoch": run.best_epoch,
        "metrics": _plain(run.metrics),
        "result": run.result,
        "reason": run.reason,
        "note": run.note,
    }
    if epochs is not None:
        values |= {
            "epochs": epochs,
            "design": run.design,
            "settings": run.settings,
            "versions": run.versions,
        }
    return values


def keep_the_queue() -> None:
    """See to it that somebody starts the queued runs, when no page server does."""
    from designer.engine.keeping import start_keeper

    start_keeper({}, owned=False, warm=False)


def _runs(options: argparse.Namespace) -> int:
    from designer.training import RunStore

    store = RunStore()
    known = store.runs(limit=max(1, options.limit))
    if options.json:
        print(json.dumps([told(run) for run in known], ensure_ascii=False))
        return 0
    if not known:
        print("No runs yet. Train one: python -m designer train dnn --dataset diabetes")
    for run in known:
        print(_line(run))
    return 0


def _show(options: argparse.Namespace) -> int:
    from designer.training import RunStore

    store = RunStore()
    run = store.run(options.run)
    points = store.metrics(run.id, kind="epoch")
    epochs = [{"epoch": point.epoch, **_plain(point.values)} for point in points]
    events = [
        {"kind": event.kind, "step": event.step, "epoch": event.epoch, **event.details}
        for event in store.events(run.id)
    ]
    if options.json:
        print(json.dumps({**told(run, epochs), "events": events}, ensure_ascii=False))
        return 0
    print(_line(run))
    for name, text in (("note", run.note), ("why", run.reason)):
        if text:
            print(f"  {name}: {text}")
    for name, value in run.settings.items():
        print(f"  {name}: {json.dumps(value, ensure_ascii=False)}")
    for event in events:
        rest = {n: v for n, v in event.items() if n not in ("kind", "step", "epoch") and v}
        more = f" {json.dumps(rest, ensure_ascii=False)}" if rest else ""
        print(f"  {event['kind']} at step {event['step']}{more}")
    for epoch in epochs:
        figures = {name: value for name, value in epoch.items() if name != "epoch"}
        print(f"  epoch {epoch['epoch']}  {plain_figures(figures)}")
    return 0


def _pause(options: argparse.Namespace) -> int:
    from designer.training import RunStore, request_pause

    store = RunStore()
    request_pause(store, options.run)
    return _tell(store, options, lambda run: run.state != "pausing")


def _resume(options: argparse.Namespace) -> int:
    from designer.training import RunStore, request_resume

    store = RunStore()
    if request_resume(store, options.run).state == "queued":
        keep_the_queue()
    return _tell(store, options, lambda run: True)


def _stop(options: argparse.Namespace) -> int:
    from designer.training import RunStore, request_stop

    store = RunStore()
    if request_stop(store, options.run).result == "pending":
        keep_the_queue()
    return _tell(store, options, lambda run: run.is_over)


def _step(options: argparse.Namespace) -> int:
    from designer.training import RunStore, request_one_epoch

    store = RunStore()
    if request_one_epoch(store, options.run).state == "queued":
        keep_the_queue()
    return _tell(store, options, lambda run: True)


def _change(options: argparse.Namespace) -> int:
    from designer.training import RunStore, SettingsError, change_settings

    changes: dict[str, Any] = {}
    if options.learning_rate is not None:
        changes["learning_rate"] = options.learning_rate
    if options.epochs is not None:
        changes["epochs"] = options.epochs
    if options.early_stopping is not None:
        never = options.early_stopping == "never"
        if not never and not options.early_stopping.isdigit():
            raise SettingsError(
                "early_stopping: received"
                f" {options.early_stopping!r}; a whole number of epochs, or never, works.",
                field="early_stopping",
            )
        changes["early_stopping"] = None if never else int(options.early_stopping)
    if not changes:
        raise SettingsError(
            "Nothing to change: give --learning-rate, --epochs or --early-stopping."
        )
    store = RunStore()
    change_settings(store, options.run, **changes)
    return _tell(store, options, lambda run: True)


def _restart(options: argparse.Namespace) -> int:
    from designer.engine.queueing import queue_run
    from designer.training import RunStore

    store = RunStore()
    run = store.run(options.run)
    options.run = queue_run(store, run.design, run.settings).id
    keep_the_queue()
    return _tell(store, options, lambda run: True)


def _delete(options: argparse.Namespace) -> int:
    from designer.training import RunStore

    RunStore().delete(options.run)
    print(json.dumps({"deleted": options.run}) if options.json else f"{options.run} deleted")
    return 0


def _tell(store: RunStore, options: argparse.Namespace, done: Any) -> int:
    """Wait until the run has done as it was asked, and print how it stands."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not done(run := store.run(options.run)) and time.monotonic() < deadline:
        time.sleep(0.05)
    print(json.dumps(told(run), ensure_ascii=False) if options.json else _line(run))
    return 0


def _line(run: Run) -> str:
    told = ("test_loss", "test_accuracy", "test_mae")
    figures = plain_figures({n: value for n, value in run.metrics.items() if n in told})
    progress = f"epoch {run.progress.epoch}/{run.progress.epochs}"
    name = f"  “{run.name}”" if run.name else ""
    return f"{run.id:<34} {run.condition:<11} {progress:<15} {figures}{name}".rstrip()


def _plain(values: Mapping[str, float]) -> dict[str, float | None]:
    """Return figures as JSON knows them."""
    return {name: value if math.isfinite(value) else None for name, value in values.items()}
