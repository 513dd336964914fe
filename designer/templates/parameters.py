"""Parameters that know their own type, range, default, unit and help.

Everything that asks for a parameter reads it from here: the controls of a page, validation,
the command line's ``--set``, a link, the documentation. A parameter's default, its choices and
whether it applies at all may depend on the parameters declared before it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from designer.errors import DesignError

Chosen = Mapping[str, Any]
MOST_ITEMS = 500
MOST_BLOCKS = 1_000
MOST_HEADS = 20


def _always(chosen: Chosen) -> bool:
    return True


def show(value: Any) -> str:
    """Write what was received the way a person typed it, cut short if it is long."""
    if isinstance(value, tuple):
        value = list(value)
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # more digits, or deeper, than Python writes
        text = "something too large to show"
    return text if len(text) <= 60 else f"{text[:57]}…"


@dataclass(frozen=True, kw_only=True)
class Parameter(ABC):
    """What every parameter has.

    Attributes:
        name: its name in scripts, links and files.
        label: its name on a page.
        help: one line that says what it does.
        default: a value, or a function of the parameters declared before it.
        section: where a page shows it: input, stem, learner, task, or compile.
        applies: whether it has a meaning, given the parameters declared before it.
        applies_when: ``applies`` in words ("variant is book"), for the refusal.
        unit: what a number counts ("pixels").
    """

    name: str
    label: str
    help: str
    default: Any
    section: str = "learner"
    applies: Callable[[Chosen], bool] = _always
    applies_when: str = ""
    unit: str = ""

    def default_for(self, chosen: Chosen) -> Any:
        """Return the default, given the parameters declared before this one."""
        value = self.default(chosen) if callable(self.default) else self.default
        return self.clean(value, chosen)

    @abstractmethod
    def clean(self, value: Any, chosen: Chosen, field: str | None = None) -> Any:
        """Return ``value`` in its one canonical form.

        Raises:
            DesignError: with the field, what was received and what would work.
        """

    @abstractmethod
    def works(self, chosen: Chosen) -> str:
        """Say, in a few words, which values work."""

    def without_defaults(self, value: Any, chosen: Chosen) -> Any:
        """Return the shortest value that ``clean`` turns back into ``value``."""
        return value

    def refuse(
        self, value: Any, chosen: Chosen, field: str | None, reason: str = ""
    ) -> DesignError:
        """Return the error for a value that does not work here."""
        where = field or self.name
        middle = f" ({reason})" if reason else ""
        return DesignError(
            f"{where}: received {show(value)}{middle}; {self.works(chosen)} works.", field=where
        )


@dataclass(frozen=True, kw_only=True)
class Integer(Parameter):
    """A whole number. ``slider`` is the comfortable part of its range, for a control."""

    minimum: int = 1
    maximum: int = 65_536
    slider: tuple[int, int] | None = None
    step: int = 1

    def works(self, chosen: Chosen) -> str:
        unit = f" {self.unit}" if self.unit else ""
        return f"a whole number from {self.minimum:,} to {self.maximum:,}{unit}"

    def clean(self, value: Any, chosen: Chosen, field: str | None = None) -> int:
        if isinstance(value, (list, tuple)) and len(value) == 2 and value[0] == value[1]:
            value = value[0]  # Keras's pairs: (2, 2) is 2
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.refuse(value, chosen, field)
        if not self.minimum <= value <= self.maximum:
            raise self.refuse(value, chosen, field)
        return value


@dataclass(frozen=True, kw_only=True)
class Number(Parameter):
    """A number with decimals. ``slider`` is as for ``Integer``; ``None`` leaves the box alone."""

    minimum: float = 0.0
    maximum: float = 1.0
    step: float = 0.05
    slider: tuple[float, float] | None = None

    def works(self, chosen: Chosen) -> str:
        return f"a number from {self.minimum:g} to {self.maximum:g}"

    def clean(self, value: Any, chosen: Chosen, field: str | None = None) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self.refuse(value, chosen, field)
        if not self.minimum <= value <= self.maximum:  # so written, it refuses NaN too
            raise self.refuse(value, chosen, field)
        return float(value) + 0.0  # −0 is 0


@dataclass(frozen=True, kw_only=True)
class Flag(Parameter):
    """On or off."""

    def works(self, chosen: Chosen) -> str:
        return "true or false"

    def clean(self, value: Any, chosen: Chosen, field: str | None = None) -> bool:
        if isinstance(value, str) and value.lower() in {"true", "false"}:
            value = value.lower() == "true"
        if not isinstance(value, bool):
            raise self.refuse(value, chosen, field)
        return value


Options = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Choice(Parameter):
    """One of a few names. ``options`` maps each to its label on a page, ``teaches`` to a line
    about it, if there is more to say than its label does."""

    options: Options | Callable[[Chosen], Options]
    teaches: Options = field(default_factory=dict)

    def options_for(self, chosen: Chosen) -> Options:
        return self.options(chosen) if callable(self.options) else self.options

    def works(self, chosen: Chosen) -> str:
        return "one of " + ", ".join(self.options_for(chosen))

    def clean(self, value: Any, chosen: Chosen, field: str | None = None) -> str:
        if not isinstance(value, str) or value not in self.options_for(chosen):
            raise self.refuse(value, chosen, field)
        return value


@dataclass(frozen=True, kw_only=True)
class IntegerList(Parameter):
    """Whole numbers, one an item (the units of each hidden layer)."""

    item: Integer
    minimum_length: int = 0
    maximum_length: int = MOST_ITEMS

    def works(self, chosen: Chosen) -> str:
        return (
            f"a list of {self.minimum_length} to {self.maximum_length} whole numbers, each from"
            f" {self.item.minimum:,} to {self.item.maximum:,}, such as [128, 64]"
        )

    def clean(self, value: Any, chosen: Chosen, field: str | None = None) -> tuple[int, ...]:
        if isinstance(value, int) and not isinstance(value, bool):
            value = [value]
        if not isinstance(value, (list, tuple)):
            raise self.refuse(value, chosen, field)
        if not self.minimum_length <= len(value) <= self.maximum_length:
            raise self.refuse(value, chosen, field, f"{len(value)} items")
        where = field or self.name
        return tuple(
            self.item.clean(item, chosen, f"{where}[{index}]") for index, item in enumerate(value)
        )


@dataclass(frozen=True, kw_only=True)
class InputShape(Parameter):
    """What one example looks like: sizes without the batch.

    ``axes`` names the sizes of each rank that is allowed, with the largest that makes sense.
    """

    axes: tuple[tuple[str, ...], ...]
    maximum: int = 16_384

    def works(self, chosen: Chosen) -> str:
        shapes = " or ".join(f"[{', '.join(names)}]" for names in self.axes)
        return f"{shapes} with whole numbers from 1 to {self.maximum:,}"

    def axes_for(self, value: Sequence[int]) -> tuple[str, ...]:
        """Return the names of the sizes of a shape."""
        return next(names for names in self.axes if len(names) == len(value))

    def clean(self, value: Any, chosen: Chosen, field: str | None = None) -> tuple[int, ...]:
        if isinstance(value, int) and not isinstance(value, bool):
            value = [value]
        if not isinstance(value, (list, tuple)):
            raise self.refuse(value, chosen, field)
        if len(value) not in {len(names) for names in self.axes}:
            raise self.refuse(value, chosen, field)
        for size in value:
            if isinstance(size, bool) or not isinstance(size, int):
                raise self.refuse(value, chosen, field)
            if not 1 <= size <= self.maximum:
                raise self.refuse(value, chosen, field)
        return tuple(value)


@dataclass(frozen=True, kw_only=True)
class Classes(Parameter):
    """How many classes: a number, or a list with one number a head for a multitask design."""

    maximum: int = 100_000

    def works(self, chosen: Chosen) -> str:
        if chosen.get("task") == "multitask":
            return (
                f"a list of 1 to {MOST_HEADS} numbers, the classes of each head, each from 2 to"
                f" {self.maximum:,}"
            )
        return f"a whole number from {self._minimum(chosen)} to {self.maximum:,}"

    @staticmethod
    def _minimum(chosen: Chosen) -> int:
        return 1 if chosen.get("task") == "multilabel" else 2

    def clean(self, value: Any, chosen: Chosen, field: str | None = None) -> int | tuple[int, ...]:
        if chosen.get("task") == "multitask":
            if not isinstance(value, (list, tuple)) or not 1 <= len(value) <= MOST_HEADS:
                raise self.refuse(value, chosen, field)
            return tuple(self._count(count, value, chosen, field) for count in value)
        if isinstance(value, (list, tuple)) and len(value) == 1:
            value = value[0]
        return self._count(value, value, chosen, field)

    def _count(self, count: Any, value: Any, chosen: Chosen, field: str | None) -> int:
        if isinstance(count, bool) or not isinstance(count, int):
            raise self.refuse(value, chosen, field)
        if not self._minimum(chosen) <= count <= self.maximum:
            raise self.refuse(value, chosen, field)
        return count


@dataclass(frozen=True, kw_only=True)
class PerHeadChoice(Choice):
    """A choice that a multitask design makes once a head: a name, or a list of names."""

    heads: Callable[[Chosen], int]

    def clean(  # type: ignore[override]
        self, value: Any, chosen: Chosen, field: str | None = None
    ) -> str | tuple[str, ...]:
        count, where = self.heads(chosen), field or self.name
        if isinstance(value, (list, tuple)):
            if len(value) != count:
                raise self.refuse(value, chosen, field, f"{len(value)} for {count} heads")
            names = [
                Choice.clean(self, name, chosen, f"{where}[{index}]")
                for index, name in enumerate(value)
            ]
        else:
            names = [Choice.clean(self, value, chosen, field)] * count
        return names[0] if count == 1 else tuple(names)


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
