"""Two designs of different templates in words: their parameters have other names, so what is
compared is what they are made of."""

from __future__ import annotations

from collections.abc import Sequence

from designer.comparing.choices import choice_between
from designer.comparing.patterns import pattern_of
from designer.comparing.phrases import joined, listed, write
from designer.design import Design
from designer.places import Place
from designer.summary import LayerSummary, Summary
from designer.templates import template

#: What every template has, under one name.
_SHARED = ("task", "classes", "outputs", "l2", "loss", "optimizer", "metric")

_FLATTENING = {
    "Flatten": "flatten",
    "GlobalAveragePooling2D": "global average pooling",
    "GlobalMaxPooling2D": "global max pooling",
}

_POOLING = {"MaxPooling2D": "max", "AveragePooling2D": "average"}


def structure_words(a: Summary, b: Summary) -> list[str]:
    """Return sentences on input, stem, groups, blocks, exit, task and compile step."""
    sentences = []
    left, right = a.design["input_shape"], b.design["input_shape"]
    if left != right:
        sentences.append(f"input {write(left)} → {write(right)}")
    parts = [_parts(a), _parts(b)]
    for label, before, after in zip(_LABELS, *parts, strict=True):
        # Of a network without groups there is nothing to say of them but that.
        if before != after and "" not in (before, after):
            sentences.append(f"{label}: {before} → {after}")
    return sentences + shared_words(a.design, b.design)


def template_words(a: Design, b: Design) -> str:
    """Return the sentence that names the two templates."""
    return f"template: {template(a.template).title} → {template(b.template).title}"


def shared_words(a: Design, b: Design) -> list[str]:
    """Return a sentence for each choice of task, weight penalty and compile step that differs."""
    return [
        choice_between(name, a, b)
        for name in _SHARED
        if a[name] != b[name]
        and template(a.template).parameter(name).applies(a.parameters)
        and template(b.template).parameter(name).applies(b.parameters)
    ]


_LABELS = (
    "stem",
    "groups",
    "blocks a group",
    "maps out of each group",
    "a block",
    "each group ends with",
    "flattening",
    "hidden layers",
)


def _parts(summary: Summary) -> tuple[str, ...]:
    """Return what a network is made of, in words: one text for each of ``_LABELS``."""
    sections = summary.sections
    groups = [section for section in sections if section.number]
    stem = [layer for one in sections if one.role == "stem" for layer in one.layers]
    learner = [one for one in sections if one.role == "learner"]
    task = [layer for one in sections if one.role == "task" for layer in one.layers]
    entry = next(
        (_FLATTENING[x.class_name] for x in [*stem, *task] if x.class_name in _FLATTENING), "none"
    )
    dense = [
        layer.layer.config["units"]
        for layer in [*(x for one in learner if not one.number for x in one.layers), *task]
        if layer.class_name == "Dense" and layer.name not in summary.design.graph.outputs
    ]
    maps = listed([_maps(group) for group in groups])
    return (
        _stem(stem),
        str(len(groups) or "none"),
        listed([group.blocks for group in groups]) if groups else "",
        maps if groups else "",
        _patterns(groups),
        _ends(groups),
        entry,
        listed(dense) + (" units" if dense else ""),
    )


def _stem(layers: Sequence[LayerSummary]) -> str:
    said = []
    for layer in layers:
        config = layer.layer.config
        if layer.class_name == "Conv2D":
            size, strides = write(config["kernel_size"]), config.get("strides", (1, 1))
            step = f", strides {strides[0]}" if max(strides) > 1 else ""
            said.append(f"{size} convolution of {write(config['filters'])} filters{step}")
        elif layer.class_name in _POOLING:
            kind = _POOLING[layer.class_name]
            said.append(f"{write(config['pool_size'])} {kind} pooling")
    return joined(said) or "the input alone"


def _maps(group: Place) -> int:
    """Return how many maps the last layer that says so puts out, also where nothing is built."""
    for layer in reversed(group.layers):
        if layer.output_shape is not None:
            return layer.output_shape[-1] or 0
    for layer in reversed(group.layers):
        if "filters" in layer.layer.config:
            return layer.layer.config["filters"]
    return 0


def _patterns(groups: Sequence[Place]) -> str:
    found = list(dict.fromkeys(str(pattern_of(group)) for group in groups))
    if len(found) > 3:
        return f"{found[0]}, and {len(found) - 1} others"
    return "; or ".join(found)


def _ends(groups: Sequence[Place]) -> str:
    kinds = list(
        dict.fromkeys(
            f"{_POOLING[group.layers[-1].class_name]} pooling"
            if group.layers[-1].class_name in _POOLING
            else "its last block"
            for group in groups
        )
    )
    return " or ".join(kinds)
