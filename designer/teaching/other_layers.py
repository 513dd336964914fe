"""Why a layer that is no convolution stands where it stands."""

from __future__ import annotations

from collections.abc import Callable
from math import prod

from designer.summary import LayerSummary
from designer.teaching.joins import why_add, why_concatenate, why_multiply, why_reshape
from designer.teaching.task_layers import why_dense, why_flatten, why_global_pooling
from designer.teaching.wiring import CONVOLUTIONS, POOLINGS, Wiring
from designer.teaching.words import (
    activation_of,
    count,
    kernel,
    ordinal,
    shrinking,
    sides,
    strides_of,
)


def _input(layer: LayerSummary, wiring: Wiring) -> str:
    shape = [size for size in (layer.output_shape or ())[1:] if size is not None]
    if len(shape) == 1:
        return (
            f"Here an example is one row of a table: {count(shape[0], 'number')}, one a column"
            " (a feature)."
        )
    deep = shape[2] if len(shape) > 2 else 1
    colours = {1: "one grey value", 3: "three colour values (red, green, blue)"}
    each = colours.get(deep, f"{deep:,} values")
    return f"Here an example is a picture of {sides(shape)} pixels, each of {each}."


def _normalization(layer: LayerSummary, wiring: Wiring) -> str:
    feeds, users = wiring.feeds(layer)[0], wiring.users[layer.name]
    bends = next((one for one in users if one.class_name in {"ReLU", "Activation"}), None)
    own = activation_of(feeds)
    if feeds.class_name in CONVOLUTIONS | {"Dense"} and bends is not None:
        return (
            f"It stands between {feeds.name} and its {activation_of(bends)}: the activation then"
            " finds numbers around zero, whatever scale the layer before it has drifted to."
        )
    if any(one.class_name == "Add" for one in users):
        return (
            f"It brings what {feeds.name} puts out to a steady scale before the addition, so that"
            " neither of the two ways drowns the other."
        )
    if bends is not None:
        return (
            "It stands before the convolutions instead of after them (pre-activation): they start"
            " from steady numbers, whatever the additions before them have summed up."
            if layer.path.count("/") >= 2
            else "It steadies what the last additions have summed up, once, before the outputs."
        )
    if own:
        return (
            f"It stands after the {own} of {feeds.name}, so that the next layer starts from numbers"
            " of a steady scale."
        )
    return f"It steadies what {feeds.name} puts out, for the layers after it."


def _activation(layer: LayerSummary, wiring: Wiring) -> str:
    feeds, users = wiring.feeds(layer)[0], wiring.users[layer.name]
    name = activation_of(layer) or "activation"
    if wiring.is_gate(layer) and layer.layer.config.get("activation", "").endswith("sigmoid"):
        return (
            "It turns the branch's answers into numbers between 0 and 1: how much of each map to"
            " keep."
        )
    if feeds.class_name == "Add":
        return (
            f"It closes the block: the sum of shortcut and convolutions goes through the {name}"
            " before the next block takes it."
        )
    if feeds.class_name == "BatchNormalization":
        worker = wiring.before(layer)
        if worker is not None and worker.path == layer.path and worker.class_name != "Add":
            return (
                f"It stands after the normalization of {worker.name}, whose numbers now lie around"
                f" zero: about half of them are below it, where the {name} bends them."
            )
        after = wiring.after(layer)
        if not after or layer.path.count("/") < 2:
            return f"It bends the last sums once more before the outputs, with a {name}."
        if len(after) > 1:
            return (
                f"It stands before {' and '.join(one.name for one in after)} instead of after the"
                " addition (pre-activation): in this block the shortcut starts from it too."
            )
        return (
            f"It stands before {after[0].name} instead of after the addition (pre-activation), so"
            " that the shortcut beside it is never bent."
        )
    after = [one for one in users if one.class_name != "Dropout"] or wiring.after(layer)
    reach = f" before {after[0].name}" if after else ""
    return (
        f"Without it, {feeds.name} and the next layer with weights would together be no more than"
        f" one straight-line layer; the {name} bends the numbers{reach}."
    )


def _pooling(layer: LayerSummary, wiring: Wiring) -> str:
    strides, shape = strides_of(layer), layer.output_shape
    assert shape is not None
    change = f"({sides(layer.input_shapes[0])} to {sides(shape[1:])})"
    users = wiring.users[layer.name]
    if any(one.class_name == "Add" and wiring.together(layer, one) for one in users):
        return (
            f"It stands on the shortcut and keeps every {ordinal(strides[0])} row and column"
            f" {change}, so that what comes round fits what the convolutions put out."
        )
    saved = prod(strides)
    cheaper = f"a {_part(saved)} of the work" if saved > 1 else "as much work as before"
    if layer.path == "stem":
        return (
            f"It ends the stem: it {_third(strides)} the maps' height and width once more {change}"
            f" before the groups, where every convolution so takes {cheaper}."
        )
    if layer.path.count("/") == 1 and "group" in layer.path:
        return (
            f"It closes {layer.path.split('/')[1].replace('group', 'group ')}: height and width"
            f" {change} shrink, so the layers after it take {cheaper} a map, and each of"
            " their windows sees more of the picture."
        )
    return f"It {_third(strides)} the maps' height and width {change}, for {cheaper} after it."


def _part(number: int) -> str:
    return {2: "half", 4: "quarter", 9: "ninth", 16: "sixteenth"}.get(number, f"{number}th")


def _third(strides: tuple[int, int]) -> str:
    words = shrinking(strides)
    if strides == (1, 1):
        return "keeps"
    return words.replace("halve", "halves").replace("divide", "divides")


def _dropout(layer: LayerSummary, wiring: Wiring) -> str:
    feeds, after = wiring.feeds(layer)[0], wiring.after(layer)
    rate = layer.layer.config["rate"]
    if layer.path.startswith("task"):
        where = f"before {after[0].name}" if after else "at the end"
        reason = "that is where most weights are, and where examples are most easily memorised."
        if len(after) and after[0].name in wiring.outputs:
            reason = "so that no output can lean on a few numbers alone."
    else:
        where = f"after {feeds.name}"
        reason = "so that later layers cannot lean on a few features alone."
    return f"Here it silences {rate:.0%} of the numbers {where}: {reason}"


def _zero_padding(layer: LayerSummary, wiring: Wiring) -> str:
    after = next(iter(wiring.users[layer.name]), None)
    border = layer.layer.config["padding"]
    width = border[0] if isinstance(border, tuple | list) else border
    if after is None:
        return f"Its border is {count(width, 'pixel')} wide."
    if after.class_name in CONVOLUTIONS | POOLINGS:
        return (
            f"Its border of {count(width, 'zero')} lets the {kernel(after)} window of {after.name}"
            " stand with its middle on the outermost places, so that what is at the edge counts"
            " too."
        )
    return f"Its border of {count(width, 'zero')} is there for {after.name}."


_REASONS: dict[str, Callable[[LayerSummary, Wiring], str]] = {
    "InputLayer": _input,
    "BatchNormalization": _normalization,
    "ReLU": _activation,
    "Activation": _activation,
    "MaxPooling2D": _pooling,
    "AveragePooling2D": _pooling,
    "GlobalAveragePooling2D": why_global_pooling,
    "GlobalMaxPooling2D": why_global_pooling,
    "Flatten": why_flatten,
    "Dense": why_dense,
    "Dropout": _dropout,
    "Add": why_add,
    "ZeroPadding2D": _zero_padding,
    "Multiply": why_multiply,
    "Concatenate": why_concatenate,
    "Reshape": why_reshape,
}


def why_other(layer: LayerSummary, wiring: Wiring) -> str:
    """Say why a layer is here; for a class nobody has written about, what it takes and gives."""
    if layer.class_name in _REASONS:
        return _REASONS[layer.class_name](layer, wiring)
    users = wiring.users[layer.name]
    feeds = ", ".join(layer.inputs) or "the outside"
    return f"It passes what comes from {feeds} on to {users[0].name if users else 'the outside'}."
