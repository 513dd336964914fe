"""What the layers show: units that never answer, gradients that fade or grow on their way."""

from __future__ import annotations

import math
from collections.abc import Sequence

from designer.diagnosing.diagnosis import SERIOUS, WARNING, Diagnosis
from designer.diagnosing.evidence import Evidence
from designer.diagnosing.remedies import another_rate, another_setting, gradients_that_pass
from designer.training.layer_values import LayerValues

MANY_DEAD = 0.5
"""Share of a layer's units that are dead when it is worth a word."""

MOST_TOLD = 3
"""Layers named, where many have the same trouble."""

FADED = 1e-3
GROWN = 1e3
"""A layer's gradient as a part of that of the layers nearer the output; the same, by weights."""


def dead_relus(evidence: Evidence) -> list[Diagnosis]:
    """Name the layers many of whose units are zero for every example."""
    found = []
    worst = sorted(
        (layer for layer in _now(evidence) if layer.activation.startswith("relu")),
        key=lambda layer: -layer.dead,
    )
    for layer in worst[:MOST_TOLD]:
        if not layer.dead >= MANY_DEAD:
            continue
        all_dead = layer.dead >= 0.999
        share = "all" if all_dead else f"{layer.dead:.0%}"
        found.append(
            Diagnosis(
                "dead_relus",
                SERIOUS if all_dead else WARNING,
                f"Dead ReLUs in {layer.name}: {share} of its units are zero for every example"
                " looked at. A unit that is always zero gets no gradient and does not come back"
                " by itself; too long a step, from too high a learning rate, is the usual cause."
                + (" Nothing passes this layer any more." if all_dead else ""),
                evidence.snapshots[-1].epoch,
                layer.name,
                another_rate(evidence, 0.1, anew=True),
            )
        )
    return found


def vanishing_gradients(evidence: Evidence) -> list[Diagnosis]:
    """Name the layers that hardly any gradient reaches."""
    layers = [layer for layer in _now(evidence) if _size(layer) is not None]
    if any(layer.dead >= 0.999 for layer in _now(evidence)):
        return []  # dead units, told already, hold it up
    if sum(_size(layer) or 0.0 for layer in layers) == 0:
        return []  # nothing to learn anywhere: the loss is at its end
    faded = [
        (layer, (_size(layer) or 0.0) / largest)
        for place, layer in enumerate(layers)
        if (largest := max([_size(later) or 0.0 for later in layers[place + 1 :]], default=0.0))
        and (_size(layer) or 0.0) < FADED * largest
    ]
    if not faded:
        return []
    layer, part = min(faded, key=lambda pair: pair[1])
    others = len(faded) - 1
    also = f" (and {others} more layer{'' if others == 1 else 's'})" if others else ""
    how = "no gradient at all" if part == 0 else f"gradients {_times(1 / part)} times smaller"
    return [
        Diagnosis(
            "vanishing_gradients",
            WARNING,
            f"Vanishing gradients: {layer.name}{also} gets {how} than layers nearer the output, so"
            f" it hardly learns. {_why(evidence)}",
            evidence.snapshots[-1].epoch,
            layer.name,
            gradients_that_pass(evidence),
        )
    ]


def exploding_gradients(evidence: Evidence) -> list[Diagnosis]:
    """Name the layer whose gradient outgrew all measure."""
    layers = [layer for layer in _now(evidence) if layer.gradients]
    if not layers:
        return []
    action = another_setting(clip_norm=1.0)
    epoch = evidence.snapshots[-1].epoch
    for layer in layers:
        if not math.isfinite(layer.gradient_norm):
            words = f"the gradient of {layer.name} is not a number any more"
            return [_exploding(words, SERIOUS, epoch, layer, action)]
    first = {layer.name: layer.gradient_norm for layer in evidence.snapshots[0].layers}
    for layer in layers:
        before = first.get(layer.name, 0.0)
        is_long = layer.gradient_norm > layer.weight_norm
        if before and is_long and layer.gradient_norm > GROWN * before:
            times = _times(layer.gradient_norm / before)
            words = f"the gradient of {layer.name} is {times} times what it was at first"
            return [_exploding(words, SERIOUS, epoch, layer, action)]
    sized = [(layer, _size(layer) or 0.0) for layer in layers if _size(layer) is not None]
    if len(sized) < 2 or not sized[-1][1]:
        return []
    steepest, size = max(sized[:-1], key=lambda pair: pair[1])
    if size > GROWN * sized[-1][1] and steepest.gradient_norm > 10 * steepest.weight_norm:
        times = _times(size / sized[-1][1])
        words = (
            f"on its way from the output to {steepest.name} the gradient grows {times} times, and"
            " is longer than the weights it changes"
        )
        return [_exploding(words, WARNING, epoch, steepest, action)]
    return []


def _exploding(
    words: str, severity: str, epoch: int, layer: LayerValues, action: dict
) -> Diagnosis:
    return Diagnosis(
        "exploding_gradients",
        severity,
        f"Exploding gradients: {words}. Cutting gradients to a length of 1 keeps the steps"
        " bounded; a smaller learning rate helps too.",
        epoch,
        layer.name,
        action,
    )


def _now(evidence: Evidence) -> Sequence[LayerValues]:
    return evidence.snapshots[-1].layers if evidence.snapshots else ()


def _size(layer: LayerValues) -> float | None:
    """Return the usual size of the gradient of a layer's kernel; ``None`` if it has none."""
    for name, spread in layer.gradients.items():
        if name.endswith("kernel"):
            return spread.root_mean_square
    return None


def _times(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio < 1e6 else f"{ratio:.0e}"


def _why(evidence: Evidence) -> str:
    activation = evidence.parameters.get("activation")
    if activation in ("sigmoid", "tanh"):
        return (
            f"Each {activation} on the way back makes them smaller; ReLU does not, and batch"
            " normalization or identity links help too."
        )
    return "Batch normalization, identity links or fewer layers let them through."
