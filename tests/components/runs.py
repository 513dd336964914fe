"""Runs made by hand, as a worker would have left them at some moment."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from designer import Design
from designer.training import RunStore, TrainingSettings
from designer.training.runs import Progress
from designer.training.store import NewPoint

DNN = {"input_shape": [4], "task": "multiclass", "classes": 3}


def begun_run(
    store: RunStore,
    *,
    epochs: int = 10,
    done: float = 0.0,
    steps: int = 10,
    template: str = "dnn",
    parameters: dict[str, Any] | None = None,
    dataset: str = "iris",
    kept_within: int = 1,
    **settings: Any,
) -> str:
    """Put a run under way into the store, held by this process.

    Args:
        done: how many of its epochs are done.
        steps: steps an epoch.
        kept_within: of so many points within epochs one is there, as of a quick run.
    """
    design = Design.from_template(template, **(DNN if parameters is None else parameters))
    run = store.create(design, TrainingSettings(dataset, epochs=epochs, **settings), held=True).id
    store.mark_running(run, epochs * steps, {"python": "3.11"})
    store.add_event(run, "started")
    if done:
        numbers = range(1, round(done * steps) + 1)
        append(store, run, numbers, steps=steps, epochs=epochs, kept_within=kept_within)
    return run


def append(
    store: RunStore,
    run: str,
    numbers: Sequence[int],
    *,
    steps: int = 10,
    epochs: int = 10,
    kept_within: int = 1,
) -> None:
    """Append the points of some steps, and those of the epochs they end."""
    points = []
    for step in numbers:
        epoch, loss = (step - 1) // steps + 1, 2.0 * math.exp(-step / 40)
        if (step - 1) % kept_within == 0:
            points.append(NewPoint(step, epoch, "batch", {"loss": loss, "accuracy": 1 - loss / 4}))
        if step % steps == 0:
            figures = {"loss": loss, "accuracy": 1 - loss / 4}
            figures |= {"val_loss": loss + 0.1, "val_accuracy": 0.9 - loss / 4}
            points.append(NewPoint(step, epoch, "epoch", figures))
    last = numbers[-1]
    progress = Progress((last - 1) // steps + 1, epochs, last, epochs * steps, last / 10, 0.1)
    store.record(run, points, progress, best_epoch=last // steps)


def finished_run(store: RunStore, **arguments: Any) -> str:
    """Put a finished run into the store, with figures and without files."""
    epochs = arguments.setdefault("epochs", 3)
    run = begun_run(store, **arguments, done=epochs)
    metrics = {"loss": 0.5, "val_loss": 0.55, "test_loss": 0.6, "test_accuracy": 0.75}
    store.end(run, "finished", metrics=metrics, result="ready")
    return run
