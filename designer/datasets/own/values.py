"""Single values of a table, from text to numbers: what is missing, what is a number, a date."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache

import numpy as np

_WORDS = ("na", "n/a", "nan", "null", "none", "nil", "missing", "#n/a", "<na>")
MISSING = frozenset(
    {"", "?", "-", "--", ".", "-nan", "#NULL!"}
    | {form for word in _WORDS for form in (word, word.upper(), word.capitalize())}
    | {"NaN", "N/a", "-NaN"}
)
"""What people and programs write where they have no value."""

DATE_FORMATS = (
    "iso",
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d-%m-%Y",
    "%Y/%m/%d",
    "%d.%m.%Y %H:%M",
    "%d/%m/%Y %H:%M",
    "%m/%d/%Y %H:%M",
    "%d.%m.%y",
    "%d %b %Y",
    "%b %d, %Y",
)
"""How dates are written. Where day and month cannot be told apart, the day comes first."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read_number(text: str, decimal: str = ".") -> float | None:
    """Return a text as a finite number, or None where it is none."""
    if decimal == ",":
        text = text.replace(".", "").replace(",", ".") if "," in text else text
    if "_" in text:
        return None  # Python would read 1_000
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def read_numbers(texts: Sequence[str], decimal: str = ".") -> np.ndarray:
    """Return texts as float64, not-a-number where one is none."""
    if decimal == ".":
        try:
            numbers = np.fromiter(map(float, texts), np.float64, len(texts))
        except ValueError:
            pass
        else:
            if not any("_" in text for text in texts):
                numbers[~np.isfinite(numbers)] = np.nan
                return numbers
    each = (read_number(text, decimal) for text in texts)
    return np.fromiter(
        (math.nan if number is None else number for number in each), np.float64, len(texts)
    )


@lru_cache(maxsize=100_000)
def read_date(text: str, form: str) -> float | None:
    """Return a date as days since 1970-01-01, or None where a text is none of that form."""
    try:
        moment = datetime.fromisoformat(text) if form == "iso" else datetime.strptime(text, form)
    except ValueError:
        return None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return (moment - _EPOCH).total_seconds() / 86_400


def read_dates(texts: Sequence[str], form: str) -> np.ndarray:
    """Return dates as float64 days since 1970-01-01, not-a-number where a text is none."""
    each = (read_date(text, form) for text in texts)
    return np.fromiter((math.nan if day is None else day for day in each), np.float64, len(texts))
