"""The outermost parts as source: a function for stem, learner and task, loops over their groups,
and the numbers that shape them in tables above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from designer.code.calls import WIDTH, Call, keyword, layer_call
from designer.code.lines import marked
from designer.code.literals import Code, joined, literal
from designer.code.statements import Operation, identifier, straight
from designer.code.structure.bodies import FunctionCall, Loop, operations, row_values, signature
from designer.code.structure.constants import with_constants
from designer.code.structure.functions import Function, Functions
from designer.code.structure.parameters import UNUSED
from designer.code.structure.tree import Part, numbered
from designer.code.structure.words import describe_section, docstring
from designer.graph import Layer

_SETTINGS = Code("settings")


@dataclass
class Sections:
    """Writes sections, and collects the tables of what is repeated in them.

    Attributes:
        functions: of everything inside the sections.
        reserved: names that no variable may take.
        constants: arguments that are the same all over the network, by their name.
        tables: their names and lines.
        results: the outputs of a network that has several.
    """

    functions: Functions
    reserved: set[str]
    constants: dict[str, dict[str, Any]] = field(default_factory=dict)
    tables: dict[str, list[str]] = field(default_factory=dict)
    results: tuple[str, ...] = ()

    def definition(self, part: Part, name: str) -> list[str]:
        """Return the lines of a section's function."""
        fed = ["x", *(f"y{n}" if n > 1 else "y" for n in range(1, len(part.entries)))]
        lines, _ = straight(
            self.operations(part),
            dict(zip(part.entries, fed, strict=True)),
            part.exits,
            reserved=self.reserved,
            returns=True,
            indent=4,
        )
        lines = [*signature(name, fed), *docstring(describe_section(part.step)), *lines]
        return marked(lines, part.layers)

    def operations(self, part: Part) -> list[Operation]:
        """Return the statements of a section."""
        made: list[Operation] = []
        place = 0
        while place < len(part.items):
            item = part.items[place]
            if isinstance(item, Layer):
                made.append(self._layer(item))
                place += 1
                continue
            row = _numbered_row(part, place)
            if row:
                made += self._table_and_loops(row)
                place += len(row)
            else:
                made.append(self._call(item))
                place += 1
        return made

    def _layer(self, layer: Layer) -> Operation:
        config = with_constants(layer, self.constants)
        call = layer_call(layer.class_name, config, layer.name)
        label = identifier(layer.name)
        result = identifier(layer.name) if layer.name in self.results else ""
        return Operation(
            call,
            layer.inputs,
            (layer.name,),
            label,
            layer.class_name,
            result=result,
            places=[[layer]],
        )

    def _call(self, part: Part) -> Operation:
        """Return a call with all its arguments written out."""
        function = self.functions.of[id(part)]
        written = [keyword("", part.prefix)] if function.is_named else []
        written += [
            keyword(argument.name, value if value is not UNUSED else None)
            for argument in function.arguments
            for value in [function.value(argument, part)]
        ]
        call = Call(function.name, tuple(written))
        label = identifier(part.step)
        return FunctionCall(call, part.entries, part.exits, label, places=[part.layers])

    def _table_and_loops(self, row: list[Part]) -> list[Operation]:
        found = numbered(row[0].prefix)
        assert found is not None
        base = found[0]
        if row[0].from_names:
            return [self._inline_loop(row, base)]
        table = self._table_name(f"{identifier(base)}s")
        self.tables[table] = [f"{table} = ["]
        for part in row:
            function = self.functions.of[id(part)]
            values = row_values(function, function.place[id(part)])
            written = ", ".join(keyword(*value) for value in values)
            self.tables[table] += marked(_row_lines(written), part.layers)
        self.tables[table].append("]")
        made: list[Operation] = []
        place = 0
        while place < len(row):
            function = self.functions.of[id(row[place])]
            end = place + 1
            while end < len(row) and self._goes_on(row[end - 1], row[end], function):
                end += 1
            made.append(self._uses_of_table(row, place, end, table, base))
            place = end
        return made

    def _goes_on(self, before: Part, part: Part, function: Function) -> bool:
        return (
            self.functions.of[id(part)] is function
            and part.entries == before.exits
            and len(part.exits) == len(part.entries) == 1
        )

    def _uses_of_table(
        self, row: list[Part], place: int, end: int, table: str, base: str
    ) -> Operation:
        function = self.functions.of[id(row[place])]
        first, last = row[place], row[end - 1]
        one_way = len(first.entries) == len(last.exits) == 1
        # A table of one row is looped over too: another row is another group.
        if end - place == 1 and not (len(row) == 1 and one_way):
            named = (keyword("", first.prefix),) if function.is_named else ()
            call = Call(function.name, (*named, f"**{table}[{place}]"))
            label = identifier(first.step)
            return FunctionCall(call, first.entries, first.exits, label, places=[first.layers])
        rows = table
        if (place, end) != (0, len(row)):
            rows = f"{table}[{place or ''}:{end if end < len(row) else ''}]"
        name = joined(base, Code("number"))
        call = Call(function.name, (keyword("", name), f"**{_SETTINGS}"))
        head = f"for number, {_SETTINGS} in enumerate({rows}, {place + 1}):"
        places = [part.layers for part in row[place:end]]
        label = identifier(base)
        return Loop(call, first.entries, last.exits, label, head=head, places=places)

    def _inline_loop(self, row: list[Part], base: str) -> Operation:
        """Return a loop over layers that repeat (``hidden1``, ``hidden2``)."""
        function = self.functions.of[id(row[0])]
        names = [argument.name for argument in function.arguments]
        head = f"for number in range(1, {len(row) + 1}):"
        if names:
            table = self._table_name(identifier(base))
            values = [tuple(a.row[function.place[id(p)]] for a in function.arguments) for p in row]
            written = literal([one[0] for one in values] if len(names) == 1 else values)
            line = f"{table} = {written}"
            lines = [line] if len(line) <= WIDTH else _table_lines(table, values)
            self.tables[table] = marked(lines, *(part.layers for part in row))
            variables = names[0] if len(names) == 1 else f"({', '.join(names)})"
            head = f"for number, {variables} in enumerate({table}, 1):"
        body = operations(function, base, Code("number"), reserved=self.reserved)
        return Loop(
            Call("", ()),
            row[0].entries,
            row[-1].exits,
            identifier(base),
            head=head,
            body=body,
            reserved=self.reserved | set(names) | {"number"},
            places=[part.layers for part in row],
        )

    def _table_name(self, wanted: str) -> str:
        name, number = wanted.upper(), 2
        while name in self.tables or name in self.reserved:
            name, number = f"{wanted.upper()}{number}", number + 1
        return name


def _numbered_row(part: Part, place: int) -> list[Part]:
    """Return the parts from a place on that are numbered from 1 without a gap."""
    row: list[Part] = []
    for item in part.items[place:]:
        found = numbered(item.prefix) if isinstance(item, Part) else None
        if not isinstance(item, Part) or found is None or found[1] != len(row) + 1:
            break
        if row and (numbered(row[0].prefix) or ("", 0))[0] != found[0]:
            break
        if row and item.from_names != row[0].from_names:
            break
        row.append(item)
    return row


def _row_lines(written: str) -> list[str]:
    line = f"    dict({written}),"
    if len(line) <= WIDTH:
        return [line]
    return ["    dict(", *(f"        {one}," for one in _split(written)), "    ),"]


def _split(written: str) -> list[str]:
    """Split written arguments at the commas between them."""
    pieces, depth, start = [], 0, 0
    for place, character in enumerate(written):
        depth += (character in "([{") - (character in ")]}")
        if character == "," and depth == 0:
            pieces.append(written[start:place].strip())
            start = place + 1
    return [*pieces, written[start:].strip()]


def _table_lines(table: str, values: Sequence[tuple[object, ...]]) -> list[str]:
    return [
        f"{table} = [",
        *(f"    {literal(one[0] if len(one) == 1 else one)}," for one in values),
        "]",
    ]
