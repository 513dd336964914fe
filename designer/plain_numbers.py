"""Numbers as people write them."""

from __future__ import annotations

from collections.abc import Mapping


def plain_number(value: float, digits: int = 4) -> str:
    """Write a number with a few digits; one of as many or more before its point whole, with its
    thousands apart.

    >>> plain_number(328_712.4), plain_number(0.046693), plain_number(-1437.2)
    ('328,712', '0.04669', '-1,437')
    """
    return f"{value:,.0f}" if 10 ** (digits - 1) <= abs(value) < 1e12 else f"{value:.{digits}g}"


def plain_figures(figures: Mapping[str, float | None]) -> str:
    """Write figures with their names, for a line of text; those that are not known are left out.

    >>> plain_figures({"loss": 0.046693, "mae": 1437.2, "val_loss": None})
    'loss 0.04669  mae 1,437'
    """
    known = ((name, value) for name, value in figures.items() if value is not None)
    return "  ".join(f"{name} {plain_number(value)}" for name, value in known)
