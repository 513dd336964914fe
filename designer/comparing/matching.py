"""Layer for layer: which layer of one network stands for which of another, and what differs.

Networks are aligned from the outside in: sections, the blocks of a section, the layers of a
block. So ResNet152 against ResNet50 costs no more than reading both.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from designer.comparing import aligning
from designer.comparing.sections import SectionPair, align_sections
from designer.design import plain
from designer.places import Place
from designer.summary import LayerSummary, Summary


@dataclass(frozen=True)
class Change:
    """One thing in which two layers differ.

    Attributes:
        name: a Keras argument (``filters``), or ``output_shape``, ``params``,
            ``multiply_adds``.
        a, b: its values; ``None`` for an argument that is left at Keras's default, and for a
            figure of a layer that cannot be built.
    """

    name: str
    a: Any
    b: Any

    def to_dict(self) -> dict[str, Any]:
        return {"name": self.name, "a": plain(self.a), "b": plain(self.b)}


@dataclass(frozen=True)
class LayerPair:
    """A layer of A with the layer of B that stands in its place, if one does.

    Attributes:
        section: the section's name, as a person reads it ("Group 3").
        a, b: the layers; one of them may be ``None``.
        changes: what differs between them.
    """

    section: str
    a: LayerSummary | None
    b: LayerSummary | None
    changes: tuple[Change, ...] = ()

    @property
    def status(self) -> str:
        """``same``, ``changed``, ``only_a`` or ``only_b``."""
        if self.b is None:
            return "only_a"
        if self.a is None:
            return "only_b"
        return "changed" if self.changes else "same"

    @property
    def layer(self) -> LayerSummary:
        """The layer of A, or of B where A has none."""
        layer = self.a or self.b
        assert layer is not None
        return layer

    def to_dict(self) -> dict[str, Any]:
        return {
            "status": self.status,
            "section": self.section,
            "class_name": self.layer.class_name,
            "a": self.a.name if self.a else None,
            "b": self.b.name if self.b else None,
            "changes": [change.to_dict() for change in self.changes],
        }


def match_layers(a: Summary, b: Summary) -> tuple[LayerPair, ...]:
    """Return every layer of both networks, each once, paired where they match."""
    # One direction only, so that the same layers match whichever design is named first.
    if _order(a) > _order(b):
        turned = [(x, y, SectionPair(pair.b, pair.a)) for y, x, pair in _match(b, a)]
        pairs = _first_a(turned)
    else:
        pairs = list(_match(a, b))
    return tuple(
        LayerPair(pair.title, left, right, _changes(left, right)) for left, right, pair in pairs
    )


def _order(summary: Summary) -> tuple[int, str]:
    return len(summary.layers), summary.design.to_json()


_Triple = tuple[LayerSummary | None, LayerSummary | None, SectionPair]


def _first_a(pairs: Iterable[_Triple]) -> list[_Triple]:
    """Put what is only in A before what is only in B, wherever both stand in one place."""
    ordered: list[_Triple] = []
    lonely: list[_Triple] = []
    for pair in pairs:
        if pair[0] is not None and pair[1] is not None:
            ordered += sorted(lonely, key=lambda one: one[0] is None)
            lonely = []
            ordered.append(pair)
        else:
            lonely.append(pair)
    return ordered + sorted(lonely, key=lambda one: one[0] is None)


def _match(a: Summary, b: Summary) -> Iterable[_Triple]:
    for pair in align_sections(a, b):
        for left, right in _match_sections(pair):
            yield left, right, pair


def _match_sections(
    pair: SectionPair,
) -> Iterable[tuple[LayerSummary | None, LayerSummary | None]]:
    if pair.a is None or pair.b is None:
        yield from ((layer, None) for layer in (pair.a.layers if pair.a else ()))
        yield from ((None, layer) for layer in (pair.b.layers if pair.b else ()))
        return
    left, right = _units(pair.a), _units(pair.b)
    for i, j in _align_units(left, right):
        x, y = None if i is None else left[i], None if j is None else right[j]
        if x and y and x.exact == y.exact:
            yield from zip(x.layers, y.layers, strict=True)
        else:
            yield from _match_units(x.layers if x else (), y.layers if y else ())


@dataclass(frozen=True)
class _Unit:
    """A block, or the layers that stand together outside blocks."""

    key: str
    layers: tuple[LayerSummary, ...]

    @cached_property
    def pattern(self) -> Hashable:
        return self.key, tuple(layer.class_name for layer in self.layers)

    @cached_property
    def exact(self) -> Hashable:
        return tuple(_signature(layer) for layer in self.layers)


def _units(section: Place) -> list[_Unit]:
    units: list[_Unit] = []
    loose: list[LayerSummary] = []
    for child in section.children:
        if child.kind == "layer":
            loose += child.layers
            continue
        if loose:
            units.append(_Unit("loose", tuple(loose)))
            loose = []
        name = child.key.rpartition("/")[2]
        units.append(_Unit("block" if name.startswith("block") else name, child.layers))
    if loose:
        units.append(_Unit("loose", tuple(loose)))
    return units


def _align_units(a: Sequence[_Unit], b: Sequence[_Unit]) -> aligning.Pairs:
    """Pair blocks with blocks, transitions with transitions, the rest with the rest."""
    kinds = [_kinds(a), _kinds(b)]
    pairs: aligning.Pairs = []
    for i, j in _align_kinds(kinds[0], kinds[1]):
        left = [] if i is None else kinds[0][i][1]
        right = [] if j is None else kinds[1][j][1]
        exact = aligning.align_ends(
            [a[place].exact for place in left], [b[place].exact for place in right]
        )
        loosely = aligning.align_ends(
            [a[place].pattern for place in left], [b[place].pattern for place in right]
        )
        found = max((loosely, exact), key=lambda one: _alike(one, left, right, a, b))
        pairs += [
            (None if x is None else left[x], None if y is None else right[y]) for x, y in found
        ]
    return pairs


def _kinds(units: Sequence[_Unit]) -> list[tuple[str, list[int]]]:
    """Return runs of units of one kind: the places of the blocks, of a transition, …"""
    runs: list[tuple[str, list[int]]] = []
    for place, unit in enumerate(units):
        if not runs or runs[-1][0] != unit.key:
            runs.append((unit.key, []))
        runs[-1][1].append(place)
    return runs


def _align_kinds(
    a: Sequence[tuple[str, list[int]]], b: Sequence[tuple[str, list[int]]]
) -> aligning.Pairs:
    found = aligning.common([kind for kind, _ in a], [kind for kind, _ in b])
    return list(_with_gaps(found, len(a), len(b)))


def _with_gaps(found: aligning.Pairs, a: int, b: int) -> Iterable[tuple[int | None, int | None]]:
    for number, (left, right) in enumerate(aligning.gaps(found, a, b)):
        yield from ((place, None) for place in left)
        yield from ((None, place) for place in right)
        if number < len(found):
            yield found[number]


def _alike(
    pairs: aligning.Pairs,
    left: Sequence[int],
    right: Sequence[int],
    a: Sequence[_Unit],
    b: Sequence[_Unit],
) -> tuple[int, int]:
    """Return how many units of a pairing are exactly alike, and how many in their pattern."""
    both = [(a[left[i]], b[right[j]]) for i, j in pairs if i is not None and j is not None]
    return (
        sum(x.exact == y.exact for x, y in both),
        sum(x.pattern == y.pattern for x, y in both),
    )


def _match_units(
    a: Sequence[LayerSummary], b: Sequence[LayerSummary]
) -> Iterable[tuple[LayerSummary | None, LayerSummary | None]]:
    """Pair the layers of two blocks: by name, then what is alike, then by class."""
    if not a or not b:
        yield from ((layer, None) for layer in a)
        yield from ((None, layer) for layer in b)
        return
    named = aligning.common_unique(
        [(layer.class_name, local_name(layer)) for layer in a],
        [(layer.class_name, local_name(layer)) for layer in b],
    )
    alike = _refine(named, [_signature(x) for x in a], [_signature(y) for y in b])
    found = _refine(alike, [x.class_name for x in a], [y.class_name for y in b])
    for i, j in _with_gaps(found, len(a), len(b)):
        yield None if i is None else a[i], None if j is None else b[j]


def _refine(found: aligning.Pairs, a: Sequence[Hashable], b: Sequence[Hashable]) -> aligning.Pairs:
    """Add pairs of equal items between the pairs found before."""
    refined: aligning.Pairs = []
    for number, (left, right) in enumerate(aligning.gaps(found, len(a), len(b))):
        if left and right:
            inside = aligning.common([a[i] for i in left], [b[j] for j in right])
            refined += [(left[i], right[j]) for i, j in inside if i is not None and j is not None]
        if number < len(found):
            refined.append(found[number])
    return refined


def local_name(layer: LayerSummary) -> str:
    """Return a layer's name without the place it stands in: ``group2_block1_conv1`` → ``conv1``."""
    parts = layer.path.split("/")
    for start in range(len(parts)):
        prefix = "_".join(parts[start:]) + "_"
        if layer.name.startswith(prefix):
            return layer.name.removeprefix(prefix)
    return layer.name


def _signature(layer: LayerSummary) -> Hashable:
    return layer.class_name, hashable(layer.layer.config), layer.output_shape


def hashable(value: Any) -> Hashable:
    if hasattr(value, "items"):
        return tuple(sorted((name, hashable(item)) for name, item in value.items()))
    if isinstance(value, (list, tuple)):
        return tuple(hashable(item) for item in value)
    return value


def _figure(layer: LayerSummary, name: str) -> Any:
    """Return a figure of a layer; ``None`` while it cannot be built."""
    return None if layer.output_shape is None else getattr(layer, name)


def _changes(a: LayerSummary | None, b: LayerSummary | None) -> tuple[Change, ...]:
    if a is None or b is None:
        return ()
    changes = [
        Change(name, a.layer.config.get(name), b.layer.config.get(name))
        for name in dict.fromkeys([*a.layer.config, *b.layer.config])
        if a.layer.config.get(name) != b.layer.config.get(name)
    ]
    changes += [
        Change(name, _figure(a, name), _figure(b, name))
        for name in ("output_shape", "params", "multiply_adds")
        if _figure(a, name) != _figure(b, name)
    ]
    return tuple(changes)
