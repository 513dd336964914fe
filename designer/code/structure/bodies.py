"""Functions as source: their bodies, and the calls and loops that use them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from designer.code.calls import WIDTH, Call, keyword, layer_call
from designer.code.lines import marked
from designer.code.literals import Code, joined
from designer.code.statements import Operation, identifier, straight
from designer.code.structure.functions import Function, Item
from designer.code.structure.parameters import UNUSED
from designer.code.structure.tree import ends
from designer.code.structure.words import describe, docstring
from designer.graph import Layer

#: The variable that counts repetitions.
NUMBER = Code("number")


@dataclass
class FunctionCall(Operation):
    """A statement that calls one of our functions: what it is fed stands among its arguments."""

    def lines(self, target: str, sources: Sequence[str], indent: int) -> list[str]:
        call = Call(self.call.function, (*sources, *self.call.arguments))
        return call.lines(target, indent)


@dataclass
class Loop(Operation):
    """A statement that feeds one variable through a call, again and again."""

    head: str = ""
    body: list[Operation] = field(default_factory=list)
    reserved: set[str] = field(default_factory=set)
    can_return: bool = False

    def lines(self, target: str, sources: Sequence[str], indent: int) -> list[str]:
        space, variable = " " * indent, target.removesuffix(" = ")
        copied = [] if variable == sources[0] else [f"{space}{variable} = {sources[0]}"]
        head = [f"{space}{self.head}"]
        if not self.body:
            call = Call(self.call.function, (variable, *self.call.arguments))
            return [*copied, *head, *call.lines(target, indent + 4)]
        entry, exit = self.body[0].inputs[0], self.body[-1].outputs[0]
        lines, held = straight(
            self.body, {entry: variable}, [exit], reserved=self.reserved, indent=indent + 4
        )
        if held[0] != variable:
            lines.append(f"{space}    {variable} = {held[0]}")
        return [*copied, *head, *lines]


def operations(function: Function, *prefix: str, reserved: set[str]) -> list[Operation]:
    """Return the statements of a function's body.

    Args:
        prefix: pieces that the names of its layers start with; none for whole names.
        reserved: names that no variable may take.
    """
    made: list[Operation] = []
    part = function.parts[0]
    for item, (inputs, outputs) in zip(function.items, wires(function), strict=True):
        label = identifier(item.local or part.step)
        if item.function is None:
            layer = item.uses[0]
            config = {slot.kind: slot.source for slot in item.slots}
            call = layer_call(layer.class_name, config, below(prefix, item.local))
            label = "shortcut" if label.startswith("shortcut") else label
            places = [[one] for one in item.uses]
            made.append(Operation(call, inputs, outputs, label, layer.class_name, places=places))
        elif item.repeats:
            made.append(_repetition(function, item, prefix, inputs, outputs))
        else:
            arguments = call_arguments(item, below(prefix, item.local))
            call = Call(item.function.name, arguments)
            made.append(FunctionCall(call, inputs, outputs, label, places=_places(item)))
    return made


def wires(function: Function) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return what each item of a function takes and gives, in terms of its first use."""
    part = function.parts[0]
    if not part.is_chain:
        return [ends(item) for item in part.items]
    before = part.entries[0]
    made: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
    for place, item in enumerate(function.items):
        after = f"item {place}" if place < len(function.items) - 1 else part.exits[0]
        if item.function is None and place < len(function.items) - 1:
            after = item.uses[0].name
        made.append(((before,), (after,)))
        before = after
    return made


def below(prefix: Sequence[str], local: str) -> str:
    """Return the name of something below a prefix."""
    if not prefix:
        return local
    return joined(*prefix, f"_{local}" if local else "")


def call_arguments(item: Item, name: str) -> tuple[str, ...]:
    """Return the written arguments of a call, without what it is fed."""
    assert item.function is not None
    written = [keyword("", name)] if item.function.is_named else []
    plain = True
    for argument, slot in zip(item.function.arguments, item.slots, strict=True):
        source: Any = slot.source
        plain = plain and isinstance(source, Code) and source == argument.name
        written.append(keyword("" if plain else argument.name, source))
    return tuple(written)


@dataclass(frozen=True)
class _Sum:
    """A number as source: variables and a constant."""

    names: tuple[str, ...] = ()
    constant: int = 0

    def __add__(self, other: _Sum) -> _Sum:
        return _Sum(self.names + other.names, self.constant + other.constant)

    def __str__(self) -> str:
        if not self.names:
            return str(self.constant)
        sign = f" {'-' if self.constant < 0 else '+'} {abs(self.constant)}"
        return " + ".join(self.names) + (sign if self.constant else "")


def _sum(source: Any) -> _Sum:
    return _Sum((str(source),)) if isinstance(source, Code) else _Sum((), int(source))


def _span(function: Function, item: Item) -> tuple[_Sum, _Sum, bool]:
    """Return the first number of a repetition, the one after its last, and whether it is once."""
    kind = [one for one in function.items if one.repeats and one.local == item.local]
    place = kind.index(item)
    totals = [one.total for one in kind]
    whole = next((n for n, total in enumerate(totals) if total is not None), None)

    def count(one: Item) -> _Sum:
        assert one.count is not None
        return _sum(one.count.source)

    start, stop = _Sum((), 1), _Sum((), 1)
    if whole is None or place < whole:
        for one in kind[:place]:
            start += count(one)
        stop = start + count(item)
    else:
        total = totals[whole]
        assert total is not None
        stop = _sum(total.source) + _Sum((), 1)
        for one in kind[place + 1 :]:
            stop += _Sum((), -count(one).constant)
        if place == whole:
            for one in kind[:whole]:
                start += count(one)
        else:
            start = stop + _Sum((), -count(item).constant)
    once = item.total is None and count(item) == _Sum((), 1)
    return start, stop, once


def _repetition(
    function: Function,
    item: Item,
    prefix: Sequence[str],
    inputs: tuple[str, ...],
    outputs: tuple[str, ...],
) -> Operation:
    assert item.function is not None
    start, stop, once = _span(function, item)
    if once:
        number = Code(str(start)) if start.names else str(start)
        name = joined(*_piece(prefix), item.local, number)
        call = Call(item.function.name, call_arguments(item, name))
        return FunctionCall(call, inputs, outputs, item.local, places=_places(item))
    name = joined(*_piece(prefix), item.local, NUMBER)
    call = Call(item.function.name, call_arguments(item, name))
    head = f"for {NUMBER} in range({start}, {stop}):"
    return Loop(call, inputs, outputs, item.local, head=head, places=_places(item))


def _places(item: Item) -> list[list[Layer]]:
    """Return the layers of every part that an item calls, in all uses."""
    return [part.layers for parts in item.uses for part in parts]


def _piece(prefix: Sequence[str]) -> tuple[str, ...]:
    return (*prefix, "_") if prefix else ()


def definition(function: Function, reserved: set[str]) -> list[str]:
    """Return a function's lines."""
    part = function.parts[0]
    fed = ["x", *(f"y{n}" if n > 1 else "y" for n in range(1, len(part.entries)))]
    named = ["name"] if function.is_named else []
    arguments = [argument.name for argument in function.arguments]
    body = operations(function, *(Code(one) for one in named), reserved=reserved)
    lines, _ = straight(
        body,
        dict(zip(part.entries, fed, strict=True)),
        part.exits,
        reserved=reserved | {*named, *arguments, "number"},
        returns=True,
        indent=4,
    )
    lines = [
        *signature(function.name, [*fed, *named, *arguments]),
        *docstring(describe(function)),
        *lines,
    ]
    return marked(lines, *(one.layers for one in function.parts))


def signature(name: str, arguments: Sequence[str]) -> list[str]:
    """Return the lines of a function's head."""
    line = f"def {name}({', '.join(arguments)}):"
    if len(line) <= WIDTH:
        return [line]
    return [f"def {name}(", *(f"    {argument}," for argument in arguments), "):"]


def row_values(function: Function, place: int) -> list[tuple[str, Any]]:
    """Return the values of a function's arguments in one use."""
    values = [(one.name, one.row[place]) for one in function.arguments]
    return [(name, None if value is UNUSED else value) for name, value in values]
