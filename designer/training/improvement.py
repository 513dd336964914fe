"""Whether a run still improves, and what follows: the best epoch, early stops, plateaus."""

from __future__ import annotations

import math
from collections.abc import Iterable

from designer.training.settings import SettingsError, TrainingSettings

_LARGER_IS_BETTER = ("accuracy", "auc", "precision", "recall", "r2_score")


def larger_is_better(figure: str) -> bool:
    """Return whether a figure improves as it grows (``val_accuracy``; not ``val_loss``)."""
    return any(word in figure for word in _LARGER_IS_BETTER)


def improves(figure: str, value: float, best: float | None) -> bool:
    """Return whether a value of a figure is better than the best so far (``None``: none yet).
    What is not a number never is."""
    if not math.isfinite(value):
        return False
    if best is None:
        return True
    return value > best if larger_is_better(figure) else value < best


def check_monitor(settings: TrainingSettings, figures: Iterable[str]) -> None:
    """Check that a run will measure what its settings watch.

    Args:
        settings: of the run.
        figures: the names the loss and the metrics have (``loss``, ``accuracy``).

    Raises:
        SettingsError: it will not; the message names those it will.
    """
    known = [name for figure in figures for name in (f"val_{figure}", figure)]
    if settings.monitor not in known:
        raise SettingsError(
            f"monitor: received {settings.monitor!r}, which this design does not measure;"
            f" {', '.join(known)} work.",
            field="monitor",
        )
