"""The parameter that holds a learner's groups: a list of objects with fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from designer.errors import DesignError
from designer.templates.parameters import MOST_ITEMS, Chosen, Parameter, show

MOST_BLOCKS = 1_000

Group = Mapping[str, Any]


class IdleFields(DesignError):
    """Groups that hold fields without a meaning there (the pooling of a residual group).

    Attributes:
        parameter: the name of the parameter that holds the groups.
        given: the groups as they were given.
        idle: the place of each such group, and the field's name.
    """

    def __init__(
        self, where: str, given: Sequence[Group], idle: Sequence[tuple[int, Parameter]]
    ) -> None:
        index, parameter = idle[0]
        field = f"{where}[{index}].{parameter.name}"
        more = f" (and {len(idle) - 1:,} more like it)" if len(idle) > 1 else ""
        super().__init__(
            f"{field}: received {show(given[index][parameter.name])}, but it has a meaning only"
            f" when {parameter.applies_when}{more}; leave it out, or change that.",
            field=field,
        )
        self.parameter = where
        self.given = given
        self.idle = {(place, one.name) for place, one in idle}

    def without(self) -> list[dict[str, Any]]:
        """Return the groups without the fields that have no meaning."""
        return self._without(self.idle)

    def without_what_came_along(self, earlier: Sequence[Group]) -> list[dict[str, Any]] | None:
        """Return the groups without those of the fields that an earlier group has with the same
        value: a change of pattern left them behind, and they are nobody's choice. ``None`` if
        there are none."""
        known: dict[str, list[Any]] = {}
        for group in earlier:
            for name, value in group.items():
                if value not in known.setdefault(name, []):
                    known[name].append(value)
        came = {
            (place, name)
            for place, name in self.idle
            if self.given[place][name] in known.get(name, ())
        }
        return self._without(came) if came else None

    def _without(self, left_out: set[tuple[int, str]]) -> list[dict[str, Any]]:
        return [
            {name: value for name, value in group.items() if (place, name) not in left_out}
            for place, group in enumerate(self.given)
        ]


@dataclass(frozen=True, kw_only=True)
class Groups(Parameter):
    """The groups of a learner: a list of objects with fields.

    A group has the fields that apply to it; the others are absent. A field's ``applies`` and
    default may depend on the parameters before the groups, on the fields before it,
    on where the group stands (``chosen["index"]`` of ``chosen["count"]``) and on the group
    before it (``chosen["previous"]``, or ``None``); ``chosen["usual"]`` is the template's own
    group at that place, if it has one.
    """

    fields: tuple[Parameter, ...]
    minimum_length: int = 1
    maximum_length: int = MOST_ITEMS

    def works(self, chosen: Chosen) -> str:
        names = ", ".join(parameter.name for parameter in self.fields)
        return (
            f"a list of {self.minimum_length} to {self.maximum_length} groups, each an object"
            f' with any of {names}, such as [{{"filters": 64, "blocks": 2}}]'
        )

    def _usual(self, chosen: Chosen) -> Sequence[Group]:
        return self.default(chosen) if callable(self.default) else self.default

    def _context(self, chosen: Chosen, groups: Sequence[Group], index: int) -> dict[str, Any]:
        """Return what a field of the group at ``index`` may depend on."""
        usual = self._usual(chosen)
        return {
            **chosen,
            "index": index,
            "previous": groups[index - 1] if index else None,
            "usual": usual[index] if index < len(usual) else {},
        }

    def clean(self, value: Any, chosen: Chosen, field: str | None = None) -> tuple[Group, ...]:
        where = field or self.name
        if isinstance(value, Mapping):
            value = [value]
        if not isinstance(value, (list, tuple)):
            raise self.refuse(value, chosen, field)
        if not self.minimum_length <= len(value) <= self.maximum_length:
            raise self.refuse(value, chosen, field, f"{len(value)} groups")
        groups: list[Group] = []
        idle: list[tuple[int, Parameter]] = []
        for index, given in enumerate(value):
            context = {**self._context(chosen, groups, index), "count": len(value)}
            group, without_meaning = self._clean_group(given, context, f"{where}[{index}]")
            groups.append(group)
            idle += [(index, parameter) for parameter in without_meaning]
        if idle:
            raise IdleFields(where, value, idle)
        blocks = sum(group.get("blocks", 1) for group in groups)
        if blocks > MOST_BLOCKS:
            raise DesignError(
                f"{where}: received {blocks:,} blocks in all; up to {MOST_BLOCKS:,} work"
                " (ResNet152 has 50).",
                field=where,
            )
        return tuple(groups)

    def _clean_group(
        self, given: Any, context: dict[str, Any], where: str
    ) -> tuple[Group, list[Parameter]]:
        """Return a group, and the fields given that have no meaning in it."""
        names = [parameter.name for parameter in self.fields]
        if not isinstance(given, Mapping):
            raise DesignError(
                f"{where}: received {show(given)}; an object with any of {', '.join(names)} works.",
                field=where,
            )
        for name in given:
            if name not in names:
                raise DesignError(
                    f"{where}: received the field {name!r}; a group here takes {', '.join(names)}.",
                    field=f"{where}.{name}",
                )
        group: dict[str, Any] = {}
        idle: list[Parameter] = []
        for parameter in self.fields:
            if not parameter.applies(context):
                idle += [parameter] * (parameter.name in given)
                continue
            if parameter.name in given:
                value = parameter.clean(given[parameter.name], context, f"{where}.{parameter.name}")
            else:
                value = parameter.default_for(context)
            group[parameter.name] = context[parameter.name] = value
        return MappingProxyType(group), idle

    def without_defaults(self, value: Sequence[Group], chosen: Chosen) -> list[dict[str, Any]]:
        short: list[dict[str, Any]] = []
        for index, group in enumerate(value):
            context = {**self._context(chosen, value, index), "count": len(value)}
            kept = {}
            for parameter in self.fields:
                if parameter.name not in group:
                    continue
                if group[parameter.name] != parameter.default_for(context):
                    kept[parameter.name] = group[parameter.name]
                context[parameter.name] = group[parameter.name]
            short.append(kept)
        return short
