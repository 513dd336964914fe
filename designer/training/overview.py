"""All runs at a glance: what a list of them shows, read without making a run of each."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from designer.comparing.phrases import listed, write
from designer.design import Design
from designer.errors import DesignerError
from designer.training import runs as states
from designer.training.processes import ProcessIdentity
from designer.training.settings import TrainingSettings, as_trained

if TYPE_CHECKING:
    from sqlalchemy import Connection

_OF_THE_DATA = ("input_shape", "classes", "task")
"""Parameters that follow from the data set, which a list names anyway."""

_TOLD_ELSEWHERE = ("dataset", "task", "epochs", "augmentation")
"""Settings that a list has columns for, or no room."""


@dataclass(frozen=True, slots=True)
class RunOverview:
    """A run in a list.

    Attributes:
        id, name, note: as ``Run`` has them.
        condition: its state, or ``"interrupted"``.
        created: when it was asked for, seconds since 1970.
        template, dataset: names.
        design_text, settings_text: both as JSON text, not read yet.
        epoch, epochs, best_epoch: how far it has come.
        elapsed: seconds of training.
        metrics: the final figures.
        complete: whether nothing more will come.
    """

    id: str
    name: str
    note: str
    condition: str
    created: float
    template: str
    dataset: str
    design_text: str
    settings_text: str
    epoch: int
    epochs: int
    best_epoch: int
    elapsed: float
    metrics: Mapping[str, float | None]
    complete: bool

    @property
    def title(self) -> str:
        """What to call it: its name, or its id."""
        return self.name or self.id

    @property
    def design(self) -> dict[str, Any]:
        """The design, as ``Design.to_dict`` gives it."""
        return dict(_read(self.design_text))

    @property
    def settings(self) -> dict[str, Any]:
        """The settings, as ``TrainingSettings.to_dict`` gives them."""
        return as_trained(_read(self.settings_text))

    @property
    def design_words(self) -> str:
        """In what the design differs from its template, in short: ``filters 32, dropout 0.3``."""
        return design_words(self.design_text)

    @property
    def settings_words(self) -> str:
        """In what the settings differ from the usual ones, in short: ``learning rate 0.01``."""
        return settings_words(self.settings_text)

    def figure(self, name: str) -> float | None:
        """Return a final figure, or ``None`` if there is none, or it is not a number."""
        value = self.metrics.get(name)
        return value if value is not None and math.isfinite(value) else None


def read_overview(connection: Connection, ids: Iterable[str] | None = None) -> list[RunOverview]:
    """Return all runs of a store, or some of them, the newest first."""
    from sqlalchemy import Text, cast, select

    from designer.training.tables import runs

    of = runs.c
    query = select(
        of.id, of.name, of.note, of.state, of.created, of.epoch, of.epochs, of.best_epoch,
        of.elapsed, of.result, of.host, of.pid, of.process_started,
        cast(of.design, Text), cast(of.settings, Text), cast(of.metrics, Text),
    ).order_by(of.created.desc(), of.id)  # fmt: skip
    if ids is not None:
        query = query.where(of.id.in_(list(ids)))
    return [_overview(tuple(row)) for row in connection.execute(query)]


def _overview(row: tuple[Any, ...]) -> RunOverview:
    (id, name, note, state, created, epoch, epochs, best_epoch, elapsed, result,
     host, pid, started, design, settings, metrics) = row  # fmt: skip
    condition = state
    if state in states.UNDER_WAY:
        process = None if pid is None else ProcessIdentity(host or "", pid, started or 0.0)
        if process is None or process.is_gone():
            condition = states.INTERRUPTED
    return RunOverview(
        id=id,
        name=name or "",
        note=note or "",
        condition=condition,
        created=created,
        template=str(_read(design).get("template", "")),
        dataset=str(_read(settings).get("dataset", "")),
        design_text=design,
        settings_text=settings,
        epoch=epoch,
        epochs=epochs,
        best_epoch=best_epoch or 0,
        elapsed=elapsed,
        metrics=json.loads(metrics or "{}"),
        complete=state in states.FINAL and result != states.PENDING,
    )


@lru_cache(maxsize=4096)
def _read(text: str) -> Mapping[str, Any]:
    values = json.loads(text or "{}")
    return values if isinstance(values, dict) else {}


@lru_cache(maxsize=4096)
def design_words(text: str) -> str:
    """Return in what a design differs from its template, in short.

    Args:
        text: the design as JSON text.
    """
    try:
        choices = Design.from_dict(_read(text)).choices
    except DesignerError as error:
        return f"cannot be read any more: {error}"
    words = [
        f"{name.replace('_', ' ')} {_value(value)}"
        for name, value in choices.items()
        if name not in _OF_THE_DATA
    ]
    return ", ".join(words)


@lru_cache(maxsize=4096)
def settings_words(text: str) -> str:
    """Return in what settings differ from the usual ones, in short.

    Args:
        text: the settings as JSON text.
    """
    usual = _usual_settings()
    return ", ".join(
        f"{name.replace('_', ' ')} {_value(value)}"
        for name, value in _read(text).items()
        if name not in _TOLD_ELSEWHERE and value != usual.get(name)
    )


@lru_cache(maxsize=1)
def _usual_settings() -> Mapping[str, Any]:
    return TrainingSettings("any").to_dict()


def _value(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        if value and isinstance(value[0], Mapping):
            return f"({len(value)})"
        return listed(value)
    return write(value)
