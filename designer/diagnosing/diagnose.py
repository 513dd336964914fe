"""All that is to be said of a run, the gravest first, and nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from designer.diagnosing import (
    breaking_down,
    chance,
    generalizing,
    inside,
    learning,
)
from designer.diagnosing.baseline import Baseline
from designer.diagnosing.diagnosis import SERIOUS, SEVERITIES, Diagnosis
from designer.diagnosing.evidence import Evidence, gather
from designer.training.layer_values import LayerSnapshot
from designer.training.runs import Event, MetricPoint


def diagnose(
    points: Sequence[MetricPoint],
    events: Sequence[Event] = (),
    *,
    settings: Mapping[str, Any],
    parameters: Mapping[str, Any],
    baseline: Baseline | None = None,
    snapshots: Sequence[LayerSnapshot] = (),
    is_over: bool = False,
) -> list[Diagnosis]:
    """Say what happens in a run; a few milliseconds for thousands of points.

    Args:
        points: all points of the run, batches and epochs.
        events: what happened to it; changes of the learning rate begin trends anew.
        settings: of the run, as ``TrainingSettings.to_dict`` gives them.
        parameters: of its design (``Design.parameters``).
        baseline: what a constant answer reaches; without it, nothing is held against chance.
        snapshots: what was seen inside the layers, in order; without any, nothing is said of
            them.
        is_over: whether the run has ended: what would help is for a new one then.
    """
    evidence = gather(points, events, settings, parameters, baseline, snapshots, is_over)
    broken = breaking_down.not_a_number(evidence) or breaking_down.exploding_loss(evidence)
    dead = inside.dead_relus(evidence)
    faded = inside.vanishing_gradients(evidence)
    found = [*inside.exploding_gradients(evidence), *dead, *faded]
    if broken:
        found.append(broken)
    elif not any(one.severity == SERIOUS for one in found):
        found += _of_the_curves(evidence, slow_because_faded=bool(faded))
    return sorted(found, key=lambda one: SEVERITIES.index(one.severity))


def _of_the_curves(evidence: Evidence, *, slow_because_faded: bool) -> list[Diagnosis]:
    beside = [
        one
        for one in (generalizing.better_in_validation(evidence), learning.noisy(evidence))
        if one
    ]
    # What explains more comes first: a run that only names the commonest class also underfits,
    # and one that underfits has plateaued too.
    explanations: list[Callable[[Evidence], Diagnosis | None]] = [
        chance.only_the_commonest,
        *([] if slow_because_faded else [learning.too_slow]),
        generalizing.overfitting,
        generalizing.learned_by_heart,
        *([] if slow_because_faded else [learning.underfitting]),
        learning.converging,
        *([] if slow_because_faded else [learning.plateaued]),
    ]
    for explain in explanations:
        found = explain(evidence)
        if found:
            return [found, *beside]
    return beside
