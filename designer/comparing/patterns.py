"""What a block is made of, in a few words: "1 × 1, 3 × 3 and 1 × 1 convolutions, each
normalized, with an identity link"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from designer.comparing.matching import local_name
from designer.comparing.phrases import joined, numbered
from designer.places import Place
from designer.summary import LayerSummary

_KINDS = {"Conv2D": "", "DepthwiseConv2D": "depthwise ", "SeparableConv2D": "separable "}
#: How a pattern says that normalization comes first.
BEFORE = "normalization before each"

_NORMALIZATIONS = {"BatchNormalization", "LayerNormalization"}


@dataclass(frozen=True)
class Pattern:
    """What a block is made of; sizes of maps, strides and filters are left out of it.

    Attributes:
        weights: its convolutions and dense layers.
        normalized: where normalization stands to them, if there is any.
        extras: identity link, squeeze-and-excitation, …
    """

    weights: str
    normalized: str = ""
    extras: tuple[str, ...] = ()

    def __str__(self) -> str:
        text = f"{self.weights}, {self.normalized}" if self.normalized else self.weights
        return text + (f", with {joined(self.extras)}" if self.extras else "")

    def turned_into(self, other: Pattern) -> list[str]:
        """Say what has to be done to get the other."""
        if self.weights != other.weights:
            return [f"a block is {other}, instead of {self}"]
        said = []
        if self.normalized != other.normalized:
            said.append(_normalization_moved(self.normalized, other.normalized))
        gained = [extra for extra in other.extras if extra not in self.extras]
        lost = [extra for extra in self.extras if extra not in other.extras]
        said += [f"blocks get {joined(gained)}"] if gained else []
        said += [f"blocks lose {joined(lost)}"] if lost else []
        return said


def _normalization_moved(before: str, after: str) -> str:
    if not after:
        return "the normalization goes"
    if not before:
        each = "before" if after == BEFORE else "after"
        return f"normalization {each} each convolution"
    return f"the normalization moves {'before' if after == BEFORE else 'behind'} each convolution"


def pattern_of(section: Place) -> Pattern:
    """Return what most blocks of a section are made of; what the section has without blocks."""
    blocks = [
        child
        for child in section.children
        if child.kind == "block" and child.key.rpartition("/")[2].startswith("block")
    ]
    if not blocks:
        return describe_layers(section.layers)
    return Counter(describe_layers(block.layers) for block in blocks).most_common(1)[0][0]


def describe_layers(layers: Sequence[LayerSummary]) -> Pattern:
    """Return the pattern of some layers."""
    link = _link(layers)
    main = [layer for layer in layers if layer.name not in link]
    classes = {layer.class_name for layer in layers}
    extras = {
        "Multiply": "squeeze-and-excitation",
        "Add": "an identity link",
        "Concatenate": "its input joined to its output",
    }
    # The dense layers of squeeze-and-excitation belong to it, and are not the block's own.
    parts = [_convolutions(main), "" if "Multiply" in classes else _dense(main)]
    return Pattern(
        joined([part for part in parts if part]) or "no weights",
        _normalized(main),
        tuple(words for name, words in extras.items() if name in classes),
    )


def _convolutions(layers: Sequence[LayerSummary]) -> str:
    seen = [_convolution(layer) for layer in layers if layer.class_name in _KINDS]
    if not seen:
        return ""
    if len(seen) == 1:
        return f"one {seen[0]} convolution"
    if len(set(seen)) == 1:
        return f"{numbered(len(seen))} {seen[0]} convolutions"
    return f"{joined(seen)} convolutions"


def _convolution(layer: LayerSummary) -> str:
    high, wide = layer.layer.config["kernel_size"]
    parts = layer.layer.config.get("groups", 1)
    cardinality = f" (cardinality {parts})" if parts != 1 else ""
    return f"{_KINDS[layer.class_name]}{high} × {wide}{cardinality}"


def _dense(layers: Sequence[LayerSummary]) -> str:
    count = sum(layer.class_name == "Dense" for layer in layers)
    return f"{numbered(count)} dense layer{'s' * (count > 1)}" if count else ""


def _normalized(layers: Sequence[LayerSummary]) -> str:
    """Say where normalization stands to the convolutions of the main path."""
    order = [
        "n" if layer.class_name in _NORMALIZATIONS else "c"
        for layer in layers
        if layer.class_name in _NORMALIZATIONS or layer.class_name in _KINDS
    ]
    if "n" not in order or "c" not in order:
        return ""
    if order[0] == "n":
        return BEFORE if order[-1] == "c" else "normalized"
    count = order.count("c")
    if order.count("n") < count:
        return "some normalized"
    return "each normalized" if count > 1 else "normalized"


def _link(layers: Sequence[LayerSummary]) -> set[str]:
    """Return the names of the layers that stand only on the shorter way into the last Add."""
    by_name = {layer.name: layer for layer in layers}
    last = next((layer for layer in reversed(layers) if layer.class_name == "Add"), None)
    if last is None or len(last.inputs) != 2:
        return set()
    ways = [_behind(name, by_name) for name in last.inputs]
    alone = [ways[0] - ways[1], ways[1] - ways[0]]
    return min(alone, key=len)


def _behind(name: str, by_name: dict[str, LayerSummary]) -> set[str]:
    found: set[str] = set()
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one in by_name and one not in found:
            found.add(one)
            waiting += by_name[one].inputs
    return found


def conv_word(layer: LayerSummary) -> str:
    """Return a convolution by its size, "the 3 × 3 convolution", or by its name."""
    size = layer.layer.config.get("kernel_size")
    if size and not local_name(layer).startswith("shortcut"):
        return f"the {size[0]} × {size[1]} convolution"
    return f"the {local_name(layer).replace('_', ' ')}"
