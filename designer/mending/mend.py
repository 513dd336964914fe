"""A change that mends a design, and how it is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from designer.design import Design, plain
from designer.templates import template
from designer.templates.groups import Groups
from designer.templates.parameters import Choice, Parameter
from designer.wording import group_context, write_value


@dataclass(frozen=True)
class Mend:
    """A change after which a design can be built.

    Attributes:
        label: what it does, in plain words: ``Strides 1 in group 5``.
        changes: for ``Design.replace``.
        kind: what it changes, whatever the value; one mend of a kind is enough.
    """

    label: str
    changes: Mapping[str, Any]
    kind: tuple[Any, ...]


def groups_of(design: Design) -> Groups | None:
    """Return the parameter that holds a design's groups, if its template has groups."""
    known = template(design.template).parameters
    return next((one for one in known if isinstance(one, Groups)), None)


def change_of(design: Design, parameter: Parameter, value: Any) -> Mend:
    """Return the change of one parameter."""
    words = _words(parameter, value, design.parameters)
    groups = groups_of(design)
    if groups and any(field.name == parameter.name for field in groups.fields):
        # A group's own value goes before the template's.
        own = any(parameter.name in group for group in design.choices.get(groups.name, ()))
        words += " where a group has none of its own" if own else " in every group"
    return Mend(words, {parameter.name: value}, (parameter.name,))


def change_in_group(
    design: Design, groups: Groups, index: int, field: Parameter, value: Any
) -> Mend:
    """Return the change of a field of one group."""
    changed = plain(design[groups.name])
    changed[index][field.name] = value
    words = _words(field, value, group_context(design, groups.name, index))
    kind = (groups.name, index, field.name)
    return Mend(f"{words} in group {index + 1}", {groups.name: changed}, kind)


def _words(parameter: Parameter, value: Any, chosen: Mapping[str, Any]) -> str:
    text = write_value(parameter, value, chosen)
    if isinstance(parameter, Choice):
        text = text[0].lower() + text[1:] if text[1:].islower() else text
        return f"{parameter.label}: {text}"
    return f"{parameter.label} {text}"
