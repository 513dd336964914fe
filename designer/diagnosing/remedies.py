"""What would help, as the JSON values that a page makes a button of."""

from __future__ import annotations

from typing import Any

from designer.diagnosing.evidence import Evidence

Action = dict[str, Any]

HIGHEST_RATE = 100.0


def another_rate(evidence: Evidence, factor: float, *, anew: bool = False) -> Action | None:
    """Return the learning rate times a factor: for the run, or for a new one if it is over.

    Args:
        evidence: of the run.
        factor: what the learning rate is multiplied by.
        anew: whether the run is beyond help, so that only a new one can have it.
    """
    rate = float(f"{evidence.rate * factor:.3g}")
    if not 0 < rate <= HIGHEST_RATE:
        return None
    for_the_run = not (anew or evidence.is_over)
    return {"change" if for_the_run else "settings": {"learning_rate": rate}}


def another_setting(**settings: Any) -> Action:
    """Return settings for a new run."""
    return {"settings": settings}


def more_dropout(evidence: Evidence) -> Action | None:
    """Return a design with more dropout, where it has any to give."""
    for name in ("hidden_dropout", "dropout"):
        value = evidence.parameters.get(name)
        if value is not None and value < 0.5 and (name == "dropout" or _hidden(evidence)):
            return {"design": {name: 0.3 if value < 0.2 else 0.5}}
    return None


def weight_penalty(evidence: Evidence) -> Action | None:
    """Return a design with a penalty on its weights, where it has none: the one of VGG's paper."""
    return {"design": {"l2": 0.0005}} if evidence.parameters.get("l2") == 0 else None


def larger(evidence: Evidence) -> Action | None:
    """Return a design with twice the units or filters."""
    hidden = _hidden(evidence)
    if hidden:
        return {"design": {"hidden": [2 * units for units in hidden]}}
    groups = evidence.parameters.get("groups")
    if groups:
        doubled = [{**group, "filters": 2 * group["filters"]} for group in groups]
        return {"design": {"groups": doubled}}
    return None


def gradients_that_pass(evidence: Evidence) -> Action | None:
    """Return a design through which gradients pass better."""
    if evidence.parameters.get("activation") in ("sigmoid", "tanh"):
        return {"design": {"activation": "relu"}}
    if evidence.parameters.get("batch_normalization") == "none":
        return {"design": {"batch_normalization": "before"}}
    return None


def _hidden(evidence: Evidence) -> list[int]:
    return list(evidence.parameters.get("hidden") or ())
