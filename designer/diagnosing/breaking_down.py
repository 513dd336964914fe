"""The loss is not a number any more, or leaps up."""

from __future__ import annotations

import numpy as np

from designer.diagnosing.diagnosis import SERIOUS, Diagnosis
from designer.diagnosing.evidence import Evidence
from designer.diagnosing.remedies import another_rate

MANY_TIMES = 5.0
"""How many times its smallest value, and twice its first one, a loss is when it explodes."""

FAR_BEYOND = 20.0
"""How many times the loss of a network that knows nothing it is when it has exploded."""


def not_a_number(evidence: Evidence) -> Diagnosis | None:
    """Say that the loss is not a number since a step."""
    steps, epochs, losses = evidence.points
    finite = np.isfinite(losses)
    if len(losses) and not finite[-1]:
        numbers = np.flatnonzero(finite)
        first = int(numbers[-1]) + 1 if len(numbers) else 0
        step, epoch = int(steps[first]), int(epochs[first])
        if step == 1:
            loss = evidence.parameters.get("loss", "the loss")
            return Diagnosis(
                "diverged",
                SERIOUS,
                f"The loss ({loss}) is not a number from the very first step, before any weight"
                " was changed: it cannot take these outputs or these labels. Another loss, or"
                " scaled features, may work.",
                epoch,
            )
        return Diagnosis(
            "diverged",
            SERIOUS,
            f"Diverged at step {step}: the loss is not a number any more, and no step after it"
            f" can bring one back. The learning rate, {evidence.rate:.3g}, is the likely cause:"
            " each step overshot by more than the one before. Try a tenth of it.",
            epoch,
            action=another_rate(evidence, 0.1, anew=True),
        )
    measured = evidence.val_loss[-1:]
    if len(measured) and not np.isfinite(measured[0]) and np.isfinite(evidence.val_loss).any():
        epoch = int(evidence.epochs[np.flatnonzero(np.isfinite(evidence.val_loss))[-1] + 1])
        return Diagnosis(
            "diverged",
            SERIOUS,
            f"Since epoch {epoch} the validation loss is not a number: some weights have grown"
            f" too large. The learning rate, {evidence.rate:.3g}, is the likely cause.",
            epoch,
            action=another_rate(evidence, 0.1, anew=True),
        )
    return None


def exploding_loss(evidence: Evidence) -> Diagnosis | None:
    """Say that the loss grows many times over, while it still is a number."""
    _, epochs, losses = evidence.points
    beyond = _beyond_all_measure(evidence)
    if beyond:
        return beyond
    here = epochs > evidence.changed
    losses, epochs = losses[here], epochs[here]
    if len(losses) < 3 or not np.isfinite(losses).all():
        return None
    lowest = int(losses.argmin())
    now = float(losses[-2:].min())  # one leap that comes back at once does not count
    if now <= MANY_TIMES * losses[lowest] or now <= 2 * losses[0]:
        return None
    since = lowest + int(np.argmax(losses[lowest:] > 2 * losses[lowest]))
    return Diagnosis(
        "exploding_loss",
        SERIOUS,
        f"The loss explodes: it was {_short(losses[lowest])} in epoch {int(epochs[lowest])} and is"
        f" {_short(losses[-1])} now. Steps are too long and overshoot; a tenth of the learning"
        f" rate, {evidence.rate:.3g}, usually holds it.",
        int(epochs[since]),
        action=another_rate(evidence, 0.1),
    )


def _beyond_all_measure(evidence: Evidence) -> Diagnosis | None:
    """Say that the loss exploded before anybody could see it small."""
    start = evidence.first_loss
    _, epochs, losses = evidence.points
    if not start or len(losses) < 2 or not losses[-1] > FAR_BEYOND * start:
        return None
    beyond = losses > FAR_BEYOND * start
    since = int(epochs[len(losses) - int(np.argmin(beyond[::-1])) if not beyond.all() else 0])
    return Diagnosis(
        "exploding_loss",
        SERIOUS,
        f"The loss has exploded: it is {_short(losses[-1])}, where a network that knows nothing has"
        f" about {_short(start)}. Steps were too long and overshot; try a tenth of the learning"
        f" rate, {evidence.rate:.3g}.",
        since,
        action=another_rate(evidence, 0.1, anew=True),
    )


def _short(value: float) -> str:
    return f"{value:,.0f}" if 1000 <= abs(value) < 1e7 else f"{value:.3g}"
