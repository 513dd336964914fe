"""What an inspection is: values, ready to be shown or printed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Link:
    """The name of a place, and the key that selects it (see ``designer.places``)."""

    key: str
    title: str


@dataclass(frozen=True)
class Way:
    """Places one can go to from here, and what they are to it (``Fed by``)."""

    label: str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Figure:
    """A number, and where it comes from.

    Attributes:
        name: ``parameters``, ``multiply_adds``, ``output``, ``weights`` or ``receptive_field``.
        label: its name for a person.
        value: the number, short enough for a headline.
        detail: where it comes from, as arithmetic or in words.
        share: what part of the network's total it is, from 0 to 1; ``None`` where that has no
            meaning.
    """

    name: str
    label: str
    value: str
    detail: str
    share: float | None = None


@dataclass(frozen=True)
class Setting:
    """A Keras argument of a layer, its value, and what that means in plain words."""

    name: str
    value: str
    meaning: str


@dataclass(frozen=True)
class Inspection:
    """All there is to say of a place.

    Attributes:
        key: what selects it; empty for the network as a whole.
        kind: ``network``, ``section``, ``block`` or ``layer``.
        title: its name.
        subtitle: a layer's class, or what a larger place holds.
        role, number: the part of the network it stands in, as of a place; for its colour.
        path: the places around it, from the outside in, without itself.
        does, why: two sentences of plain teaching.
        fault: why it cannot be built; empty if it can.
        shape_in, shape_out: what comes in (one shape an input, joined) and what goes out.
        why_shape: where the shape that goes out comes from; layers only.
        ways: where one can go from here.
        figures: what it costs.
        settings: a layer's Keras arguments.
        code: a layer as one line of Keras code; empty for larger places.
    """

    key: str
    kind: str
    title: str
    subtitle: str
    role: str
    number: int
    path: tuple[Link, ...]
    does: str
    why: str
    fault: str
    shape_in: str
    shape_out: str
    why_shape: str
    ways: tuple[Way, ...]
    figures: tuple[Figure, ...]
    settings: tuple[Setting, ...] = ()
    code: str = ""
