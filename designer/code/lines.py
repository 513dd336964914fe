"""Lines of source that know what they make, so that a layer can be found in any style."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from designer.graph import Layer


class Line(str):
    """A line of source, and the places of the network it stands for.

    Attributes:
        places: the layers of each place, which is a layer or a part of several. A line inside a
            function stands for as many places as the function has uses.
    """

    __slots__ = ("places",)

    places: Sequence[Sequence[Layer]]


def marked(lines: Iterable[str], *places: Sequence[Layer]) -> list[str]:
    """Return lines that stand for these places; those that say already what they make keep it."""
    made: list[str] = []
    for text in lines:
        if text and not isinstance(text, Line):
            text = Line(text)
            text.places = places
        made.append(text)
    return made


def lit_lines(lines: Sequence[str], names: Collection[str]) -> list[int]:
    """Return the numbers, from 1, of the lines that stand for what is selected.

    Args:
        lines: of source.
        names: the layers that are selected. A line of a part is lit if the whole part is.
    """
    selected = frozenset(names)
    if not selected:
        return []
    return [
        number
        for number, line in enumerate(lines, 1)
        if isinstance(line, Line)
        and any(all(layer.name in selected for layer in place) for place in line.places)
    ]
