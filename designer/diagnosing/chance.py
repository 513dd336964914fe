"""Accuracy held against guessing: how far above it, and whether it only names the commonest."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from designer.diagnosing.diagnosis import WARNING, Diagnosis
from designer.diagnosing.evidence import Evidence
from designer.diagnosing.remedies import Action, another_setting

RARE = 1.5
"""How many times its fair share the largest class has where classes are out of balance."""

AS_GOOD_AS_EQUAL = 0.015


def way_from_chance(evidence: Evidence, *, back: int = 3) -> float | None:
    """Return how far the better of training and validation has come from guessing (0) to
    perfection (1), in the last epochs; ``None`` where no accuracy is measured."""
    ways = []
    for shares, training, validation in _heads(evidence):
        chance = max(shares)
        for part in (training[-back:], validation[-back:]):
            part = part[np.isfinite(part)]
            if len(part) and chance < 1:
                ways.append((float(part.mean()) - chance) / (1 - chance))
    return max(ways) if ways else None


def only_the_commonest(evidence: Evidence) -> Diagnosis | None:
    """Say that the accuracy is just the share of the largest class."""
    for shares, training, validation in _heads(evidence):
        largest = max(shares)
        if len(shares) < 2 or largest < min(0.9, max(RARE / len(shares), 0.6 * (len(shares) == 2))):
            continue
        last = np.concatenate([training[-3:], validation[-3:]])
        last = last[np.isfinite(last)]
        if len(training) < 2 or not len(last):
            continue
        if np.all(np.abs(last - largest) <= AS_GOOD_AS_EQUAL):
            away = np.abs(training - largest) > AS_GOOD_AS_EQUAL
            before = np.flatnonzero(away)
            since = int(evidence.epochs[before[-1] + 1 if len(before) else 0])
            return Diagnosis(
                "class_imbalance",
                WARNING,
                f"The accuracy, {last[-1]:.1%}, is just the share of the largest class"
                f" ({largest:.1%} of the examples): the network seems to answer that class for"
                " every example. Let rare classes count for more (balanced class weights).",
                since,
                action=_balanced(evidence),
            )
    return None


def _balanced(evidence: Evidence) -> Action | None:
    if evidence.settings.get("class_weights") == "balanced":
        return None
    return another_setting(class_weights="balanced")


def _heads(evidence: Evidence) -> Iterator[tuple[tuple[float, ...], np.ndarray, np.ndarray]]:
    for shares, (training, validation) in zip(
        evidence.baseline.shares, evidence.accuracies, strict=False
    ):
        if shares:
            yield shares, training, validation
