"""Why a convolution stands where it stands, from its window, its maps and its neighbours."""

from __future__ import annotations

from math import prod

from designer.summary import LayerSummary
from designer.teaching.wiring import CONVOLUTIONS, Wiring
from designer.teaching.words import (
    channels,
    count,
    fewer,
    is_pointwise,
    kernel,
    ordinal,
    pair,
    sides,
    strides_clause,
    strides_of,
)


def why_convolution(layer: LayerSummary, wiring: Wiring) -> str:
    """Say why a convolution of any kind is here."""
    return _main_reason(layer, wiring) + strides_clause(layer)


def _main_reason(layer: LayerSummary, wiring: Wiring) -> str:
    before, after = wiring.before(layer), wiring.after(layer)
    if before is not None and before.class_name == "InputLayer":
        return _first(layer)
    if _is_shortcut(layer, wiring):
        return _projection(layer)
    if wiring.is_gate(layer):
        return why_gate(layer, wiring)
    if layer.class_name == "DepthwiseConv2D":
        return _depthwise(layer)
    if layer.class_name == "SeparableConv2D":
        return (
            f"It does the work of a {kernel(layer)} convolution in two cheap steps: look at each"
            " map by itself, then mix the maps place by place; that takes far fewer weights."
        )
    inside = [one for one in after if wiring.together(layer, one)]
    if is_pointwise(layer):
        return _pointwise(layer, before if wiring.together(layer, before) else None, inside)
    if any(one.class_name == "Concatenate" for one in inside):
        return (
            f"It adds {count(channels(layer)[1], 'new map')} to those the block was given, which"
            " are kept as they are: every later layer can look at all of them."
        )
    if _is_middle(before, inside, layer, wiring):
        return _bottleneck_middle(layer)
    add = next((one for one in wiring.summary.layers if _adds(one, layer)), None)
    return _in_residual(layer, add, wiring) if add else _in_a_row(layer, wiring)


def _first(layer: LayerSummary) -> str:
    seen = {1: "grey values", 3: "colours"}.get(layer.input_shapes[0][-1], "values")
    size = pair(layer.layer.config["kernel_size"])
    filters = count(channels(layer)[1], "filter")
    if min(size) > 3:
        return (
            f"As the first convolution it looks at the picture itself: a wide window of"
            f" {kernel(layer)} pixels, so that its {filters} can answer to coarse things such as"
            " long edges and blobs of colour."
        )
    return (
        f"As the first convolution it looks at the picture's own {seen}: each of its {filters}"
        f" can learn one small thing in {kernel(layer)} pixels, an edge or a spot."
    )


def _is_shortcut(layer: LayerSummary, wiring: Wiring) -> bool:
    for add in wiring.after(layer):
        if add.class_name == "Add" and wiring.together(layer, add):
            shortcut = wiring.shortcut_of(add)
            if shortcut and layer in shortcut[1]:
                return True
    return False


def _projection(layer: LayerSummary) -> str:
    come, go = channels(layer)
    needs = []
    if come != go:
        needs.append(f"{count(come, 'map')} into {go:,}")
    if strides_of(layer) != (1, 1):
        shape = layer.output_shape
        assert shape is not None
        needs.append(f"{sides(layer.input_shapes[0])} places into {sides(shape[1:])}")
    if not needs:
        return (
            "It stands on the shortcut around the block, as in every first block of a group;"
            " here the shapes would fit without it, so it only mixes the maps."
        )
    return (
        "It stands on the shortcut around the block (a projection): an addition needs two equal"
        f" shapes, so it turns {' and '.join(needs)}."
    )


def why_gate(layer: LayerSummary, wiring: Wiring) -> str:
    """Say why a layer of a squeeze-and-excitation branch is here."""
    come, go = channels(layer)
    if any(one.class_name == "Multiply" for one in wiring.after(layer)):
        return (
            f"It ends the branch that weighs the maps (excitation): one number between 0 and 1"
            f" for each of the {count(go, 'map')}, by which that map is then multiplied."
        )
    return (
        f"It stands in the branch that weighs the maps: it presses the {come:,} averages into"
        f" {go:,}, so that deciding which maps matter takes few weights."
    )


def _depthwise(layer: LayerSummary) -> str:
    come, _ = channels(layer)
    return (
        f"It looks at the neighbours of each place in each of the {count(come, 'map')} by itself,"
        f" which takes {come:,} times fewer weights than looking into all maps"
        " at once would."
    )


def _pointwise(layer: LayerSummary, before: LayerSummary | None, inside: list[LayerSummary]) -> str:
    come, go = channels(layer)
    window = next(
        (one for one in inside if one.class_name in CONVOLUTIONS and not is_pointwise(one)), None
    )
    if window is not None and window.class_name == "DepthwiseConv2D":
        return (
            f"It widens {count(come, 'map')} to {go:,} first, because the depthwise convolution"
            " after it cannot mix maps: what it may find must be laid out before."
            if go > come
            else f"It mixes the {count(come, 'map')} before the depthwise convolution, which looks"
            " at each map by itself."
        )
    if before is not None and before.class_name == "DepthwiseConv2D":
        change = (
            f"and narrows {come:,} to {go:,} for the way to the next block"
            if go < come
            else f"and makes {go:,} of {come:,}"
            if go > come
            else f"and keeps {go:,} of them"
        )
        return (
            "It mixes the maps, which the depthwise convolution before it looked at one by one,"
            f" {change}."
        )
    if window is not None:
        if go < come:
            return (
                f"It narrows {count(come, 'map')} to {go:,} before the {kernel(window)}"
                f" convolution, which so needs {fewer(come, go, 'weights')} it would need"
                f" on all {come:,}."
            )
        return (
            f"It mixes the {count(come, 'map')} place by place before the {kernel(window)}"
            f" convolution and makes {go:,} of them"
            + ("; in the blocks after this one it narrows." if go == come else ".")
        )
    if before is not None and before.class_name in CONVOLUTIONS and go > come:
        if any(one.class_name == "Add" for one in inside):
            use = "so that they can be added to what came round by the shortcut"
        else:
            use = "for the blocks after it"
        return f"It widens the {count(come, 'map')} of the narrow middle to {go:,} again, {use}."
    if go < come:
        return f"It makes {count(go, 'map')} of {come:,}, mixing them place by place."
    return f"It mixes {count(come, 'map')} into {go:,}, place by place, without looking sideways."


def _is_middle(
    before: LayerSummary | None, inside: list[LayerSummary], layer: LayerSummary, wiring: Wiring
) -> bool:
    return (
        before is not None
        and wiring.together(layer, before)
        and before.class_name == "Conv2D"
        and is_pointwise(before)
        and any(one.class_name == "Conv2D" and is_pointwise(one) for one in inside)
    )


def _bottleneck_middle(layer: LayerSummary) -> str:
    parts = layer.layer.config.get("groups", 1)
    split = ""
    if parts > 1:
        each = layer.input_shapes[0][-1] // parts
        split = (
            f" Its {parts} parts (cardinality) work side by side, each on"
            f" {count(each, 'map')} only."
        )
    return (
        "It is the one layer of the block that looks at neighbouring places; the 1 × 1 before it"
        " narrows the maps so that this costs little, and the 1 × 1 after it widens them." + split
    )


def _adds(one: LayerSummary, layer: LayerSummary) -> bool:
    return one.class_name == "Add" and one.path == layer.path and layer.path.count("/") >= 2


def _in_residual(layer: LayerSummary, add: LayerSummary, wiring: Wiring) -> str:
    ways = [wiring.way_back(add, feed) for feed in wiring.feeds(add)]
    main = [one for one in max(ways, key=len) if one.class_name in CONVOLUTIONS][::-1]
    place = main.index(layer) + 1 if layer in main else 1
    go = channels(layer)[1]
    if place == len(main) > 1:
        return (
            "It is the last convolution before the addition: it learns what is to be added to"
            f" the block's input, so it puts out as many maps as the shortcut brings ({go:,})."
        )
    return (
        f"It is the {ordinal(place)} of the block's {count(len(main), 'convolution')}: the input"
        " also goes round them by the shortcut, so that they need only learn what to change"
        " in it."
    )


def _in_a_row(layer: LayerSummary, wiring: Wiring) -> str:
    """Convolution after convolution, without a shortcut."""
    row = [layer]
    before = wiring.before(layer)
    while (
        before is not None
        and before.class_name == "Conv2D"
        and strides_of(row[-1]) == (1, 1)
        and before.path.rpartition("/")[0] == layer.path.rpartition("/")[0]
        and len(wiring.users[before.name]) == 1
    ):
        row.append(before)
        before = wiring.before(before)
    come, go = channels(layer)
    number = layer.path.split("/")[1] if "/" in layer.path else ""
    if len(row) == 1:
        return _opening(layer, before, number, come, go)
    seen = [1 + sum(pair(o.layer.config["kernel_size"])[axis] - 1 for o in row) for axis in (0, 1)]
    one_wide = prod(seen) * row[-1].input_shapes[0][-1] * go
    together = sum(prod(pair(one.layer.config["kernel_size"])) * prod(channels(one)) for one in row)
    saves = f", with fewer weights than one {sides(seen)} would take" if together < one_wide else ""
    return (
        f"It is the {ordinal(len(row))} convolution in a row: together they see {sides(seen)}"
        f" places of what came before the first{saves}, and an activation can bend the result"
        " after each."
    )


def _opening(
    layer: LayerSummary, before: LayerSummary | None, number: str, come: int, go: int
) -> str:
    opens = f"It opens {number.replace('group', 'group ')}" if "group" in number else "It"
    if "transition" in layer.path:
        opens = f"It leads over to {number.replace('group', 'group ')}"
    smaller = strides_of(layer) != (1, 1) or (before is not None and "Pooling" in before.class_name)
    if opens == "It":
        return f"It looks for {go:,} features made of the {count(come, 'map')} before it."
    if go > come and smaller:
        become = "have become" if strides_of(layer) == (1, 1) else "become"
        return (
            f"{opens}: the maps {become} smaller, which leaves room for more of them"
            f" ({come:,} to {go:,}), for features made of the features before."
        )
    return f"{opens}: it looks for {go:,} features made of the {count(come, 'map')} before it."
