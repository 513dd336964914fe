"""What a run is, to those who read it: plain frozen values, no database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from designer.training.processes import ProcessIdentity

QUEUED = "queued"
STARTING = "starting"
RUNNING = "running"
PAUSING = "pausing"
PAUSED = "paused"
STOPPING = "stopping"
STOPPED = "stopped"
FINISHED = "finished"
FAILED = "failed"

UNDER_WAY = (STARTING, RUNNING, PAUSING, STOPPING)
"""States in which a worker process works on the run."""

FINAL = (STOPPED, FINISHED, FAILED)
"""States a run never leaves."""

INTERRUPTED = "interrupted"
"""What a run is called that is under way in the store, but whose worker is gone. No state:
whoever looks sees it, and the keeper of the queue puts it back into the queue."""

BATCH = "batch"
EPOCH = "epoch"

PENDING = "pending"
READY = "ready"


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
class Event:
    """Something that happened to a run, worth telling.

    Attributes:
        row: number of the event in the store; later events have larger ones.
        kind: ``"started"``, ``"paused"``, ``"resumed"``, ``"changed"``, ``"recovered"``,
            ``"learning_rate"``, ``"early_stop"``, ``"stopped"``, ``"finished"``, ``"failed"``,
            ``"sink_failed"``.
        step: steps done at that moment.
        epoch: the epoch then under way.
        details: more, by kind, JSON values (``{"learning_rate": 0.0001}``).
        made: when, seconds since 1970.
    """

    row: int
    kind: str
    step: int
    epoch: int
    details: dict[str, Any]
    made: float


@dataclass(frozen=True)
class Run:
    """One training of one design on one data set, as the store knew it when asked.

    Attributes:
        id: short and readable, ``cnn-mnist_5k-k3f9``.
        created: when it was asked for, UTC.
        design: the design, as ``Design.to_dict`` gives it.
        settings: the settings, as ``TrainingSettings.to_dict`` gives them; what was changed
            under way is in them.
        state: queued, starting, running, pausing, paused, stopping, stopped, finished, failed.
        process: the worker that holds it, or ``None``.
        progress: how far it has come.
        reason: why it failed, or why it ended early, in words.
        metrics: the final figures: training, ``val_…`` and ``test_…``; empty until the end.
        pause_after: the epoch at whose end the run will pause by itself; 0 for none.
        memory: bytes of memory it was expected to need when it was accepted.
        attempts: how often it was begun again since its last checkpoint.
        result: ``""`` while it trains; ``"pending"`` while the final figures are made;
            ``"ready"``; or why there are none, in words.
        best_epoch: the epoch with the best monitored figure so far; 0 before there is one.
        versions: of Python, TensorFlow, Keras and this product, as it began.
        name: what a person calls it; ``""`` if nobody named it.
        note: what a person wrote about it.
        home: the machine and folder that hold its files.
        watch_layers: whether somebody wants to see inside its layers while it trains.
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
    pause_after: int = 0
    memory: int = 0
    attempts: int = 0
    result: str = ""
    best_epoch: int = 0
    versions: dict[str, str] = field(default_factory=dict)
    name: str = ""
    note: str = ""
    home: str = ""
    watch_layers: bool = False

    @property
    def is_over(self) -> bool:
        """Whether the run has reached a state it will not leave."""
        return self.state in FINAL

    @property
    def is_complete(self) -> bool:
        """Whether nothing more will come: it is over, and its final figures are made."""
        return self.is_over and self.result != PENDING

    @property
    def is_interrupted(self) -> bool:
        """Whether it is under way in the store while its worker is gone, as far as is known."""
        if self.state not in UNDER_WAY:
            return False
        return self.process is None or self.process.is_gone()

    @property
    def condition(self) -> str:
        """The state, or ``"interrupted"``."""
        return INTERRUPTED if self.is_interrupted else self.state

    @property
    def template(self) -> str:
        """Name of the design's template."""
        return str(self.design.get("template", ""))

    @property
    def title(self) -> str:
        """What to call it: its name, or its id."""
        return self.name or self.id


def moment(seconds: float) -> datetime:
    """Return a time in UTC from seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)
