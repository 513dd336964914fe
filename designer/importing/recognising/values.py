"""The values that parameters may have, as the network shows them: the likeliest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from designer.importing.recognising.matching import Known
from designer.importing.recognising.target import WINDOW, Target, TargetLayer, distinct, side_of
from designer.tasks import ACTIVATIONS
from designer.templates.parameters import Choice, Flag, Parameter
from designer.templates.shared_parameters import ACTIVATION_OPTIONS

_CONVOLUTIONS = ("Conv2D", "DepthwiseConv2D")


# --- of the network as a whole ------------------------------------------------------------


def network_values(target: Target) -> dict[str, Sequence[Any]]:
    """Return the values that a parameter of the whole network may have: name → values."""
    normal = [layer for layer in target.layers if layer.class_name == "BatchNormalization"]
    rates = distinct(
        layer.config["rate"] for layer in target.layers if layer.class_name == "Dropout"
    )
    with_dropout = [0.0, *rates]
    return {
        "activation": _activations(target),
        "epsilon": distinct(layer.config.get("epsilon", 1e-3) for layer in normal) or [1e-3],
        "momentum": distinct(layer.config.get("momentum", 0.99) for layer in normal) or [0.99],
        "use_bias": [True, False],
        "identity_link": [True, False],
        "batch_normalization": ["none", "before", "after"] if normal else ["none"],
        "hidden_batch_normalization": ["none", "before", "after"] if normal else ["none"],
        "dropout": with_dropout,
        "group_dropout": with_dropout,
        "hidden_dropout": with_dropout,
        "dropout_position": ["before", "after"],
        "stem_activation": [True, False],
        "flattening": ["flatten", "global_average", "global_max"],
        "hidden": [_hidden(target)],
        **_task(target),
    }


def _activations(target: Target) -> list[str]:
    seen: Counter[str] = Counter()
    for layer in target.layers:
        if layer.class_name == "ReLU":
            seen["relu"] += 1
        elif layer.name not in target.outputs:
            seen[layer.config.get("activation", "linear")] += 1
    names = [name for name, _ in seen.most_common() if name in ACTIVATION_OPTIONS]
    return [*(name for name in names if name != "linear"), "linear"]


def _hidden(target: Target) -> tuple[int, ...]:
    """Return the units of the dense layers before the outputs; not of those on maps."""
    return tuple(
        layer.config["units"]
        for layer in target.layers
        if layer.class_name == "Dense"
        and layer.name not in target.outputs
        and len(target.shapes[layer.name]) == 1
    )


def _task(target: Target) -> dict[str, Sequence[Any]]:
    by_name = {layer.name: layer for layer in target.layers}
    heads = [by_name[name] for name in target.outputs]
    units = [head.config.get("units", 0) for head in heads]
    ends = {head.config.get("activation", "linear") for head in heads}
    tasks = [task for task, end in ACTIVATIONS.items() if {end} == ends]
    several = len(heads) > 1
    return {
        "task": [task for task in tasks if (task == "multitask") == several],
        "classes": [tuple(units) if several else units[0]],
        "outputs": [units[0]],
    }


# --- of one group -------------------------------------------------------------------------


def group_values(
    name: str, parameter: Parameter, target: Target, start: str, known: Known
) -> Sequence[Any]:
    """Return the values that a field of the group behind ``start`` may have."""
    if name in target.everywhere:
        return target.everywhere[name]
    layers = list(target.after(start, WINDOW))
    channels = target.shapes[start][-1]
    match name:
        case "filters":
            return _filters(layers)
        case "kernel_size":
            windows = [one for one in layers if one.class_name in _CONVOLUTIONS]
            return distinct(side_of(one, "kernel_size") for one in windows)
        case "cardinality":
            return distinct(
                one.config.get("groups", 1) for one in layers if one.class_name == "Conv2D"
            )
        case "expansion":
            few = {known.get("filters", channels), channels}
            wide = _filters(layers)
            return distinct([*(a // b for a in wide for b in few if a % b == 0 and a >= b), 1])
        case "ratio":
            units = [one.config["units"] for one in layers if one.class_name == "Dense"]
            wide = known["filters"] * known.get("expansion", 1)
            return distinct([16, *(_ratio(wide, one) for one in units)])
        case "reduction":
            return distinct(
                share for count in _filters(layers) for share in _shares(count, channels)
            )
    return _all(parameter)


def _all(parameter: Parameter) -> Sequence[Any]:
    """Return all values of a field of which the network shows nothing by itself."""
    if isinstance(parameter, Choice) and not callable(parameter.options):
        return list(parameter.options)
    if isinstance(parameter, Flag):
        return [True, False]
    return [] if callable(parameter.default) else [parameter.default]


def _ratio(wide: int, units: int) -> int:
    """Return a ratio by which ``wide`` maps are squeezed to so many units."""
    return max(1, wide // units)


def _shares(count: int, channels: int) -> list[float]:
    """Return shares of the channels of which the whole part is ``count``, the roundest first."""
    for digits in range(1, 7):
        share = round(count / channels, digits)
        for near in (share, round(share + 10**-digits, digits)):
            if 0 < near <= 1 and max(1, int(channels * near)) == count:
                return [near]
    return [share] if 0 < (share := (count + 0.5) / channels) <= 1 else []


def _filters(layers: Iterable[TargetLayer]) -> list[int]:
    return distinct(one.config["filters"] for one in layers if one.class_name == "Conv2D")
