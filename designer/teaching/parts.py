"""What a section, a block or the network as a whole does, and why it is there."""

from __future__ import annotations

from designer.places import Place
from designer.summary import LayerSummary
from designer.teaching.wiring import CONVOLUTIONS, Wiring
from designer.teaching.words import count, is_pointwise, pair, sides

_TASKS = {
    "regression": "predicts numbers",
    "binary": "answers yes or no",
    "multiclass": "chooses one of several classes",
    "multilabel": "answers yes or no for each of several labels",
    "multitask": "answers several questions at once",
}


def teach_section(place: Place, wiring: Wiring) -> tuple[str, str]:
    """Return what a section does, and why it is there."""
    if place.key == "stem":
        return _stem(place)
    if place.key == "task":
        return _task(place, wiring)
    if place.number:
        return _group(place, wiring)
    return (
        "The learner is the middle of the network, where features are found and combined.",
        f"Its {count(_weighty(place), 'layer')} with weights turn the {_sizes(_first_input(place))}"
        f" of the input into the {_sizes(_shape(place.layers[-1]))} that the task works with.",
    )


def _shape(layer: LayerSummary) -> tuple[int, ...]:
    return tuple(size for size in (layer.output_shape or ())[1:] if size is not None)


def _first_input(place: Place) -> tuple[int, ...]:
    shapes = place.layers[0].input_shapes
    return shapes[0] if shapes else _shape(place.layers[0])


def _sizes(shape: tuple[int, ...]) -> str:
    if len(shape) == 3:
        return f"{count(shape[2], 'map')} of {sides(shape)}"
    return " × ".join(f"{size:,}" for size in shape) + " numbers"


def _weighty(place: Place) -> int:
    return sum(layer.params > 0 for layer in place.layers)


def _stem(place: Place) -> tuple[str, str]:
    does = "The stem is the entry of the network: what it lets in, all other layers work on."
    first, last = _shape(place.layers[0]), _shape(place.layers[-1])
    if len(place.layers) == 1:
        return does, (
            f"Here it is the input alone, {_sizes(first)}: no layer"
            " prepares the examples for the learner."
        )
    if len(first) == len(last) == 3 and last[0] < first[0]:
        return does, (
            f"It turns pictures of {sides(first)} pixels into {_sizes(last)} at once: coarse"
            " features, and far fewer places at which the groups have work to do."
        )
    return does, f"It turns the input into {_sizes(last)}, the first features, for the learner."


def _group(place: Place, wiring: Wiring) -> tuple[str, str]:
    before, after = _first_input(place), _shape(place.layers[-1])
    blocks = f"{count(place.blocks, 'block')} alike" if place.blocks > 1 else "one block"
    does = (
        f"A group is a run of blocks on maps of one size; group {place.number} has {blocks} and"
        f" puts out {_sizes(after)}."
    )
    if len(before) != 3 or len(after) != 3:
        return does, "It makes features out of the features before it."
    if after[0] < before[0] and after[2] > before[2]:
        return does, (
            f"Height and width go down ({sides(before)} to {sides(after)}) while the maps become"
            f" more ({before[2]:,} to {after[2]:,}): less of where, more of what."
        )
    if after[0] < before[0]:
        return does, (
            f"It shrinks the maps ({sides(before)} to {sides(after)}), so that the layers after it"
            " have less work and see more of the picture at once."
        )
    if after[2] > before[2]:
        return does, (
            f"It widens {count(before[2], 'map')} to {after[2]:,} at the same height and width:"
            " more kinds of features before anything is made smaller."
        )
    return does, "It keeps the shape and refines the features: more layers, more made of them."


def _task(place: Place, wiring: Wiring) -> tuple[str, str]:
    task = wiring.summary.design["task"]
    does = f"The task is the exit of the network: here it {_TASKS.get(task, 'gives the answer')}."
    hidden = sum(
        layer.class_name == "Dense" and layer.name not in wiring.outputs for layer in place.layers
    )
    comes = _first_input(place)
    steps = []
    if len(comes) > 1:
        steps.append(f"the {_sizes(comes)} become one row of numbers")
    if hidden:
        steps.append(
            f"{count(hidden, 'hidden layer')} {'combine' if hidden > 1 else 'combines'} them"
        )
    heads = len(wiring.outputs)
    ends = "the output layer gives the answer" if heads == 1 else f"{heads} heads give the answers"
    steps.append(ends)
    return does, "In it, " + ", then ".join(steps) + "."


def teach_block(place: Place, wiring: Wiring) -> tuple[str, str]:
    """Return what a block does, and why it is there."""
    return _pattern(place.layers, wiring), _purpose(place, wiring)


def _pattern(layers: tuple[LayerSummary, ...], wiring: Wiring) -> str:
    classes = {layer.class_name for layer in layers}
    working = [layer for layer in layers if layer.class_name in CONVOLUTIONS]
    add = next((layer for layer in layers if layer.class_name == "Add"), None)
    on_shortcut = wiring.shortcut_of(add) if add else None
    main = [layer for layer in working if not on_shortcut or layer not in on_shortcut[1]]
    main = [layer for layer in main if not wiring.is_gate(layer)]
    weighs = " A small branch then weighs its maps (squeeze-and-excitation)." if (
        "Multiply" in classes
    ) else ""  # fmt: skip
    points = [is_pointwise(layer) for layer in main]
    round_it = (
        " Its input also goes round it, by a shortcut, and is added at the end." if add else ""
    )
    if "DepthwiseConv2D" in classes:
        wide = len(main) > 1 and points[0]
        first = "a 1 × 1 widens the maps, " if wide else ""
        name = "an inverted residual block" if wide else "a depthwise separable block"
        return (
            f"This is {name}: {first}a depthwise convolution looks at each map by itself, and a"
            f" 1 × 1 mixes them.{round_it}{weighs}"
        )
    if "Concatenate" in classes:
        return (
            "This is a dense block's step: it makes a few new maps and lays them beside all that"
            " came before, which stay as they are."
        )
    if len(main) == 3 and points[0] and points[2] and not points[1]:
        parts = main[1].layer.config.get("groups", 1)
        split = f", in {parts} parts side by side (ResNeXt)" if parts > 1 else ""
        return (
            "This is a bottleneck: a 1 × 1 narrows the maps, a wider window works on"
            f" them{split}, a 1 × 1 widens them again.{round_it}{weighs}"
        )
    windows = " and ".join(
        dict.fromkeys(sides(pair(layer.layer.config["kernel_size"])) for layer in main)
    )
    what = (
        f"{count(len(main), 'convolution')} of {windows}" if main else count(len(layers), "layer")
    )
    if add:
        return f"This is a residual block of {what}.{round_it}{weighs}"
    row = ", one after the other" if len(main) > 1 else ""
    return f"This is a plain block of {what}{row}: no shortcut leads round it.{weighs}"


def _purpose(place: Place, wiring: Wiring) -> str:
    before, after = _first_input(place), _shape(place.layers[-1])
    name = place.key.rpartition("/")[2]
    if len(before) != 3 or len(after) != 3:
        return "It makes features out of the features before it."
    change = []
    if after[:2] != before[:2]:
        change.append(f"from {sides(before)} to {sides(after)} places")
    if after[2] != before[2]:
        change.append(f"from {before[2]:,} to {after[2]:,} maps")
    if not change:
        return (
            f"It keeps the shape ({_sizes(after)}), so blocks like it can be repeated: each refines"
            " the features a little more."
        )
    role = "leads over to the group" if name == "transition" else "changes the shape"
    section = next(one for one in wiring.summary.sections if one.key == place.key.split("/")[0])
    following = [
        one for one in section.children[section.children.index(place) + 1 :] if one.kind == "block"
    ]
    rest = "for the group that follows"
    if following:
        rest = "so that the blocks after it can be alike"
    elif wiring.summary.sections[-2] is section:
        rest = "for the task"
    return f"It {role}, {' and '.join(change)}, {rest}."


def teach_network(wiring: Wiring) -> tuple[str, str]:
    """Return what the network does, and what to look at first."""
    summary = wiring.summary
    task = _TASKS.get(summary.design["task"], "gives an answer")
    takes = _shape(summary.layers[0])
    what = f"pictures of {sides(takes)} pixels" if len(takes) > 1 else (
        f"rows of {count(takes[0], 'number')}" if takes else "examples"
    )  # fmt: skip
    return (
        f"This network takes {what} and {task}.",
        "Click any part of the drawing, or a row of the table, to be told what it does, why it is"
        " there and where its numbers come from.",
    )
