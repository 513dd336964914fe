"""Why a layer that is no convolution stands where it stands."""

from __future__ import annotations

from collections.abc import Callable
from math import prod

from designer.summary import LayerSummary
from designer.teaching.convolutions import why_gate
from designer.teaching.wiring import CONVOLUTIONS, POOLINGS, Wiring
from designer.teaching.words import (
    ACTIVATIONS,
    channels,
    count,
    kernel,
    ordinal,
    percent,
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
    own = _activation_of(feeds)
    if feeds.class_name in CONVOLUTIONS | {"Dense"} and bends is not None:
        return (
            f"It stands between {feeds.name} and its {_activation_of(bends)}: the activation then"
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


def _activation_of(layer: LayerSummary) -> str:
    if layer.class_name == "ReLU":
        return "ReLU6" if layer.layer.config.get("max_value") == 6 else "ReLU"
    name = layer.layer.config.get("activation")
    return ACTIVATIONS.get(name, name) if name and name != "linear" else ""


def _activation(layer: LayerSummary, wiring: Wiring) -> str:
    feeds, users = wiring.feeds(layer)[0], wiring.users[layer.name]
    name = _activation_of(layer) or "activation"
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


def _global_pooling(layer: LayerSummary, wiring: Wiring) -> str:
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


def _flatten(layer: LayerSummary, wiring: Wiring) -> str:
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


def _dense(layer: LayerSummary, wiring: Wiring) -> str:
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
    name = _activation_of(layer)
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


def _add(layer: LayerSummary, wiring: Wiring) -> str:
    shortcut = wiring.shortcut_of(layer)
    if shortcut is None:
        return f"It sums {count(len(layer.inputs), 'way')} through the block."
    feed, way = shortcut
    if not way:
        return (
            f"Here the block's input comes round unchanged from {feed.name}; the block's own"
            " layers only learn what to add to it."
        )
    worker = way[0]
    if worker.class_name in POOLINGS:
        return (
            f"Here the block's input comes round by {worker.name}, which makes it as small as what"
            " the convolutions put out."
        )
    return (
        f"Here the block's input comes round by {worker.name}, which gives it the same height,"
        " width and number of maps as what the convolutions put out."
    )


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


def _multiply(layer: LayerSummary, wiring: Wiring) -> str:
    gate = min(wiring.feeds(layer), key=lambda feed: feed.output_size)
    go = (layer.output_shape or (0,))[-1] or 0
    return (
        f"Each of the {count(go, 'map')} is multiplied by its own number from {gate.name}: maps"
        " that matter for this picture stay strong, the others fade."
    )


def _concatenate(layer: LayerSummary, wiring: Wiring) -> str:
    parts = " + ".join(f"{shape[-1]:,}" for shape in layer.input_shapes)
    go = (layer.output_shape or (0,))[-1] or 0
    return (
        f"It lays {parts} maps on one pile of {go:,}: nothing is added up, so the layers after it"
        " can still look at each of the earlier maps."
    )


def _reshape(layer: LayerSummary, wiring: Wiring) -> str:
    if any(one.class_name == "Multiply" for one in wiring.ahead(layer)):
        return (
            "It turns the row of numbers into maps of a single place, so that each can be"
            " multiplied with a whole map."
        )
    return "The next layer wants the same numbers in this order of height, width and maps."


_REASONS: dict[str, Callable[[LayerSummary, Wiring], str]] = {
    "InputLayer": _input,
    "BatchNormalization": _normalization,
    "ReLU": _activation,
    "Activation": _activation,
    "MaxPooling2D": _pooling,
    "AveragePooling2D": _pooling,
    "GlobalAveragePooling2D": _global_pooling,
    "GlobalMaxPooling2D": _global_pooling,
    "Flatten": _flatten,
    "Dense": _dense,
    "Dropout": _dropout,
    "Add": _add,
    "ZeroPadding2D": _zero_padding,
    "Multiply": _multiply,
    "Concatenate": _concatenate,
    "Reshape": _reshape,
}


def why_other(layer: LayerSummary, wiring: Wiring) -> str:
    """Say why a layer is here; for a class nobody has written about, what it takes and gives."""
    if layer.class_name in _REASONS:
        return _REASONS[layer.class_name](layer, wiring)
    users = wiring.users[layer.name]
    feeds = ", ".join(layer.inputs) or "the outside"
    return f"It passes what comes from {feeds} on to {users[0].name if users else 'the outside'}."
