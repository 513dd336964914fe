"""Parts that are alike become uses of one function.

Two parts are alike when they hold the same layers by local name and class, and the same parts,
wired the same way; arguments may differ, and so may how often a block repeats.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

from designer.code.arguments import writing
from designer.code.structure.parameters import UNUSED, Argument, Slot, arguments_of
from designer.code.structure.tree import Part, ends, numbered
from designer.graph import Layer

#: Kinds of values that are arguments even where they never differ: what a network is made of.
_ALWAYS = {"filters", "repeats"}


@dataclass(eq=False)
class Item:
    """One statement of a function's body, for all its uses.

    Attributes:
        uses: in each use of the function, the layer; or the parts that it calls, one after the
            other (a repetition may have none).
        local: the name below the function's own, or the whole name if it has none; without the
            number for a repetition.
        function: what is called, if it is no layer.
        repeats: whether it is a repetition of numbered parts.
        slots: its arguments.
        first: in each use, the number of the first repetition.
        count: how often it repeats, as a slot.
    """

    uses: list[Any]
    local: str
    function: Function | None = None
    repeats: bool = False
    slots: list[Slot] = field(default_factory=list)
    first: list[int] = field(default_factory=list)
    count: Slot | None = None
    total: Slot | None = None

    @property
    def is_once(self) -> bool:
        """Whether it stands for one call, no loop."""
        return self.total is None and (self.count is None or self.count.source == 1)


@dataclass(eq=False)
class Function:
    """One function and its uses.

    Attributes:
        parts: its uses.
        items: its body.
        arguments: what differs between its uses.
        is_named: whether it takes the start of its layers' names.
        name: what it is called; given once all functions are known.
    """

    parts: list[Part]
    items: list[Item] = field(default_factory=list)
    arguments: list[Argument] = field(default_factory=list)
    is_named: bool = True
    name: str = ""

    def value(self, argument: Argument, part: Part) -> Any:
        """Return an argument's value in one use."""
        return argument.row[self.place[id(part)]]

    @property
    def place(self) -> dict[int, int]:
        if not self._place:
            self._place.update((id(part), place) for place, part in enumerate(self.parts))
        return self._place

    _place: dict[int, int] = field(default_factory=dict)


@dataclass
class _Raw:
    """An item of one part: a layer, or the parts that are called."""

    key: Hashable
    local: str
    layer: Layer | None = None
    parts: list[Part] = field(default_factory=list)
    repeats: bool = False
    function: Function | None = None

    @property
    def content(self) -> Any:
        return self.layer if self.layer is not None else self.parts


class Functions:
    """Finds the functions of a network's parts, from the innermost out."""

    def __init__(self, reserved: Sequence[str]):
        self.of: dict[int, Function] = {}
        self.all: list[Function] = []
        self._reserved = set(reserved)
        self._prints: dict[int, Hashable] = {}

    def find(self, parts: Sequence[Part]) -> None:
        """Make functions of parts of one depth; those inside them have theirs already."""
        raw = {id(part): self._raw_items(part) for part in parts}
        families: list[list[tuple[Part, list[_Raw]]]] = []
        exact: dict[Hashable, list[tuple[Part, list[_Raw]]]] = {}
        for part, items in self._aligned([(part, raw[id(part)]) for part in parts]):
            key = (_wiring(part, items), tuple(item.key for item in items), bool(part.prefix))
            if key not in exact:
                exact[key] = []
                families.append(exact[key])
            exact[key].append((part, items))
        for family in families:
            self._make(family)

    # --- what a part is made of ---------------------------------------------------------------

    def _raw_items(self, part: Part) -> list[_Raw]:
        made: list[_Raw] = []
        counted: dict[str, int] = {}
        chain = part.is_chain
        for item in part.items:
            if isinstance(item, Layer):
                local = relative(item.name, part.prefix)
                defaults = writing(item.class_name).defaults
                needed = frozenset(name for name in item.config if name not in defaults)
                made.append(_Raw((local, item.class_name, needed), local, layer=item))
                continue
            function = self.of[id(item)]
            local = relative(item.prefix, part.prefix) if item.prefix else ""
            step = numbered(local) if local != item.prefix or not part.prefix else None
            if not chain or step is None or counted.get(step[0], 0) + 1 != step[1]:
                made.append(_Raw((local, id(function)), local, parts=[item], function=function))
                continue
            base, number = step
            counted[base] = number
            before = made[-1] if made else None
            if (
                before
                and before.repeats
                and (before.local, before.function) == (base, function)
                and self._print(before.parts[0]) == self._print(item)
            ):
                before.parts.append(item)
            else:
                key = (base, id(function), "repeats")
                made.append(_Raw(key, base, parts=[item], repeats=True, function=function))
        return made

    def _print(self, part: Part) -> Hashable:
        """Return all that is in a part but its names: two with the same print are the same."""
        if id(part) not in self._prints:
            self._prints[id(part)] = tuple(
                (layer.class_name, repr(sorted(layer.config.items()))) for layer in part.layers
            )
        return self._prints[id(part)]

    def _aligned(self, parts: list[tuple[Part, list[_Raw]]]) -> list[tuple[Part, list[_Raw]]]:
        """Return the parts' items, with repetitions split or left empty (none times) where that
        makes a part like another one."""
        kinds: dict[Any, list[list[_Raw]]] = {}
        for part, items in parts:
            if part.is_chain:
                kinds.setdefault(tuple(item.key for item in items), []).append(items)
        longest = sorted(kinds, key=lambda key: -len(key))
        made = []
        for part, items in parts:
            key = tuple(item.key for item in items)
            for other in longest if part.is_chain else ():
                place = _missing(key, other)
                if place is None:
                    continue
                filled = _with_gap(items, kinds[other][0], place)
                if _only_one_varies([*kinds[other], filled], place):
                    items = filled
                    kinds[other].append(filled)
                    break
            made.append((part, items))
        return made

    # --- functions ----------------------------------------------------------------------------

    def _make(self, family: list[tuple[Part, list[_Raw]]]) -> None:
        parts = [part for part, _ in family]
        function = Function(parts, is_named=bool(parts[0].prefix))
        for raws in zip(*(items for _, items in family), strict=True):
            item = Item(
                [raw.content for raw in raws],
                raws[0].local,
                function=raws[0].function,
                repeats=raws[0].repeats,
            )
            item.slots = _layer_slots(item) if item.function is None else _call_slots(item)
            function.items.append(item)
        counts = _count_slots(function.items)
        slots = [slot for item in function.items for slot in item.slots]
        always = _ALWAYS | ({"units"} if parts[0].from_names else set())
        function.arguments = arguments_of([*counts, *slots], always=always, reserved=self._reserved)
        self.all.append(function)
        for part in parts:
            self.of[id(part)] = function


def relative(name: str, prefix: str) -> str:
    """Return a name without the prefix of the part it stands in."""
    if prefix and name.startswith(f"{prefix}_"):
        return name[len(prefix) + 1 :]
    return "" if prefix and name == prefix else name


def _wiring(part: Part, items: Sequence[_Raw]) -> Hashable:
    """Return how the items of a part are fed, in terms of their places."""
    if part.is_chain:
        return "chain"
    made: dict[str, Hashable] = {name: ("in", place) for place, name in enumerate(part.entries)}
    wires = []
    for place, item in enumerate(part.items):
        takes, gives = ends(item)
        wires.append(tuple(made[name] for name in takes))
        made.update({name: (place, number) for number, name in enumerate(gives)})
    return tuple(wires), tuple(made[name] for name in part.exits)


def _missing(key: tuple[Any, ...], other: tuple[Any, ...]) -> int | None:
    """Return the place of the one repetition that ``other`` has and ``key`` has not.

    It is never the first repetition of its kind, so that the numbers begin as they do.
    """
    if len(key) + 1 != len(other):
        return None
    for place, kind in enumerate(other):
        repeats = len(kind) == 3 and kind[2] == "repeats"
        if repeats and key == other[:place] + other[place + 1 :]:
            earlier = [k for k in other[:place] if len(k) == 3 and k[2:] == ("repeats",)]
            if any(k[0] == kind[0] for k in earlier):
                return place
    return None


def _with_gap(items: list[_Raw], like: list[_Raw], place: int) -> list[_Raw]:
    """Return items with a repetition of none at a place; or, if the one before calls the same
    function more than once, with that one split in two."""
    gap = like[place]
    before = items[place - 1]
    first = before
    rest = _Raw(gap.key, gap.local, repeats=True, function=gap.function)
    if before.key == gap.key and len(like[place - 1].parts) == 1:
        first = _Raw(before.key, before.local, parts=before.parts[:1], repeats=True,
                     function=before.function)  # fmt: skip
        rest.parts = before.parts[1:]
    return [*items[: place - 1], first, rest, *items[place:]]


def _only_one_varies(alike: Sequence[list[_Raw]], place: int) -> bool:
    """Whether the repetition at a place is the only one of its kind that varies in number."""
    kind = alike[0][place].local
    return all(
        len({len(items[other].parts) for items in alike}) == 1
        for other, item in enumerate(alike[0])
        if item.repeats and item.local == kind and other != place
    )


def _layer_slots(item: Item) -> list[Slot]:
    layers: list[Layer] = item.uses
    defaults = writing(layers[0].class_name).defaults
    names = dict.fromkeys(name for layer in layers for name in layer.config)
    rows = {
        name: [layer.config.get(name, defaults.get(name)) for layer in layers] for name in names
    }
    return [Slot(name, name, item.local, row) for name, row in rows.items()]


def _call_slots(item: Item) -> list[Slot]:
    assert item.function is not None
    slots = []
    for argument in item.function.arguments:
        row = [item.function.value(argument, parts[0]) if parts else UNUSED for parts in item.uses]
        slots.append(Slot(argument.kind, argument.name, item.local, row, leads=item.repeats))
    return slots


def _count_slots(items: Sequence[Item]) -> list[Slot]:
    """Give every repetition its first number and its count; return the slots that say how many
    there are.

    Where one repetition of a kind alone varies, the total says it (``blocks``); where several
    do, each has a count of its own.
    """
    made = []
    for base in dict.fromkeys(item.local for item in items if item.repeats):
        kind = [item for item in items if item.repeats and item.local == base]
        counts = [[len(parts) for parts in item.uses] for item in kind]
        number = [1] * len(counts[0])
        for item, row in zip(kind, counts, strict=True):
            item.first = list(number)
            number = [one + count for one, count in zip(number, row, strict=True)]
            item.count = Slot("count", f"{base}s", "", row)
        varying = [item for item, row in zip(kind, counts, strict=True) if len(set(row)) > 1]
        if not varying:
            # None does: the one that repeats most says how many there are; of equals the last,
            # and of single ones the second, as a first block often stands apart.
            most = max(max(row) for row in counts)
            found = [item for item, row in zip(kind, counts, strict=True) if max(row) == most]
            varying = found[-1:] if most > 1 else kind[:2][-1:]
        if len(varying) == 1:
            total = Slot("repeats", f"{base}s", "", [one - 1 for one in number])
            varying[0].total = total
            made.append(total)
        else:
            for item in varying:
                assert item.count is not None
                item.count.kind = "repeats"
                made.append(item.count)
        for item in kind:
            if item.count is not None and item.count.kind != "repeats":
                item.count.source = item.count.row[0]
    return made
