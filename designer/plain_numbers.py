"""Numbers as people write them."""

from __future__ import annotations


def plain_number(value: float, digits: int = 4) -> str:
    """Write a number with a few digits; one of as many or more before its point whole, with its
    thousands apart.

    >>> plain_number(328_712.4), plain_number(0.046693), plain_number(-1437.2)
    ('328,712', '0.04669', '-1,437')
    """
    return f"{value:,.0f}" if 10 ** (digits - 1) <= abs(value) < 1e12 else f"{value:.{digits}g}"
