"""From the rows of a person's table to numbers: kept with the data, so that a new row can be
brought into the same form and a prediction be told in the table's own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from designer.datasets.own.drafts import Tally
from designer.datasets.own.values import MISSING, read_dates, read_numbers
from designer.errors import DatasetError

NOT_THERE = "(missing)"


@dataclass(frozen=True)
class ColumnEncoding:
    """How a column becomes numbers.

    Attributes:
        name: of the column.
        place: which of the file's columns it is, from 0.
        kind: "number", "category" or "date".
        values: of a category, in the order of their columns or labels.
        missing: what becomes of a value that is missing: "fill" or "skip" (its row).
        unreadable: what becomes of a value that is there and cannot be read: the same.
        fill: the number that stood for one that is missing where an earlier version kept the data;
            None leaves the gap, and each run fills it by what it learns from its training part.
        date_format: how its dates are written.
    """

    name: str
    place: int
    kind: str
    values: tuple[str, ...] = ()
    missing: str = "fill"
    unreadable: str = "skip"
    fill: float | None = None
    date_format: str | None = None

    @property
    def features(self) -> tuple[str, ...]:
        """The names of the numbers it becomes."""
        if self.kind == "category":
            return tuple(f"{self.name} = {value}" for value in self.values)
        return (f"{self.name} (days since 1970)",) if self.kind == "date" else (self.name,)

    def in_words(self) -> str:
        """Say how it becomes numbers."""
        if self.kind == "category":
            return f"{self.name}: one-hot, in the order {', '.join(self.values)}"
        if self.kind == "date":
            return f"{self.name}: days since 1970-01-01"
        return f"{self.name}: as it is"

    def read(self, values: Sequence[str], decimal: str) -> np.ndarray:
        """Return numbers or labels, float64 with not-a-number where a value cannot be read."""
        if self.kind == "number":
            return read_numbers(values, decimal)
        if self.kind == "date":
            return read_dates(values, self.date_format or "iso")
        places = {value: float(place) for place, value in enumerate(self.values)}
        if NOT_THERE in places:
            places |= dict.fromkeys(MISSING, places[NOT_THERE])
        found = (places.get(value, np.nan) for value in values)
        return np.fromiter(found, np.float64, len(values))


@dataclass(frozen=True)
class TableEncoding:
    """How the rows of a table become examples.

    Attributes:
        columns: those that go in, in the order of their features.
        targets: those to predict; all categories, or all numbers.
        decimal: the decimal mark of the table.
    """

    columns: tuple[ColumnEncoding, ...]
    targets: tuple[ColumnEncoding, ...]
    decimal: str = "."

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The names of all numbers that go in."""
        return tuple(name for column in self.columns for name in column.features)

    def encode(
        self, rows: Sequence[Sequence[str]], left_out: Tally
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return features and targets of rows as they stand in the file; a number or a date that is
        missing and whose row is not to be left out is not-a-number.

        Rows that are to be left out are counted in ``left_out``.
        """
        keep = np.ones(len(rows), bool)
        columns = list(zip(*rows, strict=True))
        targets = []
        for column in self.targets:
            numbers = column.read(columns[column.place], self.decimal)
            keep &= ~np.isnan(numbers)
            targets.append(numbers)
        features = [self._feature(column, columns[column.place], keep) for column in self.columns]
        if not keep.all():
            left_out.add("", int((~keep).sum()))
        kind = np.int64 if self.targets[0].kind == "category" else np.float32
        return (
            np.concatenate([feature[keep] for feature in features], axis=1),
            np.column_stack(targets)[keep].astype(kind),
        )

    def encode_one(self, values: Mapping[str, str]) -> np.ndarray:
        """Return the features of one new row, float32 (features,).

        Args:
            values: the text of each column that goes in; a number or a date that is missing is
                not-a-number, which the preprocessing of a run fills.

        Raises:
            DatasetError: a value cannot be read.
        """
        parts = []
        for column in self.columns:
            text = str(values.get(column.name, "")).strip()
            keep = np.ones(1, bool)
            part = self._feature(column, [text], keep)[0]
            unreadable = text not in MISSING and np.isnan(column.read([text], self.decimal)[0])
            if unreadable:
                known = f"one of {', '.join(column.values)}" if column.values else column.kind
                raise DatasetError(f"{column.name}: received {text!r}, expected {known}.")
            parts.append(part)
        return np.concatenate(parts)

    def _feature(
        self, column: ColumnEncoding, values: Sequence[str], keep: np.ndarray
    ) -> np.ndarray:
        """Return a column's numbers, float32 (rows, features); mark the rows to leave out."""
        numbers = column.read(values, self.decimal)
        gaps = np.isnan(numbers)
        if gaps.any():
            missing = np.fromiter((value in MISSING for value in values), bool, len(values))
            if column.missing == "skip":
                keep &= ~(gaps & missing)
            if column.unreadable == "skip":
                keep &= ~(gaps & ~missing)
        if column.kind != "category":
            with np.errstate(over="ignore"):
                told = numbers.astype(np.float32)
            if column.fill is not None:
                told[gaps] = column.fill
            keep &= ~np.isinf(told)
            return told[:, np.newaxis]
        one_hot = np.zeros((len(values), len(column.values)), np.float32)
        there = np.flatnonzero(~gaps)
        one_hot[there, numbers[there].astype(np.int64)] = 1
        return one_hot

    def to_dict(self) -> dict[str, Any]:
        """Return JSON values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> TableEncoding:
        """Make it again from :meth:`to_dict`."""

        def read(one: Mapping[str, Any]) -> ColumnEncoding:
            return ColumnEncoding(**{**one, "values": tuple(one["values"])})

        return cls(
            tuple(map(read, values["columns"])),
            tuple(map(read, values["targets"])),
            values["decimal"],
        )
