"""How values, lists and counts are written in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from designer.regularizers import L2

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

#: More items than this are not listed one by one.
MOST_LISTED = 6


def write(value: Any) -> str:
    """Write a value for a person: ``(3, 3)`` → ``3 × 3``, ``True`` → ``on``."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, L2):
        return str(value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {write(item)}" for name, item in value.items())
    if isinstance(value, (list, tuple)):
        return " × ".join(write(item) for item in value if item is not None) or "none"
    return str(value)


def listed(items: Sequence[Any]) -> str:
    """Write a list, shortened in its middle where it is long.

    >>> listed((64, 128, 256))
    '64, 128, 256'
    """
    if not items:
        return "none"
    texts = [write(item) for item in items]
    if len(texts) == 2:
        return " and ".join(texts)
    if len(texts) > MOST_LISTED:
        texts = [*texts[:3], "…", texts[-1]]
        return ", ".join(texts) + f" ({len(items)})"
    return ", ".join(texts)


def joined(texts: Sequence[str]) -> str:
    """Join with commas and an "and": ``["a", "b", "c"]`` → ``a, b and c``."""
    if len(texts) < 2:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} and {texts[-1]}"


def counted(count: int, noun: str) -> str:
    """Write a count with its noun: ``counted(2, "layer")`` → ``2 layers``."""
    if count == 1 or not noun:
        return f"{count:,} {noun}".rstrip()
    return f"{count:,} {noun if noun.endswith('s') else noun + 's'}"


def numbered(count: int) -> str:
    """Write a small count as a word."""
    return NUMBERS[count] if count < len(NUMBERS) else f"{count:,}"


def ranges(numbers: Sequence[int]) -> str:
    """Write rising whole numbers shortly.

    >>> ranges([1, 2, 3, 5])
    '1–3 and 5'
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    texts = []
    for run in runs:
        if len(run) > 2:
            texts.append(f"{run[0]}–{run[-1]}")
        else:
            texts += [str(number) for number in run]
    if len(texts) > MOST_LISTED:
        return f"{', '.join(texts[:3])}, …, {texts[-1]} ({len(numbers):,} of them)"
    return joined(texts)
