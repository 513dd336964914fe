"""What one choice does to the layers, in words: read from the layers that really differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from designer.comparing.matching import LayerPair, match_layers
from designer.comparing.patterns import conv_word, pattern_of
from designer.comparing.phrases import counted, joined
from designer.summary import Summary


def effects(a: Summary, b: Summary) -> list[str]:
    """Return what a change did that its name does not tell: strides that moved, another order
    in a block, layers added or taken away."""
    pairs = match_layers(a, b)
    if all(pair.status == "same" for pair in pairs):
        return ["no layer changes"]
    found = [*_moved_strides(pairs), *_patterns(a, b)]
    return found or _counts(a, b)


def _moved_strides(pairs: Sequence[LayerPair]) -> list[str]:
    """Say where strides went that one convolution lost and its neighbour gained."""
    moves: dict[str, None] = {}
    blocks: dict[str, list[LayerPair]] = {}
    for pair in pairs:
        if pair.a and pair.b and any(change.name == "strides" for change in pair.changes):
            blocks.setdefault(pair.a.path, []).append(pair)
    for changed in blocks.values():
        lost = [pair for pair in changed if _stride(pair.a) > _stride(pair.b)]
        gained = [pair for pair in changed if _stride(pair.b) > _stride(pair.a)]
        if lost and gained:
            target = joined([conv_word(pair.b) for pair in gained if pair.b])
            moves[f"the stride moves to {target}"] = None
    return list(moves)


def _stride(layer: object) -> int:
    strides = layer.layer.config.get("strides", (1, 1))  # type: ignore[attr-defined]
    return strides[0] * strides[1]


def _patterns(a: Summary, b: Summary) -> list[str]:
    """Say what blocks are made of now, where that changed."""
    left = {section.number: pattern_of(section) for section in a.sections if section.number}
    right = {section.number: pattern_of(section) for section in b.sections if section.number}
    both = Counter(
        (left[number], right[number])
        for number in left.keys() & right.keys()
        if left[number] != right[number]
    )
    if not both:
        return []
    (before, after), _ = both.most_common(1)[0]
    return before.turned_into(after)


def _counts(a: Summary, b: Summary) -> list[str]:
    """Say which layers came and which went."""
    left = Counter(layer.class_name for layer in a.layers)
    right = Counter(layer.class_name for layer in b.layers)
    more, less = right - left, left - right
    if more.total() == less.total():
        return []  # one kind instead of another: the choice's own name says which
    said = []
    if more:
        said.append(joined([counted(n, _noun(name)) for name, n in more.items()]) + " added")
    if less:
        said.append(joined([counted(n, _noun(name)) for name, n in less.items()]) + " removed")
    return [" and ".join(said)] if said else []


def _noun(class_name: str) -> str:
    return f"{class_name} layer"
