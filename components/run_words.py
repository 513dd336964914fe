"""What a run is doing, in words: its state, its place in the queue, how far it has come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from components.curve_words import write_time
from designer.training.runs import INTERRUPTED, PENDING, QUEUED, READY, Run

STATES = {
    "queued": ("…", "calm", "Waiting for its turn"),
    "starting": ("…", "busy", "Loading data and building the model"),
    "running": ("▶", "busy", "Training"),
    "pausing": ("‖", "warm", "Pausing"),
    "paused": ("‖", "warm", "Paused"),
    "stopping": ("■", "warm", "Stopping"),
    "stopped": ("■", "warm", "Stopped"),
    "finished": ("✓", "good", "Finished"),
    "failed": ("✕", "bad", "Failed"),
    INTERRUPTED: ("!", "bad", "Interrupted"),
}

_ORDINALS = ("next", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")


@dataclass(frozen=True)
class Status:
    """What a run is doing.

    Attributes:
        sign: one character for it.
        tone: ``calm``, ``busy``, ``warm``, ``good`` or ``bad``.
        words: the state.
        detail: more, a sentence; ``""`` if there is no more to say.
    """

    sign: str
    tone: str
    words: str
    detail: str = ""


def status(run: Run, queue: Sequence[str] = ()) -> Status:
    """Return what a run is doing.

    Args:
        queue: ids of the runs that wait, the next one first; needed for one that waits.
    """
    sign, tone, words = STATES[run.condition]
    return Status(sign, tone, words, _detail(run, queue))


def _detail(run: Run, queue: Sequence[str]) -> str:
    if run.state == QUEUED:
        return " ".join(part for part in (_place(run, queue), run.reason or "") if part)
    if run.condition == INTERRUPTED:
        return (
            "Its worker process is gone. It is taken up again from its last checkpoint;"
            " Resume does so at once."
        )
    if run.state == "paused":
        return (
            f"In epoch {run.progress.epoch}; Resume goes on from here." if run.progress.step else ""
        )
    if run.pause_after and not run.is_over:
        return f"It pauses at the end of epoch {run.pause_after}."
    if run.is_over and run.result == PENDING:
        return "The final figures are being made."
    if run.is_over and run.result not in ("", READY):
        return run.result
    return ""


def _place(run: Run, queue: Sequence[str]) -> str:
    if run.id not in queue:
        return ""
    place = list(queue).index(run.id)
    which = _ORDINALS[place] if place < len(_ORDINALS) else f"number {place + 1}"
    return f"It is {'the ' if place < len(_ORDINALS) else ''}{which} in the queue of {len(queue)}."


def progress_words(run: Run) -> str:
    """Return how far a run has come, and how long it will still take."""
    progress = run.progress
    if not progress.steps:
        return ""
    if not progress.step and run.state in ("starting", "running"):
        return "Compiling the model: the first step takes longer than the others"
    words = f"Epoch {progress.epoch} of {progress.epochs} · {write_time(progress.elapsed)}"
    if progress.seconds_left is not None and not run.is_over:
        words += f" so far · about {write_time(progress.seconds_left)} left"
    return words
