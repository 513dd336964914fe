"""Whether a run learns: it converges, stands still, creeps, leaps about, or never got going."""

from __future__ import annotations

import numpy as np

from designer.diagnosing.chance import way_from_chance
from designer.diagnosing.diagnosis import GOOD, NOTE, WARNING, Diagnosis
from designer.diagnosing.evidence import Evidence
from designer.diagnosing.remedies import another_rate, another_setting, larger
from designer.diagnosing.trends import tremble, trend
from designer.plain_numbers import plain_number

WINDOW = 5
"""Epochs over which a trend is read, at least."""

POOR_WAY = 0.25
"""How much of the way from guessing to perfection is still called poor."""

STRONG_PENALTY = 0.005
"""The L2 penalty from which it is to blame first where a network cannot learn: ten times what is
usual."""

POOR_LOSS = 0.85
"""Which part of the loss of a constant answer is still called poor."""


def converging(evidence: Evidence) -> Diagnosis | None:
    """Say that the loss falls, and go on falling it does."""
    window = max(WINDOW, len(evidence.epochs) // 10)
    watched = evidence.watched[-window:]
    if len(watched) < 2 or not np.isfinite(watched).all():
        return None
    line = trend(watched)
    sure = line.tremble / np.sqrt(len(watched))
    scale = float(np.nanmax(evidence.watched) - np.nanmin(evidence.watched))
    if line.fall < max(0.02 * line.level, 3 * sure, 0.002 * scale):
        return None
    if trend(evidence.loss[-window:]).fall < 0:
        return None
    which = "validation loss" if evidence.watched is evidence.val_loss else "loss"
    fell = (
        f"the {which} fell from {plain_number(watched[0], 3)} to {plain_number(watched[-1], 3)}"
        f" over the last {len(watched)} epochs"
    )
    since = int(evidence.epochs[-len(watched)])
    if evidence.is_over:
        more = 2 * int(evidence.epochs[-1])
        return Diagnosis(
            "unfinished",
            NOTE,
            f"It was still learning when it ended: {fell}. More epochs may well help.",
            since,
            action=another_setting(epochs=more),
        )
    return Diagnosis("converging", GOOD, f"Converging: {fell}, and it still falls.", since)


def plateaued(evidence: Evidence) -> Diagnosis | None:
    """Say that nothing has changed for a while."""
    here = evidence.since_change
    window = max(WINDOW, len(here) // 4)
    if len(here) < window + 1:
        return None
    watched, loss = evidence.watched[here], evidence.loss[here]
    if not (np.isfinite(watched).all() and np.isfinite(loss).all()):
        return None
    reach = float(np.nanmax(evidence.watched) - np.nanmin(evidence.watched))
    for curve, part in ((watched, 0.03), (loss, 0.05)):
        line = trend(curve[-window:])
        if abs(line.fall) > max(part * reach, 0.005 * line.level):
            return None
    best = np.minimum.accumulate(watched)
    near = max(0.02 * reach, 0.005 * float(np.abs(watched[-window:]).mean()))
    since = int(evidence.epochs[here][int(np.argmax(best <= best[-1] + near))])
    return Diagnosis(
        "plateaued",
        NOTE,
        f"Plateaued: since epoch {since} the loss has stayed near {plain_number(best[-1], 3)}."
        " Further epochs at this learning rate change little: a smaller one may find a"
        " little more, or this is what the network can do.",
        since,
        action=another_rate(evidence, 0.1),
    )


def too_slow(evidence: Evidence) -> Diagnosis | None:
    """Say that the learning rate is so small that the loss barely moves, though steadily."""
    here = evidence.since_change
    loss = evidence.loss[here]
    if len(loss) < WINDOW or not np.isfinite(loss).all() or loss[0] <= 0:
        return None
    fall = float(loss[0] - loss[-1])
    epochs = len(loss) - 1
    steady = float(np.mean(np.diff(loss) < 0)) >= 0.75 and tremble(loss) < fall / epochs
    middle = float(loss[len(loss) // 2])
    bends = middle - loss[-1] < 0.3 * fall  # it has flattened: not slow, but done
    speeds_up = loss[-2] - loss[-1] > 1.3 * (loss[0] - loss[1])
    if (
        not steady
        or bends
        or speeds_up
        or not 0 < fall / epochs < 0.01 * loss[0]
        or _is_good(evidence)
    ):
        return None
    # Where it is far below what the optimizer begins with, that is the better start.
    factor = max(10.0, evidence.usual_rate / evidence.rate / 3)
    return Diagnosis(
        "learning_rate_too_small",
        WARNING,
        f"The loss barely moves: {plain_number(loss[0])} to {plain_number(loss[-1])} in {epochs}"
        " epochs, steadily downwards. The steps are too short: the learning rate is"
        f" {evidence.rate:.3g}. With {factor:.3g} times that, the same way takes a"
        " fraction of the time.",
        int(evidence.epochs[here][0]),
        action=another_rate(evidence, factor),
    )


def underfitting(evidence: Evidence) -> Diagnosis | None:
    """Say that training and validation are both poor and nothing gets better."""
    if len(evidence.epochs) <= WINDOW or converging(evidence):
        return None
    before, now = evidence.watched[:-WINDOW], evidence.watched[-WINDOW:]
    if not np.nanmin(now) > 0.97 * np.nanmin(before):
        return None  # it got better lately, or cannot be compared
    way = way_from_chance(evidence)
    if way is not None:
        if way >= POOR_WAY:
            return None
        shown = (
            "training and validation accuracy are hardly better than guessing"
            if way < 0.05
            else f"training and validation accuracy have come only {way:.0%} of the way from"
            " guessing to perfect"
        )
    else:
        best = _part_of_baseline(evidence)
        if best is None or best < POOR_LOSS:
            return None
        shown = "the loss is hardly better than that of one constant answer for every example"
    why, action = (
        "The network is too small for these data, or it cannot learn as it is set up.",
        (larger(evidence)),
    )
    if evidence.rate > 5 * evidence.usual_rate:
        why = (
            f"The learning rate, {evidence.rate:.3g}, is high for this optimizer: steps that long"
            " can leap over every good answer."
        )
        action = another_rate(evidence, 0.1)
    elif evidence.parameters.get("l2", 0.0) >= STRONG_PENALTY:
        penalty = evidence.parameters["l2"]
        why = (
            f"The weight penalty (L2), {penalty:g}, is strong: it can hold the weights so close to"
            " zero that little is learned."
        )
        action = {"design": {"l2": float(f"{penalty / 10:.3g}")}}
    return Diagnosis(
        "underfitting",
        WARNING,
        f"Underfitting: after {int(evidence.epochs[-1])} epochs {shown}. {why}",
        int(evidence.epochs[-WINDOW]),
        action=action,
    )


def noisy(evidence: Evidence) -> Diagnosis | None:
    """Say that the loss leaps up and down from epoch to epoch."""
    loss = evidence.loss[-10:]
    if len(loss) < 6 or not np.isfinite(loss).all():
        return None
    scale = max(float(loss.mean()), 0.05 * float(np.nanmax(evidence.loss)))
    jumps = tremble(loss)
    turns = float(np.mean(np.diff(np.sign(np.diff(loss))) != 0))
    if jumps < 0.07 * scale or turns < 0.4:
        return None
    batch = int(evidence.settings.get("batch_size", 32))
    if batch < 16:
        words = (
            f"each step looks at only {batch} example{'' if batch == 1 else 's'}, and what they"
            " say differs from step to step. Larger batches are steadier"
        )
        action = another_setting(batch_size=min(64, 8 * batch))
    else:
        words = (
            f"the steps are long for this network. A smaller learning rate than"
            f" {evidence.rate:.3g} is steadier"
        )
        action = another_rate(evidence, 0.1) or {}
    return Diagnosis(
        "noisy",
        NOTE,
        f"Noisy: the training loss jumps by about {jumps / scale:.0%} from one epoch to the next:"
        f" {words}.",
        int(evidence.epochs[-len(loss)]),
        action=action or None,
    )


def _is_good(evidence: Evidence) -> bool:
    """Whether it has learned most there is to learn, as far as is known."""
    way = way_from_chance(evidence)
    if way is not None:
        return way > 0.5
    part = _part_of_baseline(evidence)
    return part is not None and part < 0.5


def _part_of_baseline(evidence: Evidence) -> float | None:
    """Return the better loss as a part of that of a constant answer, where the two compare."""
    whole = evidence.baseline.loss
    if not whole or evidence.settings.get("class_weights") == "balanced":
        return None
    last = [float(np.mean(curve[-3:])) for curve in (evidence.loss, evidence.val_loss)]
    finite = [value for value in last if np.isfinite(value)]
    return min(finite) / whole if finite else None
