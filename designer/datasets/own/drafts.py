"""What was found in a file, before anything is kept: for a person to read and to correct."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from designer.datasets.own.limits import EXAMPLES_NAMED
from designer.errors import DatasetError, unknown_name

KINDS = {
    "number": "Number",
    "category": "Category",
    "date": "Date",
    "none": "Leave out",
}
"""What a column of a table can be taken for."""

WAYS = {
    "skip": "Leave them out",
    "fill": "Fill them in",
    "refuse": "Refuse the file",
}
"""What can be done about a problem."""


@dataclass(frozen=True)
class Problem:
    """Something in a file that is not as it should be.

    Attributes:
        kind: what it is called in choices ("broken_rows").
        count: how many cases there are.
        message: what is wrong, in a sentence.
        examples: the first few cases, named.
        ways: what can be done about it, of ``WAYS``; the first is the default.
    """

    kind: str
    count: int
    message: str
    examples: tuple[str, ...] = ()
    ways: tuple[str, ...] = ("skip", "refuse")

    def in_words(self) -> str:
        """Return the message with its examples."""
        return f"{self.message} ({'; '.join(self.examples)})" if self.examples else self.message


class Tally:
    """Counts the cases of a problem and names the first few."""

    def __init__(self) -> None:
        self.count = 0
        self._cases = 0
        self._named: list[str] = []

    @property
    def examples(self) -> tuple[str, ...]:
        """The first few cases, and a sign where there are more."""
        more = self._cases > len(self._named)
        return (*self._named, *(["…"] if more else []))

    def add(self, example: str, count: int = 1) -> None:
        """Count a case; an example is named as it is, shortened."""
        self.count += count
        self._cases += 1
        if len(self._named) < EXAMPLES_NAMED:
            self._named.append(shortened(example, 140))


def shortened(text: str, length: int = 80) -> str:
    """Return a text on one line and of a bounded length, its unprintable characters shown."""
    shown = "".join(char if char.isprintable() else "�" for char in text)
    return shown if len(shown) <= length else f"{shown[: length - 1]}…"


@dataclass(frozen=True)
class Column:
    """What is known of a column of a table.

    Attributes:
        name: as its head says; made unique.
        kind: what it is taken for, of ``KINDS``.
        why: why, in a few words.
        missing: values that are not there.
        numbers: values that can be read as numbers.
        dates: values that can be read as dates, in ``date_format``.
        low, high, mean: of its numbers.
        whole: whether all its numbers are whole.
        counts: how often each value occurs; None where there are too many.
        date_format: how its dates are written ("iso", "%d.%m.%Y"); None without dates.
    """

    name: str
    kind: str
    why: str
    missing: int
    numbers: int = 0
    dates: int = 0
    low: float = 0.0
    high: float = 0.0
    mean: float = 0.0
    whole: bool = False
    counts: dict[str, int] | None = None
    date_format: str | None = None

    @property
    def kinds(self) -> tuple[str, ...]:
        """What it could be taken for instead."""
        able = {
            "number": self.numbers > 0,
            "category": bool(self.counts),
            "date": self.dates > 0,
            "none": True,
        }
        return tuple(kind for kind, can in able.items() if can)

    def unreadable(self, kind: str, rows: int) -> int:
        """Return how many values that are there cannot be read as a kind."""
        readable = {"number": self.numbers, "date": self.dates}.get(kind)
        return 0 if readable is None else rows - self.missing - readable

    def summary(self) -> str:
        """Return what is in it, in a few words."""
        if self.kind == "number":
            return f"{self.low:g} to {self.high:g}, mean {self.mean:.4g}"
        if self.kind == "none":
            return self.why
        if self.counts:
            common = sorted(self.counts.items(), key=lambda item: -item[1])[:3]
            told = ", ".join(f"{shortened(value, 24)} {count:,}" for value, count in common)
            return f"{len(self.counts):,} values: {told}{', …' if len(self.counts) > 3 else ''}"
        return self.why


@dataclass(frozen=True)
class Draft:
    """What was found in a file.

    Attributes:
        form: "table" (CSV), "pictures" (a zip) or "arrays" (an ``.npz``).
        file_name: what the file was called.
        file_bytes: its size.
        content: SHA-256 of its bytes.
        examples: how many can be read.
        problems: what is not as it should be.
        columns: of a table.
        dialect: how a table is written: ``encoding``, ``delimiter``, ``decimal``, ``header``.
        preview: the first rows of a table, as text.
        target: the column that looks like what is to be predicted.
        classes: how many examples each class has (pictures, arrays with classes).
        empty_classes: folders of pictures without any.
        size: (height, width) that pictures would be kept at.
        sizes: the smallest and the largest picture, in words.
        colour: whether any picture has colours.
        sample: small pictures to look at: ``[class, PNG in base 64]``.
        arrays: what an ``.npz`` holds: ``[name, shape, type]``.
        features, labels: the names of the two arrays that are taken.
        kind: "table" or "image": what the examples will be.
        label_kinds: what the labels of arrays can be: "category", "number".
    """

    form: str
    file_name: str
    file_bytes: int
    content: str
    examples: int
    problems: tuple[Problem, ...] = ()
    columns: tuple[Column, ...] = ()
    dialect: dict[str, Any] = field(default_factory=dict)
    preview: tuple[tuple[str, ...], ...] = ()
    target: str | None = None
    classes: dict[str, int] = field(default_factory=dict)
    empty_classes: tuple[str, ...] = ()
    size: tuple[int, int] | None = None
    sizes: str = ""
    colour: bool = False
    sample: tuple[tuple[str, str], ...] = ()
    arrays: tuple[tuple[str, str, str], ...] = ()
    features: str | None = None
    labels: str | None = None
    kind: str = "table"
    label_kinds: tuple[str, ...] = ()

    def column(self, name: str) -> Column:
        """Return a column by its name.

        Raises:
            DatasetError: there is none.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise DatasetError(unknown_name("column", name, [one.name for one in self.columns]))

    def to_dict(self) -> dict[str, Any]:
        """Return JSON values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Draft:
        """Make it again from :meth:`to_dict`."""
        taken = dict(values)
        taken["problems"] = tuple(
            Problem(**{**one, "examples": tuple(one["examples"]), "ways": tuple(one["ways"])})
            for one in taken["problems"]
        )
        taken["columns"] = tuple(Column(**one) for one in taken["columns"])
        for name in ("preview", "sample", "arrays"):
            taken[name] = tuple(tuple(one) for one in taken[name])
        for name in ("empty_classes", "label_kinds"):
            taken[name] = tuple(taken[name])
        if taken["size"] is not None:
            taken["size"] = tuple(taken["size"])
        return cls(**taken)


@dataclass(frozen=True)
class Choices:
    """What a person decided about a draft; what is not said is as guessed.

    Attributes:
        title: what the data set is called; the file's name unless said.
        targets: the columns to predict (tables).
        kinds: columns that are taken for something else than guessed.
        ways: what is done about each kind of problem, of ``WAYS``.
        size: (height, width) of the pictures as they are kept.
        colour: whether pictures are kept in colour.
        label_kind: "category" or "number" (arrays).
    """

    title: str | None = None
    targets: tuple[str, ...] = ()
    kinds: Mapping[str, str] = field(default_factory=dict)
    ways: Mapping[str, str] = field(default_factory=dict)
    size: tuple[int, int] | None = None
    colour: bool | None = None
    label_kind: str | None = None

    def way(self, problem: Problem) -> str:
        """Return what is done about a problem.

        Raises:
            DatasetError: what was chosen cannot be done about it.
        """
        way = self.ways.get(problem.kind, problem.ways[0])
        if way not in problem.ways:
            raise DatasetError(
                f"{problem.message} What can be done: {' or '.join(problem.ways)}; received "
                f"{way!r}."
            )
        return way

    def check(self, problems: tuple[Problem, ...]) -> None:
        """Raise where one of these problems is to be refused.

        Raises:
            DatasetError: it names the problem and its examples.
        """
        for problem in problems:
            if self.way(problem) == "refuse":
                raise DatasetError(f"Refused: {problem.in_words()}.")

    def to_dict(self) -> dict[str, Any]:
        """Return JSON values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Choices:
        """Make it again from :meth:`to_dict`.

        Raises:
            DatasetError: an unknown choice.
        """
        known = {one.name for one in fields(cls)}
        for name in values:
            if name not in known:
                raise DatasetError(unknown_name("choice", name, sorted(known)))
        taken = dict(values)
        taken["targets"] = tuple(taken.get("targets", ()))
        if taken.get("size") is not None:
            taken["size"] = tuple(int(side) for side in taken["size"])
        return cls(**taken)
