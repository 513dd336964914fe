"""Groups of one template in words: which are new, which are gone, what changed in the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from designer.comparing.phrases import joined, listed, ranges, write
from designer.templates.groups import Groups
from designer.templates.parameters import Choice

Group = Mapping[str, Any]


@dataclass(frozen=True)
class _Changed:
    """A field of a pair of groups that differs."""

    pair: tuple[int, int]
    field: str
    a: Any
    b: Any


def group_words(
    parameter: Groups,
    a: Sequence[Group],
    b: Sequence[Group],
    pairs: Sequence[tuple[int | None, int | None]],
    follow: Mapping[str, tuple[Any, Any]],
) -> list[str]:
    """Return sentences for two lists of groups.

    Args:
        pairs: which group of A stands for which of B, by place.
        follow: what changed of the whole network under a field's name; a field that changed
            alike follows it and is not said again.
    """
    changed = [
        _Changed((i, j), name, a[i][name], b[j][name])
        for i, j in pairs
        if i is not None and j is not None
        for name in a[i]  # a field may have a meaning in one of the groups only
        if name in b[j]
        and a[i][name] != b[j][name]
        and follow.get(name) != (a[i][name], b[j][name])
    ]
    said, together = _in_every_group(parameter, a, b, pairs, changed)
    rest = [one for one in changed if one.field not in together]
    sentences: list[str] = list(said)
    by_text: dict[str, list[tuple[int, int]]] = {}
    for pair in dict.fromkeys(one.pair for one in rest):
        text = joined([_field(parameter, one) for one in rest if one.pair == pair])
        by_text.setdefault(text, []).append(pair)
    events = [
        (_place(places[0]), _changed_groups(places, text)) for text, places in by_text.items()
    ]
    events += _gone_and_new(parameter, a, b, pairs)
    return sentences + [text for _, text in sorted(events, key=lambda event: event[0])]


def _in_every_group(
    parameter: Groups,
    a: Sequence[Group],
    b: Sequence[Group],
    pairs: Sequence[tuple[int | None, int | None]],
    changed: Sequence[_Changed],
) -> tuple[list[str], set[str]]:
    """Return sentences for fields that changed in all groups alike, and those fields."""
    matched = sum(i is not None and j is not None for i, j in pairs)
    sentences, fields = [], set()
    for name in dict.fromkeys(one.field for one in changed):
        of_it = [one for one in changed if one.field == name]
        if len(of_it) < max(2, matched):
            continue
        if len({(one.a, one.b) for one in of_it}) == 1:
            sentences.append(f"every group: {_field(parameter, of_it[0])}")
        elif isinstance(of_it[0].a, int) and len({one.b / one.a for one in of_it}) == 1:
            before = listed([group[name] for group in a])
            after = listed([group[name] for group in b])
            times = f" × {of_it[0].b / of_it[0].a:g}"
            sentences.append(f"every group: {_label(parameter, name)}{times} ({before} → {after})")
        else:
            continue
        fields.add(name)
    return sentences, fields


def _field(parameter: Groups, one: _Changed) -> str:
    if one.field == "blocks":
        return f"{write(one.a)} → {write(one.b)} block{'s' * (one.b != 1)}"
    known = next(field for field in parameter.fields if field.name == one.field)
    a, b = one.a, one.b
    if isinstance(known, Choice):
        a, b = (_option(known, value) for value in (a, b))
    return f"{_label(parameter, one.field)} {write(a)} → {write(b)}"


def _option(field: Choice, value: str) -> str:
    # What a group may choose can depend on its other fields; then the name has to do.
    return value if callable(field.options) else short_label(field.options[value])


def _label(parameter: Groups, name: str) -> str:
    return next(lower(field.label) for field in parameter.fields if field.name == name)


def _changed_groups(places: Sequence[tuple[int, int]], text: str) -> str:
    if len(places) > 1 and all(i == j for i, j in places):
        return f"groups {ranges([i + 1 for i, _ in places])}: {text}"
    names = [
        f"group {i + 1}" if i == j else f"group {i + 1} (now group {j + 1})" for i, j in places
    ]
    return f"{joined(names)}: {text}"


def _gone_and_new(
    parameter: Groups,
    a: Sequence[Group],
    b: Sequence[Group],
    pairs: Sequence[tuple[int | None, int | None]],
) -> list[tuple[float, str]]:
    gone = [i for i, j in pairs if j is None and i is not None]
    new = [j for i, j in pairs if i is None and j is not None]
    events: list[tuple[float, str]] = []
    kept = [j for i, j in pairs if i is not None and j is not None]
    for places, groups, word in ((gone, a, "removed"), (new, b, "added")):
        if len(places) > 4:
            events.append((places[0], f"groups {ranges([p + 1 for p in places])} {word}"))
            continue
        for place in places:
            inside = word == "added" and any(other > place for other in kept)
            verb = "inserted" if inside else word
            events.append((place, f"group {place + 1} {verb} ({_describe(groups[place])})"))
    return events


def _describe(group: Group) -> str:
    blocks, filters = group.get("blocks", 1), group.get("filters")
    text = f"{write(blocks)} block{'s' * (blocks != 1)}"
    return f"{text} of {write(filters)} filters" if filters is not None else text


def _place(pair: tuple[int, int]) -> float:
    return pair[0] + 0.5


def lower(label: str) -> str:
    """Write a label inside a sentence: ``Kernel size`` → ``kernel size``; ``ReLU`` stays."""
    first = label.split(" ")[0]
    return label[:1].lower() + label[1:] if first[1:] == first[1:].lower() else label


def short_label(label: str) -> str:
    """Return an option's label without its explanation: ``Max: the strongest`` → ``max``."""
    return lower(label.split(":")[0])
