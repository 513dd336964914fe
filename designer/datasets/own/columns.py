"""What a column of a table holds, watched as its values go by, and what it is taken for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from designer.datasets.own.drafts import Column
from designer.datasets.own.limits import MOST_CATEGORIES, MOST_CLASSES, MOST_COUNTED
from designer.datasets.own.values import DATE_FORMATS, MISSING, read_dates, read_numbers

_MOST_OF_THEM = 0.9
"""The part of the values that must be readable for a column to be taken for numbers or dates."""

_TRIED = 5_000
"""Values after which a form that none of them had is not tried any more."""

_IDENTIFIERS = re.compile(r"(^|[\s_.-])(id|uuid|guid|index|nr|no)$|^(id|index|unnamed)\b|^#$", re.I)

TARGET_NAMES = (
    "target", "label", "class", "y", "output", "species", "diagnosis", "outcome", "category",
    "price", "result",
)  # fmt: skip
"""Names that say that a column is to be predicted."""

MOST_WHOLE_CLASSES = 20
"""Different whole numbers of a target up to which they are taken for classes."""


class ColumnWatch:
    """Watches the values of one column."""

    def __init__(self, name: str, decimal: str):
        self.name = name
        self._decimal = decimal
        self._seen = 0  # values that are there
        self._missing = 0
        self._numbers = 0
        self._sum = 0.0
        self._low, self._high = np.inf, -np.inf
        self._whole = True
        self._counts: Counter[str] | None = Counter()
        self._dates = dict.fromkeys(DATE_FORMATS, 0)

    def update(self, values: Sequence[str]) -> None:
        """Watch some more values."""
        there = [value for value in values if value not in MISSING]
        self._missing += len(values) - len(there)
        if not there:
            return
        if self._counts is not None:
            self._counts.update(there)
            if len(self._counts) > MOST_COUNTED:
                self._counts = None
        if self._numbers or self._seen < _TRIED:
            self._update_numbers(there)
        if self._numbers <= self._seen * (1 - _MOST_OF_THEM):
            self._update_dates(there)
        self._seen += len(there)

    def _update_numbers(self, there: list[str]) -> None:
        numbers = read_numbers(there, self._decimal)
        numbers = numbers[~np.isnan(numbers)]
        if len(numbers):
            self._numbers += len(numbers)
            self._sum += float(numbers.sum())
            self._low = min(self._low, float(numbers.min()))
            self._high = max(self._high, float(numbers.max()))
            self._whole = self._whole and bool((numbers == np.floor(numbers)).all())

    def _update_dates(self, there: list[str]) -> None:
        for form in list(self._dates):
            days = read_dates(there, form)
            self._dates[form] += int((~np.isnan(days)).sum())
            if not self._dates[form] and self._seen + len(there) >= min(_TRIED, 50):
                del self._dates[form]

    def column(self) -> Column:
        """Return what is known of the column, with a guess of what it is."""
        date_format = max(self._dates, key=lambda form: self._dates[form], default=None)
        dates = self._dates[date_format] if date_format else 0
        kind, why = self._guess(dates)
        return Column(
            name=self.name,
            kind=kind,
            why=why,
            missing=self._missing,
            numbers=self._numbers,
            dates=dates,
            low=self._low if self._numbers else 0.0,
            high=self._high if self._numbers else 0.0,
            mean=self._sum / self._numbers if self._numbers else 0.0,
            whole=self._whole and self._numbers > 0,
            counts=None if self._counts is None else dict(self._counts),
            date_format=date_format if dates else None,
        )

    def _guess(self, dates: int) -> tuple[str, str]:
        if not self._seen:
            return "none", "every value is missing"
        distinct = None if self._counts is None else len(self._counts)
        if distinct == 1 and self._seen + self._missing > 1 and not self._missing:
            return "none", "always the same value"
        all_differ = distinct == self._seen if distinct is not None else True
        if self._numbers >= _MOST_OF_THEM * self._seen:
            if self._whole and all_differ and self._seen > 2 and _IDENTIFIERS.search(self.name):
                return "none", "a number for each row"
            return "number", "numbers"
        if dates >= _MOST_OF_THEM * self._seen:
            return "date", "dates"
        if distinct is None:
            return "none", f"text: more than {MOST_COUNTED:,} different values"
        if distinct > MOST_CATEGORIES or (all_differ and self._seen > 20):
            return "none", f"text: {distinct:,} different values"
        return "category", "categories"


def guess_target(columns: Sequence[Column]) -> str | None:
    """Return the column that looks like what is to be predicted: by its name, else the last."""
    able = [
        column
        for column in columns
        if column.kind in ("number", "category")
        or (column.kind == "none" and column.counts and 1 < len(column.counts) <= MOST_CLASSES)
    ]
    for wanted in TARGET_NAMES:
        for column in able:
            if column.name.casefold() == wanted:
                return column.name
    likely = [column for column in able if column.kind != "none"]
    return likely[-1].name if likely else None


def target_kind(column: Column) -> str:
    """Return what a column is taken for as a target: few whole numbers are classes."""
    if column.kind == "number" and column.whole and column.counts is not None:
        few = 1 < len(column.counts) <= MOST_WHOLE_CLASSES
        if few and sum(column.counts.values()) >= 3 * len(column.counts):
            return "category"
    if column.kind in ("none", "date"):
        return "category" if column.counts and len(column.counts) <= MOST_CLASSES else "number"
    return column.kind


def in_order(values: Sequence[str]) -> tuple[str, ...]:
    """Return values in the order people expect: numbers by size, words by the alphabet."""
    numbers = read_numbers(list(values))
    if len(numbers) and not np.isnan(numbers).any():
        return tuple(value for _, value in sorted(zip(numbers.tolist(), values, strict=True)))
    return tuple(sorted(values, key=lambda value: (value.casefold(), value)))
