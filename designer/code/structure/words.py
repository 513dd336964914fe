"""Names of functions, and the sentence that says what each does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from textwrap import wrap

from designer.code.calls import WIDTH
from designer.code.statements import identifier
from designer.code.structure.functions import Function, Item
from designer.code.structure.tree import Part, numbered
from designer.graph import Layer

_CONVOLUTIONS = {"Conv2D", "DepthwiseConv2D", "SeparableConv2D"}
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")

#: A sentence with more things one after the other does not read well.
_MOST_WORDS = 4

_SECTIONS = {
    "stem": "The entry: coarse features of what comes in.",
    "learner": "The middle: what the network learns to see.",
    "task": "The exit: what was seen becomes the answer.",
}


def name_functions(functions: Sequence[Function], taken: set[str]) -> None:
    """Give every function a name of its own."""
    bases: dict[str, list[Function]] = {}
    for function in functions:
        bases.setdefault(_base(function), []).append(function)
    for base, alike in bases.items():
        kinds = [_kind(function, base) for function in alike]
        if not any(kinds):
            kinds = [base] if len(alike) == 1 else _distinct(alike, base)
        for function, kind in zip(alike, kinds, strict=True):
            wanted = kind or base
            if wanted in taken and _is_bottleneck(function.parts[0]):
                wanted = f"bottleneck_{wanted}"
            name, number = wanted, 2
            while name in taken:
                name, number = f"{wanted}{number}", number + 1
            taken.add(name)
            function.name = name


def _base(function: Function) -> str:
    step = function.parts[0].step
    found = numbered(step)
    return identifier(found[0] if found else step)


def _kind(function: Function, base: str) -> str:
    """Return what kind of block a function makes, in the words of the papers."""
    if base != "block":
        return ""
    part = function.parts[0]
    classes = [layer.class_name for layer in part.layers]
    if "Conv2D" in classes and "DepthwiseConv2D" in classes[classes.index("Conv2D") :][:-1]:
        return "inverted_residual_block" if "Add" in classes else "inverted_block"
    if "Add" in classes:
        kinds = {None: "identity_block", 0: "pooled_block"}
        kind = kinds.get(_shortcut(part), "projection_block")
        return f"squeeze_{kind}" if "Multiply" in classes else kind
    if "Concatenate" in classes:
        return "dense_block"
    if {"DepthwiseConv2D", "SeparableConv2D"} & set(classes):
        return "separable_block"
    return "conv_block" if "Conv2D" in classes else "block"


def _is_bottleneck(part: Part) -> bool:
    """Whether a block's convolutions begin and end with a 1 × 1."""
    main = [layer for layer in part.layers if "shortcut" not in layer.name]
    kernels = [layer.config.get("kernel_size") for layer in main if layer.class_name == "Conv2D"]
    return len(kernels) > 1 and kernels[0] == kernels[-1] == (1, 1)


def _shortcut(part: Part) -> int | None:
    """Return how many layers with weights stand on a block's shortest way into its addition;
    ``None`` if what enters the block goes straight in."""
    weighted = dict.fromkeys(part.entries, 0)
    for layer in part.layers:
        known = [weighted[name] for name in layer.inputs]
        if layer.class_name == "Add":
            if set(layer.inputs) & set(part.entries):
                return None
            return min(known)
        weighted[layer.name] = min(known) + (layer.class_name in {*_CONVOLUTIONS, "Dense"})
    return None


def _distinct(alike: Sequence[Function], base: str) -> list[str]:
    """Call functions after the first thing they hold; or the last, if that tells them apart."""
    first, last = ([_inside(one, place, base) for one in alike] for place in (0, -1))
    return last if len(set(last)) > len(set(first)) else first


def _inside(function: Function, place: int, base: str) -> str:
    called = [item.function.name for item in function.items if item.function is not None]
    word = re.sub(r"_?block\d*$", "", called[place]) if called else ""
    return f"{word}_{base}" if word else base


def describe(function: Function) -> str:
    """Say in a sentence what a function makes."""
    if any(item.function is not None for item in function.items):
        words = list(dict.fromkeys(_items_in_words(function.items)))
        if len(words) <= _MOST_WORDS:
            return _sentence(", then ".join(words))
    return _sentence(_layers_in_words(function.parts[0]))


def _items_in_words(items: Sequence[Item]) -> list[str]:
    made: list[str] = []
    before: Item | None = None
    for item in items:
        if item.function is None:
            words = _spaced(item.uses[0].class_name)
        else:
            words = re.sub(r"\d+$", "", item.function.name).replace("_", " ")
            words = f"{_article(words)} {words}" if item.is_once else f"{words}s"
            if before is not None and before.function is item.function:  # one, and more of it
                made.pop()
                other = [a.kind for a, b in zip(before.slots, item.slots, strict=True)
                         if a.source != b.source]  # fmt: skip
                words += ", the first with strides" if other == ["strides"] else ""
        made.append(words)
        before = item
    return made


def _article(words: str) -> str:
    return "an" if words[0] in "aeiou" else "a"


def describe_section(name: str) -> str:
    """Say what a section of the network is for."""
    return _SECTIONS.get(name, f"The part called {name}.")


def _layers_in_words(part: Part) -> str:
    main = [layer for layer in part.layers if "shortcut" not in layer.name]
    convolutions = [layer for layer in main if layer.class_name in _CONVOLUTIONS]
    if not convolutions:
        return ", ".join(dict.fromkeys(_spaced(layer.class_name) for layer in part.layers))
    words = _convolutions_in_words(convolutions)
    classes = {layer.class_name for layer in part.layers}
    if "Multiply" in classes:
        words += ", squeeze and excitation"
    if "Add" in classes:
        way = {None: "what came in", 0: "what came in, pooled"}
        return f"{words}, added to {way.get(_shortcut(part), 'a projection of what came in')}"
    if "Concatenate" in classes:
        return f"{words}, set beside what came in"
    return words


def _convolutions_in_words(convolutions: Sequence[Layer]) -> str:
    count = len(convolutions)
    by_itself = [layer.class_name == "DepthwiseConv2D" for layer in convolutions]
    if any(by_itself) and count <= _MOST_WORDS:  # which of them mix maps is the point
        kinds = [_kind_of_convolution(layer) for layer in convolutions]
        start = f"{', '.join(kinds[:-1])} and " if count > 1 else ""
        return f"{start}{kinds[-1]} convolution"
    number = _NUMBERS[count] if count < len(_NUMBERS) else str(count)
    return f"{number} convolution{'s' * (count > 1)}"


def _kind_of_convolution(layer: Layer) -> str:
    if layer.class_name == "DepthwiseConv2D":
        return "a depthwise"
    size = " × ".join(map(str, layer.config["kernel_size"]))
    return f"{'an' if size.startswith(('8', '11', '18')) else 'a'} {size}"


def docstring(text: str) -> list[str]:
    """Return the lines of a function's docstring."""
    line = f'    """{text}"""'
    if len(line) <= WIDTH:
        return [line]
    space = " " * 4
    lines = wrap(text, WIDTH - 7, break_long_words=True)
    return [f'{space}"""{lines[0]}', *(f"{space}{one}" for one in lines[1:]), f'{space}"""']


def _spaced(class_name: str) -> str:
    """``MaxPooling2D`` → ``max pooling``."""
    if class_name.isupper() or class_name == "ReLU":
        return class_name
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", class_name.removesuffix("2D")).lower()


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
