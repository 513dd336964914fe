"""What a run is, to those who read it: plain frozen values, no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from designer.training.processes import ProcessIdentity

QUEUED = "queued"
STARTING = "starting"
RUNNING = "running"
STOPPING = "stopping"
STOPPED = "stopped"
FINISHED = "finished"
FAILED = "failed"

UNDER_WAY = (STARTING, RUNNING, STOPPING)
"""States in which a worker process holds the run."""

FINAL = (STOPPED, FINISHED, FAILED)
"""States a run never leaves."""

BATCH = "batch"
EPOCH = "epoch"


@dataclass(frozen=True)
class Progress:
    """How far a run has come.

    Attributes:
        epoch: the epoch under way, counted from 1; 0 before the first step.
        epochs: epochs in all.
        step: steps of the optimizer done, over all epochs.
        steps: steps in all; 0 until the worker knows.
        elapsed: seconds of training, without the time to load and build.
        pace: seconds a step, validation included, without the first step, which compiles;
            0 until there is one.
    """

    epoch: int = 0
    epochs: int = 0
    step: int = 0
    steps: int = 0
    elapsed: float = 0.0
    pace: float = 0.0

    @property
    def fraction(self) -> float:
        """The part of all steps that is done, 0–1."""
        return min(1.0, self.step / self.steps) if self.steps else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Seconds of training left at the pace so far; ``None`` before there is a pace."""
        if not self.pace or not self.steps:
            return None
        return self.pace * max(0, self.steps - self.step)


@dataclass(frozen=True)
class MetricPoint:
    """One point of every curve.

    Attributes:
        row: number of the point in the store; later points have larger ones.
        step: steps done when it was taken, over all epochs.
        epoch: the epoch it belongs to, counted from 1.
        kind: ``"batch"`` (means since the epoch began, as Keras reports them) or
            ``"epoch"`` (the whole epoch, with the validation's under ``val_…``).
        values: by name, as Keras calls them (``loss``, ``val_accuracy``). A value that is
            not a finite number is ``nan``.
        written: when, seconds since 1970.
    """

    row: int
    step: int
    epoch: int
    kind: str
    values: dict[str, float]
    written: float


@dataclass(frozen=True)
class Request:
    """Something a person asked of a run under way (``kind`` is ``"stop"``)."""

    row: int
    kind: str
    arguments: dict[str, Any]


@dataclass(frozen=True)
class Run:
    """One training of one design on one data set, as the store knew it when asked.

    Attributes:
        id: short and readable, ``cnn-mnist_5k-k3f9``.
        created: when it was asked for, UTC.
        design: the design, as ``Design.to_dict`` gives it.
        settings: the settings, as ``TrainingSettings.to_dict`` gives them.
        state: queued, starting, running, stopping, stopped, finished or failed.
        process: who holds it: its worker, or while queued the process that will start it.
        progress: how far it has come.
        reason: why it failed, or why it ended early, in words.
        metrics: the final figures: training, ``val_…`` and ``test_…``; empty until the end.
    """

    id: str
    created: datetime
    design: dict[str, Any]
    settings: dict[str, Any]
    state: str
    process: ProcessIdentity | None
    progress: Progress
    reason: str | None
    metrics: dict[str, float]

    @property
    def is_over(self) -> bool:
        """Whether the run has reached a state it will not leave."""
        return self.state in FINAL

    @property
    def template(self) -> str:
        """Name of the design's template."""
        return str(self.design.get("template", ""))


def moment(seconds: float) -> datetime:
    """Return a time in UTC from seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)
