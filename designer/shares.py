"""Where it goes: which part of a network holds which share of its parameters, its multiply-adds
and the memory of its activations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from designer.memory import write_bytes
from designer.places import Place
from designer.summary import Summary

#: Smaller pieces could neither be seen nor hit: they are shown together.
SLIVER = 0.007

#: A single block or layer that holds this much of its section, or more, is named for it.
_DOMINANT = 0.6


@dataclass(frozen=True)
class Piece:
    """A part of the network and its share of a cost.

    Attributes:
        key: what selects it; pieces put together select the section they are in.
        title: its name, long enough to stand alone.
        label: its name within its section.
        role, number: as of a place, for its colour.
        amount: its cost.
        share: of the network's, from 0 to 1.
        together: how many small places it stands for; 0 for a place of its own.
        inside: a section's blocks and layers.
    """

    key: str
    title: str
    label: str
    role: str
    number: int
    amount: int
    share: float
    together: int = 0
    inside: tuple[Piece, ...] = ()


@dataclass(frozen=True)
class Row:
    """A cost and who has it.

    Attributes:
        name: ``parameters``, ``multiply_adds`` or ``activations``.
        label: its name for a person.
        total: the network's.
        sentence: who holds most of it.
        sections: its pieces by stem, groups and task, each with those inside.
    """

    name: str
    label: str
    total: int
    sentence: str
    sections: tuple[Piece, ...]


def write_amount(name: str, amount: int) -> str:
    """Write a piece's cost, to the last one."""
    if name == "parameters":
        return f"{amount:,} parameter{'' if amount == 1 else 's'}"
    if name == "multiply_adds":
        return f"{amount:,} multiply-adds"
    return f"{write_bytes(amount)} ({amount:,} bytes)"


_COSTS: tuple[tuple[str, str, str, Callable[[Place], int]], ...] = (
    ("parameters", "Parameters", "all parameters", lambda place: place.params),
    ("multiply_adds", "Multiply-adds", "all multiply-adds", lambda place: place.multiply_adds),
    (
        "activations",
        "Activation memory",
        "the memory of all outputs",
        lambda place: place.activation_bytes,
    ),
)


def shares(summary: Summary) -> tuple[Row, ...]:
    """Return, cost by cost, who has which share of it."""
    return tuple(_row(*cost, summary) for cost in _COSTS)


def _row(
    name: str, label: str, everything: str, cost: Callable[[Place], int], summary: Summary
) -> Row:
    amounts = [(section, cost(section)) for section in summary.sections]
    total = sum(amount for _, amount in amounts)
    if not total:
        return Row(name, label, 0, f"No part of it has {label.lower()}.", ())
    sections = tuple(
        replace(_piece(section, amount, total), inside=tuple(_inside(section, cost, total)))
        for section, amount in amounts
        if amount
    )
    return Row(name, label, total, _sentence(name, everything, sections, total), sections)


def _inside(section: Place, cost: Callable[[Place], int], total: int) -> list[Piece]:
    """Return the pieces of one section; small neighbours are put together."""
    pieces: list[Piece] = []
    small: list[tuple[Place, int]] = []

    def gather() -> None:
        if len(small) == 1:
            pieces.append(_piece(*small[0], total))
        elif small:
            amount, count = sum(part for _, part in small), len(small)
            title = f"{count} small parts of {section.title}"
            pieces.append(
                Piece(
                    section.key,
                    title,
                    f"{count} others",
                    section.role,
                    section.number,
                    amount,
                    amount / total,
                    count,
                )
            )
        small.clear()

    for child in section.children:
        amount = cost(child)
        if 0 < amount < SLIVER * total:
            small.append((child, amount))
        elif amount:
            gather()
            pieces.append(_piece(child, amount, total))
    gather()
    return pieces


def _piece(place: Place, amount: int, total: int) -> Piece:
    title = place.title
    if place.kind == "block":
        title = f"{f'Group {place.number} › ' if place.number else ''}{place.title}"
    return Piece(place.key, title, place.title, place.role, place.number, amount, amount / total)


def _sentence(name: str, everything: str, sections: tuple[Piece, ...], total: int) -> str:
    """Say who holds most."""
    section = max(sections, key=lambda piece: piece.amount)
    single = [piece for one in sections for piece in one.inside if not piece.together]
    piece = max(single, key=lambda one: one.amount, default=section)
    most = piece if piece.amount >= max(_DOMINANT * section.amount, 0.25 * total) else section
    figures = f": {most.amount:,} of {total:,}" if name == "parameters" else ""
    return f"{most.title} holds {write_percent(most.share)} of {everything}{figures}."


def write_percent(share: float) -> str:
    """Write a share without decimals; all, and nearly all, are told apart.

    >>> write_percent(0.7428), write_percent(0.999), write_percent(0.001)
    ('74%', 'over 99%', 'under 1%')
    """
    if 0.995 <= share < 1:
        return "over 99%"
    return "under 1%" if 0 < share < 0.005 else f"{share:.0%}"
