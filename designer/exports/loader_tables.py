"""The part of a loader script that reads a person's own table: the rows become numbers as those
of the training did (:mod:`designer.datasets.own.table_encoding`)."""

from __future__ import annotations

from designer.exports.notes import ExportNotes
from designer.exports.table_columns import columns_of

_TABLE = '''\
COLUMNS = {columns}
"""The columns that go in, in order, and how each becomes numbers."""

DECIMAL = {decimal!r}
"""The decimal mark of the training's table; None: the file's own."""

MISSING = {missing}
"""What people and programs write where they have no value."""


def read_table(path):
    """Return the rows of a .csv file: by the names of its columns, or, without them, in order."""
    import csv
    import io
    import re

    text = text_of(path)

    def parsed(mark):
        return csv.reader(io.StringIO(text, ""), delimiter=mark, skipinitialspace=True)

    try:
        first = {{mark: next(filter(any, parsed(mark)), []) for mark in ",;\\t|"}}
        mark = max(first, key=lambda mark: len(first[mark]))
        rows = [[cell.strip() for cell in row] for row in parsed(mark)]
    except csv.Error as error:
        stop(f"{{path.name}} is no table that can be read ({{error}})")
    rows = [row for row in rows if len(row) > 1 or any(row)]
    if not rows:
        stop(f"{{path.name}} is empty")
    decimal = DECIMAL
    if decimal is None:  # as the file has it
        cells = [cell for row in rows for cell in row]
        commas, points = (
            sum(bool(re.fullmatch(rf"[+-]?\\d*{{one}}\\d+", cell)) for cell in cells)
            for one in (",", r"\\.")
        )
        decimal = "," if mark != "," and commas > points else "."
    known = {{column["name"] for column in COLUMNS}}
    is_row = all(cell in MISSING or number(cell, decimal) is not None for cell in rows[0])
    header = named(rows[0])
    if known.union(*map(features_of, COLUMNS)) & set(header):
        del rows[0]
    elif known and known <= set(named([""] * len(header))):  # the training's had no names
        header = named([""] * len(header))
    elif is_row and len(header) == SHAPE[0]:  # the numbers that go in, in order
        header = [name for column in COLUMNS for name in features_of(column)]
        header = header or named([""] * SHAPE[0])
    elif is_row:
        stop(f"{{path.name}} has {{len(header)}} columns and no header; {{SHAPE[0]}} work")
    else:
        del rows[0]
    wanted = len(header)
    if not rows:
        stop(f"{{path.name}} has no row below its header")
    if not COLUMNS and wanted != SHAPE[0]:
        stop(f"{{path.name}} has {{wanted}} columns; {{SHAPE[0]}} work")
    plan = planned(path, header)
    read = []
    for n, row in enumerate(rows, 1):
        if len(row) != wanted:
            stop(f"{{path.name}}: row {{n}} has {{len(row)}} values; {{wanted}} work")
        values = []
        for place, column in plan:
            where = f"{{path.name}}: row {{n}}, column {{header[place]}}: "
            values += numbers_of(row[place], column, decimal, where)
        read.append(values)
    return np.array(read)


def text_of(path):
    """Return the text of a file: in what its first bytes say, in UTF-8, or as Windows writes it."""
    import codecs

    try:
        data = path.read_bytes()
        if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
            return data.decode("utf-32")
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return data.decode("utf-16")
        for encoding in ("utf-8-sig", "cp1252"):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                pass
        return data.decode("latin-1")
    except (OSError, UnicodeDecodeError) as error:
        stop(f"{{path.name}} cannot be read ({{error}}); a table in UTF-8 works")


def named(cells):
    """Return names for columns: one that is empty gets a number, one that is there twice too."""
    names = []
    for n, cell in enumerate(cells, 1):
        base = " ".join("".join(c if c.isprintable() else " " for c in cell).split())[:80]
        base = name = base or f"column {{n}}"
        again = 2
        while name in names:
            name, again = f"{{base}} ({{again}})", again + 1
        names.append(name)
    return names


def features_of(column):
    """Return the names of the numbers that a column becomes."""
    if column["kind"] == "category":
        return [f"{{column['name']}} = {{value}}" for value in column["values"]]
    return [column["name"] + " (days since 1970)" * (column["kind"] == "date")]


def planned(path, header):
    """Return where in a row each number comes from, and how: places and columns."""
    plan = [] if COLUMNS else [(n, {{"kind": "number"}}) for n in range(len(header))]
    for column in COLUMNS:
        name, features = column["name"], features_of(column)
        if name in header:
            plan.append((header.index(name), column))
        elif all(feature in header for feature in features):  # numbers already
            plan += [(header.index(feature), {{"kind": "number"}}) for feature in features]
        else:
            is_days = name.endswith("(days since 1970)")
            of_date = ", the days from 1970-01-01 to a date as a number" * is_days
            there = ", ".join(header)
            stop(f"{{path.name}} lacks the column {{name}}{{of_date}}; it has {{there}}")
    return plan


def numbers_of(cell, column, decimal, where):
    """Return the numbers that a cell becomes."""
    is_missing = cell in MISSING
    if column["kind"] == "category":
        values = column["values"]
        cell = "(missing)" if is_missing and "(missing)" in values else cell
        if cell not in values:
            known = ", ".join(values)
            stop(f"{{where}}{{cell!r}} is none of its values in training, which are: {{known}}")
        return [float(cell == value) for value in values]
    if is_missing and column.get("fill") is not None:
        return [column["fill"]]
    if is_missing and FILLS:
        return [float("nan")]
    if is_missing:
        stop(f"{{where}}{{cell!r}} is a missing value; training learned nothing to put there")
    if column["kind"] == "date":
        value, wanted = days(cell, column["format"]), f"date as in training ({{column['format']}})"
    else:
        value, wanted = number(cell, decimal), f"number (its decimal mark is {{decimal!r}})"
    if value is None:
        stop(f"{{where}}{{cell!r}} is no {{wanted}}")
    return [value]


def number(cell, decimal):
    """Return a text as a finite number, or None."""
    if decimal == "," and "," in cell:
        cell = cell.replace(".", "").replace(",", ".")
    try:
        value = float("?" if "_" in cell else cell)
    except ValueError:
        return None
    return value if np.isfinite(value) else None


def days(cell, form):
    """Return a date as days since 1970-01-01, or None."""
    from datetime import datetime, timezone

    try:
        moment = datetime.fromisoformat(cell) if form == "iso" else datetime.strptime(cell, form)
    except ValueError:
        return None
    moment = moment.replace(tzinfo=moment.tzinfo or timezone.utc)
    return moment.timestamp() / 86400
'''


def table_code(notes: ExportNotes) -> str:
    """Return lines that define ``read_table(path)``: a table's rows as numbers, (n, features).

    They expect ``np``, ``SHAPE``, ``FILLS`` and ``stop`` before them.
    """
    from designer.datasets.own.values import MISSING

    columns = []
    for column in columns_of(notes):
        about: dict[str, object] = {"name": column.name, "kind": column.kind}
        if column.kind == "category":
            about["values"] = list(column.values)
        if column.kind == "date":
            about["format"] = column.date_format or "iso"
        if column.fill is not None:
            about["fill"] = column.fill
        columns.append(f"    {about!r},\n")
    return _TABLE.format(
        columns=f"[\n{''.join(columns)}]" if columns else "[]",
        decimal=notes.encoding.decimal if notes.encoding else None,
        missing="{\n" + _in_lines(sorted(MISSING)) + "}",
    )


def _in_lines(texts: list[str], many: int = 8) -> str:
    rows = (texts[first : first + many] for first in range(0, len(texts), many))
    return "".join(f"    {', '.join(map(repr, row))},\n" for row in rows)
