"""Training held against validation: the gap between them, and which side it lies on."""

from __future__ import annotations

import numpy as np

from designer.diagnosing.diagnosis import NOTE, WARNING, Diagnosis
from designer.diagnosing.evidence import Evidence
from designer.diagnosing.remedies import (
    Action,
    another_setting,
    more_dropout,
    weight_penalty,
)
from designer.diagnosing.trends import smooth, tremble, trend
from designer.plain_numbers import plain_number

PATIENCE = 3
"""Epochs since the best one after which a widening gap is called overfitting."""


def training_at_the_ends(loss: np.ndarray) -> np.ndarray:
    """Return the training loss as it would be at the end of each epoch but the last.

    What is measured is the mean while the weights change, about half an epoch old; the
    validation loss is measured at the end. Half-way (by factor) to the next epoch's mean they
    are of the same age.
    """
    positive = np.maximum(loss, 1e-12)
    return np.sqrt(positive[:-1] * positive[1:])


def overfitting(evidence: Evidence) -> Diagnosis | None:
    """Say that validation has got no better since an epoch, while training went on falling."""
    loss, measured = evidence.loss, evidence.val_loss
    if len(loss) < PATIENCE + 2 or not (np.isfinite(loss).all() and np.isfinite(measured).all()):
        return None
    # In a long run the smallest of many values is a matter of luck: stretches are compared.
    half = max(1, len(loss) // 40)
    validation = smooth(measured, half)
    lowest = int(validation.argmin())
    if len(loss) - 1 - lowest < max(PATIENCE, half):
        return None
    around, last = slice(max(0, lowest - half), lowest + half + 1), slice(-2 * half - 1, None)
    level, val_now = float(validation[lowest]), float(measured[last].mean())
    train_then, train_now = float(np.median(loss[around])), float(loss[last].mean())
    widened = (val_now - train_now) - (level - train_then)
    trembling = max(tremble(measured), tremble(loss))
    if (
        train_now > 0.9 * train_then
        or widened < max(0.1 * level, 3 * trembling)
        or val_now < level - trembling
    ):
        return None
    if val_now - train_now < 0.1 * level:  # the gap only closes from the other side
        return None
    if val_now < 1.02 * level and widened < 0.2 * level:
        return None
    near = max(0, int(smooth(measured).argmin()) - 1)
    epoch = int(evidence.epochs[near + int(measured[near : near + 3].argmin())])
    if val_now > 1.02 * level:
        shown = (
            f"the validation loss has risen from {plain_number(level, 3)} to"
            f" {plain_number(val_now, 3)} while the training loss fell from"
            f" {plain_number(train_then, 3)} to {plain_number(train_now, 3)}"
        )
    else:
        shown = (
            f"the validation loss has stayed near {plain_number(val_now, 3)} while the training"
            f" loss fell from {plain_number(train_then, 3)} to {plain_number(train_now, 3)}"
        )
    return Diagnosis(
        "overfitting",
        WARNING,
        f"Overfitting since epoch {epoch}: {shown}. The gap widens: the network learns its"
        " training examples by heart. Stop early, or give it more examples, augmentation, dropout"
        " or a weight penalty.",
        epoch,
        action=_against_overfitting(evidence),
    )


def learned_by_heart(evidence: Evidence) -> Diagnosis | None:
    """Say that the training examples are known, and the others no better for it any more."""
    loss, measured = evidence.loss, evidence.val_loss
    if len(loss) < 8 or not (np.isfinite(loss).all() and np.isfinite(measured).all()):
        return None
    best = float(measured.min())
    train_now, val_now = float(loss[-3:].mean()), float(measured[-3:].mean())
    stands = trend(measured[-5:]).fall < 0.02 * val_now
    if not stands or val_now < 4 * train_now or val_now < 0.05 * float(measured[0]):
        return None
    for training, validation in evidence.accuracies:
        if float(training[-3:].mean() - validation[-3:].mean()) < 0.05:
            return None
    since = int(evidence.epochs[int(np.argmax(measured <= 1.05 * best))])
    return Diagnosis(
        "overfitting",
        WARNING,
        f"Overfitting: since epoch {since} the validation loss stays near"
        f" {plain_number(val_now, 3)} while the training loss has come down to"
        f" {plain_number(train_now, 3)}. The network knows its training examples by heart,"
        " and nothing more comes of it for others: it needs more examples, augmentation,"
        " dropout or a weight penalty.",
        since,
        action=_against_overfitting(evidence),
    )


def better_in_validation(evidence: Evidence) -> Diagnosis | None:
    """Explain a validation loss below the training loss."""
    if len(evidence.loss) < 4 or not np.isfinite(evidence.loss).all():
        return None
    reasons = _only_while_training(evidence)
    # Where nothing explains it, it must be clear and lasting to be worth a word.
    margin, long = (0.03, 3) if reasons else (0.15, 6)
    training = training_at_the_ends(evidence.loss)[-long:]
    validation = evidence.val_loss[:-1][-long:]
    if len(training) < long or not np.all(
        validation < (1 - margin) * training
    ):  # false where one is not a number
        return None
    if float(np.nanmax(training)) < 0.02 * float(evidence.loss.max()):
        return None  # both are next to nothing
    if reasons:
        why = (
            f"That is no mistake: {' and '.join(reasons)} made harder while training, and not"
            " while measuring."
        )
    else:
        why = (
            "Nothing makes training harder here, so the validation part happens to be easier,"
            " or is small: another seed splits the data anew."
        )
    return Diagnosis(
        "validation_better",
        NOTE,
        f"Validation is better than training ({plain_number(validation[-1], 3)} against"
        f" {plain_number(training[-1], 3)})."
        f" {why}",
        int(evidence.epochs[-long - 1]),
    )


def _only_while_training(evidence: Evidence) -> list[str]:
    parameters, settings = evidence.parameters, evidence.settings
    reasons = []
    if any(value for name, value in parameters.items() if name.endswith("dropout")):
        reasons.append("dropout, which silences units at random, is")
    augmentation = settings.get("augmentation") or {}
    if any(value for value in augmentation.values() if value != "none"):
        reasons.append("augmentation, which varies the pictures, is")
    if len(reasons) == 2:
        return ["dropout, which silences units,", "augmentation, which varies the pictures, are"]
    return [reason.removesuffix(" is") + " is what is" for reason in reasons]


def _against_overfitting(evidence: Evidence) -> Action | None:
    if not evidence.is_over:
        if evidence.settings.get("early_stopping") is None:
            return {"change": {"early_stopping": PATIENCE}}
        return None
    varied = evidence.settings.get("augmentation") or {}
    is_picture = len(evidence.parameters.get("input_shape", ())) > 1
    if is_picture and not any(value for value in varied.values() if value != "none"):
        return another_setting(augmentation={"translation": 0.1, "rotation": 10.0, "zoom": 0.1})
    return (
        more_dropout(evidence)
        or weight_penalty(evidence)
        or another_setting(early_stopping=PATIENCE, keep="best")
    )
