"""Values and changes of a design in a person's words: ``Filters of group 2: 64 → 96``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from designer.design import Design
from designer.templates import template
from designer.templates.groups import Groups
from designer.templates.parameters import Choice, Flag, InputShape, Parameter

#: Where in a design something changed: a parameter, or a field of a group.
Place = tuple[str | int, ...]

#: The longest a value is written.
_LONGEST = 40


def write_value(parameter: Parameter, value: Any, chosen: Mapping[str, Any]) -> str:
    """Write a parameter's value for a person: an option by its label, a shape with ×."""
    match parameter:
        case Flag():
            return "on" if value else "off"
        case Choice():
            names = value if isinstance(value, tuple) else (value,)
            options = parameter.options_for(chosen)
            text = ", ".join(options.get(name, name).split(":")[0] for name in names)
        case InputShape():
            text = " × ".join(f"{size:,}" for size in value)
        case Groups():
            text = f"{len(value)} groups"
        case _ if isinstance(value, tuple):
            text = ", ".join(f"{one:,}" for one in value) or "none"
        case _ if isinstance(value, int):
            text = f"{value:,}"
        case _:
            text = f"{value:g}"
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def changed_places(before: Design, after: Design) -> set[Place]:
    """Return where two designs of one template differ; the template itself as ``("template",)``."""
    if before.template != after.template:
        return {("template",)}
    return {
        place
        for parameter in template(before.template).parameters
        for place in _places(parameter, before[parameter.name], after[parameter.name])
    }


def _places(parameter: Parameter, old: Any, new: Any) -> Iterator[Place]:
    if old == new:
        return
    if isinstance(parameter, Groups) and len(old) == len(new):
        for index, (one, other) in enumerate(zip(old, new, strict=True)):
            for field in parameter.fields:
                if one.get(field.name) != other.get(field.name):
                    yield parameter.name, index, field.name
    else:
        yield (parameter.name,)


def name_change(before: Design, after: Design) -> str:
    """Say what changed from one design to another, in a few words.

    A default that follows a choice is declared after it, so the first difference is the choice.

    >>> vgg = Design.from_template("vgg16")
    >>> name_change(vgg, vgg.replace(classes=10))
    'Classes: 1,000 → 10'
    """
    if before.template != after.template:
        return f"Template: {template(after.template).title}"
    known = template(before.template)
    for parameter in known.parameters:
        old, new = before[parameter.name], after[parameter.name]
        if old == new:
            continue
        names = {*before.choices, *after.choices} - {parameter.name}
        others = sum(before.choices.get(n) != after.choices.get(n) for n in names)
        more = f" and {others} more" if others else ""
        if isinstance(parameter, Groups):
            return _name_groups(parameter, before, after) + more
        old_text = write_value(parameter, old, before.parameters)
        new_text = write_value(parameter, new, after.parameters)
        return f"{parameter.label}: {old_text} → {new_text}{more}"
    return "Nothing changed"


def group_context(design: Design, groups: str, index: int) -> dict[str, Any]:
    """Return what the options of a group's field may depend on."""
    group = design[groups][index]
    previous = design[groups][index - 1] if index else None
    around: dict[str, Any] = {
        "index": index,
        "count": len(design[groups]),
        "previous": previous,
        "usual": {},
    }
    return {**design.parameters, **around, **group}


def _name_groups(parameter: Groups, before: Design, after: Design) -> str:
    name = parameter.name
    old, new = before[name], after[name]
    if len(new) == len(old) + 1:
        place = next((i for i, group in enumerate(old) if group != new[i]), len(old))
        copied = place and new[place] == new[place - 1]
        return f"Group {place} duplicated" if copied else f"Group {place + 1} added"
    if len(new) == len(old) - 1:
        place = next((i for i, group in enumerate(new) if group != old[i]), len(new))
        return f"Group {place + 1} removed"
    if len(new) != len(old):
        return f"{parameter.label}: {len(old)} → {len(new)}"
    moved = [i for i, group in enumerate(old) if group != new[i]]
    if len(moved) == 2 and [old[i] for i in moved] == [new[i] for i in reversed(moved)]:
        return f"Groups {moved[0] + 1} and {moved[1] + 1} change places"
    first = moved[0]
    both = [one for one in parameter.fields if one.name in old[first] and one.name in new[first]]
    differing = (one for one in both if old[first][one.name] != new[first][one.name])
    field = next(differing, None)
    if field is None:
        return f"Group {first + 1} changed"
    old_text = write_value(field, old[first][field.name], group_context(before, name, first))
    new_text = write_value(field, new[first][field.name], group_context(after, name, first))
    return f"{field.label} of group {first + 1}: {old_text} → {new_text}"
