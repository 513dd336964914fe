"""What is said of a run: one sentence or two, how grave it is, and what would help."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

GOOD = "good"
NOTE = "note"
WARNING = "warning"
SERIOUS = "serious"

SEVERITIES = (SERIOUS, WARNING, NOTE, GOOD)
"""From what to look at first to what needs no look."""


@dataclass(frozen=True)
class Diagnosis:
    """Something that happens in a run.

    Attributes:
        kind: what it is, a stable word (``"overfitting"``).
        severity: one of ``SEVERITIES``.
        words: what a person reads: what happens, how it shows, what it means.
        epoch: since when, counted from 1; 0 where that cannot be said.
        layer: the layer it is about; ``""`` for the whole network.
        action: what would help, JSON values: ``{"change": {...}}`` gives a run under way another
            setting (``designer.training.asking.change_settings``); ``{"settings": {...}}`` and
            ``{"design": {...}}`` are for a new run. ``None`` where nothing need be done.
    """

    kind: str
    severity: str
    words: str
    epoch: int = 0
    layer: str = ""
    action: dict[str, Any] | None = None
