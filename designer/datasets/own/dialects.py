"""How a table in a text file is written: its encoding, separator, decimal mark, and head."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from designer.datasets.own.limits import LONGEST_VALUE
from designer.datasets.own.values import MISSING, read_number
from designer.errors import DatasetError

DELIMITERS = (",", ";", "\t", "|")
_LOOKED_AT = 200_000  # characters
_PIECE = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class Dialect:
    """How a table is written.

    Attributes:
        encoding: of its characters, by Python's name.
        delimiter: what stands between two values.
        decimal: "." or ",".
        header: whether the first row has the names of the columns.
    """

    encoding: str
    delimiter: str
    decimal: str
    header: bool

    def to_dict(self) -> dict[str, Any]:
        """Return JSON values."""
        return asdict(self)

    def in_words(self) -> str:
        """Return it as one would say it."""
        between = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}[self.delimiter]
        comma = ", decimal commas" if self.decimal == "," else ""
        head = "" if self.header else ", no row of names"
        return f"{self.encoding.removesuffix('-sig').upper()}, separated by {between}{comma}{head}"


def guess_dialect(path: Path, header: bool | None = None) -> Dialect:
    """Return how a file is written.

    Args:
        path: the file.
        header: whether its first row has names; None to guess.

    Raises:
        DatasetError: it is empty, or no text.
    """
    encoding = _encoding(path)
    with path.open(encoding=encoding, errors="strict", newline="") as file:
        text = file.read(_LOOKED_AT)
    if not text.strip():
        raise DatasetError("The file is empty: there are no rows in it.")
    csv.field_size_limit(LONGEST_VALUE)
    if len(text) == _LOOKED_AT and "\n" in text:
        text = text[: text.rfind("\n") + 1]  # whole lines
    rows = {delimiter: _rows(text, delimiter) for delimiter in DELIMITERS}
    delimiter = max(DELIMITERS, key=lambda one: _regularity(rows[one]))
    chosen = rows[delimiter]
    cells = [cell.strip() for row in chosen[1:200] for cell in row]
    commas = sum(bool(re.fullmatch(r"[+-]?\d*,\d+([eE][+-]?\d+)?", cell)) for cell in cells)
    points = sum(bool(re.fullmatch(r"[+-]?\d*\.\d+([eE][+-]?\d+)?", cell)) for cell in cells)
    decimal = "," if delimiter != "," and commas > points else "."
    if header is None:
        header = bool(chosen) and _has_names(chosen[0], decimal)
    return Dialect(encoding, delimiter, decimal, header)


def _encoding(path: Path) -> str:
    """Return an encoding in which all of a file can be read."""
    with path.open("rb") as file:
        start = file.read(4096)
        for mark, encoding in _MARKS:
            if start.startswith(mark):
                _check_all(path, encoding)
                return encoding
        if b"\0" in start:
            raise DatasetError(
                "The file is not text (it has zero bytes). A table is expected as CSV: save it "
                "from the spreadsheet as CSV in UTF-8."
            )
    for encoding in ("utf-8", "cp1252"):
        try:
            _check_all(path, encoding)
        except DatasetError:
            continue
        return encoding
    return "latin-1"  # takes every byte


def _check_all(path: Path, encoding: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeError as error:
        raise DatasetError(
            f"The file begins like {encoding.upper()}, but cannot be read as such: {error}. "
            "Save it as UTF-8."
        ) from None


def _rows(text: str, delimiter: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    rows: list[list[str]] = []
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return rows
        except csv.Error:
            continue  # counted as broken when the rows are read
        if row:
            rows.append(row)


def _regularity(rows: list[list[str]]) -> tuple[float, int]:
    """Return how much a separator looks like one: how many rows have the usual number of values."""
    if not rows:
        return (-1.0, 0)
    usual, count = Counter(map(len, rows)).most_common(1)[0]
    return (0.0, 1) if usual == 1 else (count / len(rows), usual)


def _has_names(row: list[str], decimal: str) -> bool:
    """Say whether a first row looks like names: no number among them, and nothing missing but
    perhaps the name of a first column of row numbers."""
    cells = [cell.strip() for cell in row]
    if any(read_number(cell, decimal) is not None for cell in cells):
        return False
    return not any(cell in MISSING for cell in cells[1:] if cell)
