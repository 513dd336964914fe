"""Why a layer stands where pictures become numbers, and numbers answers."""

from __future__ import annotations

from math import prod

from designer.summary import LayerSummary
from designer.teaching.convolutions import why_gate
from designer.teaching.wiring import Wiring
from designer.teaching.words import activation_of, channels, count, ordinal, percent


def why_global_pooling(layer: LayerSummary, wiring: Wiring) -> str:
    shape, go = layer.input_shapes[0], (layer.output_shape or (0, 0))[-1] or 0
    if any(one.class_name == "Multiply" for one in wiring.ahead(layer)):
        return (
            f"It starts the branch that weighs the maps (squeeze): one number tells how strongly"
            f" each of the {count(go, 'map')} answers, anywhere in the picture."
        )
    after = wiring.after(layer)
    user = after[0].name if after else "the next layer"
    return (
        f"It leads from pictures to numbers: {user} gets {go:,} of them instead of"
        f" {' × '.join(f'{side:,}' for side in shape)} = {prod(shape):,}, and so needs"
        f" {shape[0] * shape[1]:,} times fewer weights than after a Flatten."
    )


def why_flatten(layer: LayerSummary, wiring: Wiring) -> str:
    size = layer.output_size
    after = next((one for one in wiring.after(layer) if one.class_name == "Dense"), None)
    if after is None:
        return f"It leads from pictures to one row of {count(size, 'number')}."
    total = wiring.summary.total_params
    share = f", {percent(after.params / total)} of the whole network" if total else ""
    large = " That makes it large:" if after.params > total / 4 else " It has"
    return (
        f"Each unit of {after.name} so gets a weight for every one of the {count(size, 'number')}."
        f"{large} {after.params:,} parameters{share}."
    )


def why_dense(layer: LayerSummary, wiring: Wiring) -> str:
    if layer.name in wiring.outputs:
        return _output(layer, wiring)
    if wiring.is_gate(layer):
        return why_gate(layer, wiring)
    come, go = channels(layer)
    hidden = [
        one
        for one in wiring.summary.layers
        if one.class_name == "Dense" and one.name not in wiring.outputs and one.path == layer.path
    ]
    place = hidden.index(layer) + 1
    name = activation_of(layer)
    bend = f", bent by its {name}," if name else ""
    which = "only" if len(hidden) == 1 else ordinal(place)
    before = wiring.before(layer)
    if before is not None and before.class_name in {"InputLayer", "Flatten"} and place == 1:
        source = f"all {count(come, 'number')} of the input"
        if wiring.has_convolutions:
            source = f"every place of every map ({count(come, 'number')})"
        return (
            f"It is the {which} hidden layer: each of its {count(go, 'unit')} weighs {source}"
            f" and finds one pattern in them{bend} for the layers after it."
        )
    return (
        f"It is the {which} hidden layer: its {count(go, 'unit')}{bend} combine the"
        f" {count(come, 'number')} before it into patterns made of those patterns."
    )


def _output(layer: LayerSummary, wiring: Wiring) -> str:
    _, go = channels(layer)
    activation = layer.layer.config.get("activation", "linear")
    head = "It is the output"
    if len(wiring.outputs) > 1:
        place = wiring.outputs.index(layer.name) + 1
        head = (
            f"It is the {ordinal(place)} of {count(len(wiring.outputs), 'head')}, each with a"
            " question of its own on the same features"
        )
    if activation == "softmax":
        return (
            f"{head}: one unit for each of {go:,} classes, and softmax turns their answers into"
            " probabilities that add up to 1."
        )
    if activation == "sigmoid" and go == 1:
        return f"{head}: one unit, and sigmoid turns its answer into a probability of “yes”."
    if activation == "sigmoid":
        return (
            f"{head}: {count(go, 'unit')}, one a label, and sigmoid gives each a probability of"
            " its own, since several labels may be true at once."
        )
    wanted = "the number that is predicted" if go == 1 else f"the {go:,} numbers that are predicted"
    return f"{head}: {wanted}, as plain sums without an activation, which could only limit them."
