"""Parameters that know their own type, range, default, unit and help.

Everything that asks for a parameter reads it from here: the controls of a page, validation,
the command line's ``--set``, a link, the documentation. A parameter's default, its choices and
whether it applies at all may depend on the parameters declared before it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from designer.errors import DesignError

Chosen = Mapping[str, Any]
MOST_ITEMS = 500
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
