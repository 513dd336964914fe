"""The rows of a table in a text file, a few thousand at a time; broken ones are counted."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO

from designer.datasets.own.dialects import Dialect
from designer.datasets.own.drafts import Problem, Tally
from designer.datasets.own.limits import LONGEST_VALUE, MOST_COLUMNS, MOST_ROWS
from designer.errors import DatasetError

ROWS_AT_ONCE = 8192

Progress = Callable[[float], None]
"""Told how far the work is, 0 to 1."""


class CsvFile:
    """A table in a text file.

    Args:
        path: the file.
        dialect: how it is written.

    Attributes:
        names: of its columns, made unique.
        broken: the rows that :meth:`chunks` met with another number of values than there are
            columns, or with a value that never ends.

    Raises:
        DatasetError: it has no row, or too many columns.
    """

    def __init__(self, path: Path, dialect: Dialect):
        self.path = path
        self.dialect = dialect
        csv.field_size_limit(LONGEST_VALUE)
        with self.path.open("rb") as raw, self._text(raw) as file:
            first = _first_row(self._reader(file))
        if not first:
            raise DatasetError("The file is empty: there are no rows in it.")
        if len(first) > MOST_COLUMNS:
            raise DatasetError(
                f"The table has {len(first):,} columns; at most {MOST_COLUMNS:,} are taken."
            )
        self.names = _names(first if dialect.header else [""] * len(first))
        self.broken = Tally()

    def chunks(self, progress: Progress = lambda part: None) -> Iterator[list[list[str]]]:
        """Yield the rows that have as many values as there are columns, without the head.

        Values are without the blanks around them. Empty lines are no rows.
        """
        self.broken = Tally()
        width = len(self.names)
        rows: list[list[str]] = []
        count = 0
        total = max(1, self.path.stat().st_size)
        with self.path.open("rb") as raw, self._text(raw) as file:
            reader = self._reader(file)
            skip_head = self.dialect.header
            while True:
                begins = reader.line_num + 1
                try:
                    row = next(reader)
                except StopIteration:
                    break
                except csv.Error:
                    self.broken.add(
                        f"line {begins}: a value of more than {LONGEST_VALUE:,} characters; "
                        "a quote may never be closed"
                    )
                    continue
                if not row:
                    continue
                if skip_head:
                    skip_head = False
                elif len(row) != width:
                    self.broken.add(f"line {begins}: {len(row)} values, not {width}")
                else:
                    rows.append([value.strip() for value in row])
                    count += 1
                    if len(rows) == ROWS_AT_ONCE:
                        yield rows
                        rows = []
                        progress(min(1.0, raw.tell() / total))
                    if count > MOST_ROWS:
                        raise DatasetError(
                            f"The table has more than {MOST_ROWS:,} rows, the most that are taken."
                        )
        if rows:
            yield rows
        progress(1.0)

    def problems(self) -> tuple[Problem, ...]:
        """Return the broken rows, once :meth:`chunks` is through, as a problem if there are any."""
        if not self.broken.count:
            return ()
        many = self.broken.count
        message = (
            f"{many:,} row{' does' if many == 1 else 's do'} not have the {len(self.names)} values"
            f" that the {'head' if self.dialect.header else 'first row'} has"
        )
        return (Problem("broken_rows", many, message, self.broken.examples),)

    def _text(self, raw: BinaryIO) -> TextIOWrapper:
        return TextIOWrapper(raw, self.dialect.encoding, newline="")

    def _reader(self, file: TextIOWrapper) -> Any:
        return csv.reader(file, delimiter=self.dialect.delimiter, skipinitialspace=True)


def _first_row(reader: Any) -> list[str] | None:
    while True:
        try:
            row: list[str] = next(reader)
        except StopIteration:
            return None
        except csv.Error:
            continue
        if row:
            return row


def _names(given: list[str]) -> list[str]:
    """Return a name for each column: what is empty gets a number, what is there twice too."""
    names: list[str] = []
    taken: set[str] = set()
    for number, name in enumerate(given, 1):
        base = " ".join("".join(c if c.isprintable() else " " for c in name).split())[:80]
        base = base or f"column {number}"
        unique, again = base, 2
        while unique in taken:
            unique, again = f"{base} ({again})", again + 1
        taken.add(unique)
        names.append(unique)
    return names
