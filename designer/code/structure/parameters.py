"""What differs between the uses of one function becomes its arguments.

A slot is one value in a function's body: a layer's argument, or an argument of a call. Over all
uses of the function it takes a row of values. Slots whose rows are the same share an argument;
a row that is a multiple of another becomes an expression (``4 * filters``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from designer.code.literals import Code

#: In an unused place of a row: a call inside a loop that is not run.
UNUSED = object()

#: Keras's argument → our word, where they differ.
_WORDS = {"groups": "cardinality"}

#: Numbers that say how wide a layer is may share an argument; others share it with their like.
_WIDTHS = ("filters", "units")


@dataclass
class Slot:
    """One value in a function's body.

    Attributes:
        kind: Keras's name of the argument.
        wanted: what an argument for it would be called.
        where: what its place in the body is called.
        row: its value in each use.
        source: what is written there; a value, or ``Code``.
        leads: whether it stands in a repetition, and so says best how wide its part is.
    """

    kind: str
    wanted: str
    where: str
    row: list[Any]
    source: Any = None
    leads: bool = False

    @property
    def family(self) -> str:
        return "width" if self.kind in _WIDTHS else self.kind

    @property
    def values(self) -> list[Any]:
        """The values of the uses that have one."""
        return [value for value in self.row if value is not UNUSED]

    @property
    def varies(self) -> bool:
        values = self.values
        return any(not _same(value, values[0]) for value in values[1:])


@dataclass
class Argument:
    """An argument of a function: its name, Keras's name of it, its value in each use."""

    name: str
    kind: str
    row: list[Any]

    @property
    def family(self) -> str:
        return "width" if self.kind in _WIDTHS else self.kind


def arguments_of(
    slots: Sequence[Slot], *, always: Iterable[str], reserved: Iterable[str]
) -> list[Argument]:
    """Give every slot its source, and return the arguments that takes.

    Args:
        slots: in the order of the body.
        always: kinds that are arguments even where they never differ (``filters``).
        reserved: names no argument may have.
    """
    made: list[Argument] = []
    taken, visible = set(reserved), set(always)
    # The narrowest first, so that wider layers are multiples of it; filters before units.
    order = sorted(slots, key=lambda slot: _place(slot))
    for slot in order:
        if not slot.values:
            slot.source = None
        elif slot.varies:
            slot.source = _expression(slot, made) or _new(slot, made, taken)
        elif slot.kind in visible:
            slot.source = _expression(slot, made)
            is_first = not any(one.family == slot.family for one in made)
            if slot.source is None and (is_first or slot.leads):
                slot.source = _new(slot, made, taken)
            elif slot.source is None:
                slot.source = slot.values[0]
        else:
            # Widths that follow from the filters say so; other numbers are what they are.
            width = slot.family == "width" and any(one.kind == "filters" for one in made)
            slot.source = (_expression(slot, made) if width else None) or slot.values[0]
    first = {name: place for place, slot in enumerate(slots) for name in [str(slot.source)]}
    return sorted(
        made,
        key=lambda one: (
            one.name != "filters", one.kind != "filters", first.get(one.name, len(slots))
        ),
    )  # fmt: skip


def _place(slot: Slot) -> tuple[int, int, int, int]:
    """Order: the filters of what repeats, then what varies before what does not, filters before
    units, the narrowest first."""
    if slot.family != "width" or not slot.values:
        return (1, 0 if slot.values and slot.varies else 1, 2, 0)
    leads = slot.leads and slot.wanted == "filters"
    return (not leads, 0 if slot.varies else 1, _WIDTHS.index(slot.kind), min(slot.values))


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and one == other


def _new(slot: Slot, made: list[Argument], taken: set[str]) -> Code:
    word = _WORDS.get(slot.wanted, slot.wanted)
    name = word
    if name in taken:
        name = f"{slot.where}_{word}" if slot.where else word
    number = 2
    while name in taken:
        name, number = f"{word}{number}", number + 1
    taken.add(name)
    made.append(Argument(name, slot.kind, list(slot.row)))
    return Code(name)


def _expression(slot: Slot, made: Sequence[Argument]) -> Code | None:
    """Return the slot's row as an expression of the arguments there are, if it is one."""
    alike = [one for one in made if one.family == slot.family]
    for one in alike:
        if _fits(slot, one):
            return Code(one.name)
    if slot.family != "width":
        return None
    for one in alike:
        pairs = _pairs(slot, one)
        factors = {value // base for value, base in pairs if base and value % base == 0}
        factor = factors.pop() if len(factors) == 1 else 1
        if factor > 1 and _fits(slot, one, factor):
            return Code(f"{factor} * {one.name}")
    for one in alike:
        pairs = _pairs(slot, one)
        if not pairs or any(value < 1 for value, _ in pairs):
            continue
        divisor = pairs[0][1] // pairs[0][0]
        complete = all(base is not UNUSED for base in one.row)
        if complete and divisor > 1 and all(value == base // divisor for value, base in pairs):
            return Code(f"{one.name} // {divisor}")
    return None


def _pairs(slot: Slot, one: Argument) -> list[tuple[Any, Any]]:
    return [
        (value, base)
        for value, base in zip(slot.row, one.row, strict=True)
        if value is not UNUSED and base is not UNUSED
    ]


def _fits(slot: Slot, one: Argument, factor: int = 1) -> bool:
    """Whether the slot is a multiple of an argument, whose unused places are then filled."""
    pairs = _pairs(slot, one)
    if factor == 1:
        fits = all(_same(value, base) for value, base in pairs)
    else:
        fits = all(value == factor * base for value, base in pairs)
        fits = fits and not any(value % factor for value in slot.values)
    if not pairs or not fits:
        return False
    for place, value in enumerate(slot.row):
        if value is not UNUSED and one.row[place] is UNUSED:
            one.row[place] = value if factor == 1 else value // factor
    return True
