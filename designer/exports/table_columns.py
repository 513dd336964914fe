"""The columns of a table that a model takes, and how each becomes numbers, as in training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from designer.errors import DatasetError

if TYPE_CHECKING:
    from designer.datasets.own.table_encoding import ColumnEncoding
    from designer.exports.notes import ExportNotes


def with_encoding(notes: ExportNotes, record: Mapping[str, Any] | None) -> ExportNotes:
    """Return notes with how the rows of a person's table became examples, where that is known.

    It is looked up for a record that says what was done with the person's file: the record of a
    run on somebody else's data does not.
    """
    data = (record or {}).get("data") or {}
    if notes.encoding is not None or "own" not in data:
        return notes
    from designer.datasets.own import TableEncoding, description

    try:
        kept = description(str(data["name"])).get("encoding")
    except DatasetError:  # deleted since
        return notes
    encoding = TableEncoding.from_dict(kept) if kept else None
    if encoding is None or encoding.feature_names != notes.feature_names:
        return notes
    return replace(notes, encoding=encoding)


def columns_of(notes: ExportNotes) -> tuple[ColumnEncoding, ...]:
    """Return the columns that go in, in the order of their features; empty without names.

    Where only the names of the features are known, those of the form ``column = value`` that
    follow each other are one column's categories, and all others are numbers.
    """
    if notes.encoding is not None:
        return notes.encoding.columns
    from designer.datasets.own.table_encoding import ColumnEncoding

    columns: list[ColumnEncoding] = []
    for is_category, names in groupby(notes.feature_names, lambda name: " = " in name):
        if not is_category:
            columns += [ColumnEncoding(name, 0, "number") for name in names]
            continue
        split = [name.partition(" = ")[::2] for name in names]
        for column, values in groupby(split, lambda pair: pair[0]):
            columns.append(
                ColumnEncoding(column, 0, "category", tuple(value for _, value in values))
            )
    return tuple(columns)
