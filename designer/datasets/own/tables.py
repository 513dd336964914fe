"""A person's table: looked through, then kept as they decided."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from designer.datasets.catalogue import DatasetInfo, Target, TaskView
from designer.datasets.own.columns import ColumnWatch, guess_target, in_order, target_kind
from designer.datasets.own.dialects import Dialect, guess_dialect
from designer.datasets.own.drafts import KINDS, Choices, Column, Draft, Problem, Tally
from designer.datasets.own.keeping import Keeping
from designer.datasets.own.limits import MOST_CATEGORIES, MOST_CLASSES, MOST_FEATURES
from designer.datasets.own.reading_csv import CsvFile, Progress
from designer.datasets.own.table_encoding import NOT_THERE, ColumnEncoding, TableEncoding
from designer.datasets.own.views import views_of
from designer.errors import DatasetError, unknown_name

PREVIEW_ROWS = 8


def examine(path: Path, options: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Look through a table; return the fields of its draft.

    Args:
        path: the file.
        options: ``header``: whether the first row has names; guessed unless said.
        progress: told how far it is.

    Raises:
        DatasetError: it is no table.
    """
    dialect = guess_dialect(path, options.get("header"))
    file = CsvFile(path, dialect)
    watches = [ColumnWatch(name, dialect.decimal) for name in file.names]
    rows = 0
    preview: list[tuple[str, ...]] = []
    for chunk in file.chunks(progress):
        if not preview:
            preview = [tuple(value[:200] for value in row) for row in chunk[:PREVIEW_ROWS]]
        rows += len(chunk)
        for watch, values in zip(watches, zip(*chunk, strict=True), strict=True):
            watch.update(values)
    problems = file.problems()
    if not rows:
        why = f" {problems[0].in_words()}." if problems else ""
        raise DatasetError(f"The table has a row of names and no row of values.{why}")
    columns = tuple(watch.column() for watch in watches)
    return {
        "examples": rows,
        "problems": problems,
        "columns": columns,
        "dialect": dialect.to_dict(),
        "preview": tuple(preview),
        "target": guess_target(columns),
    }


def kind_of(draft: Draft, choices: Choices, column: Column) -> str:
    """Return what a column is taken for: as chosen, else as guessed for its part."""
    chosen = choices.kinds.get(column.name)
    if chosen is None:
        targets = targets_of(draft, choices)
        return target_kind(column) if column.name in targets else column.kind
    if chosen not in KINDS:
        raise DatasetError(unknown_name("kind of column", chosen, KINDS))
    if chosen not in column.kinds:
        too_many = chosen == "category" and column.counts is None
        why = "has too many different values to be" if too_many else "cannot be read as"
        raise DatasetError(
            f"The column {column.name} {why} a {chosen}. It can be: {' or '.join(column.kinds)}."
        )
    return chosen


def targets_of(draft: Draft, choices: Choices) -> tuple[str, ...]:
    """Return the columns to predict: those chosen, else the one guessed."""
    return choices.targets or ((draft.target,) if draft.target else ())


def problems_of(draft: Draft, choices: Choices) -> tuple[Problem, ...]:
    """Return every problem of a table as it is to be used: broken rows, and gaps in the columns
    that are used."""
    targets = targets_of(draft, choices)
    no_target, missing, unreadable = Tally(), Tally(), Tally()
    for column in draft.columns:
        kind = kind_of(draft, choices, column)
        if kind == "none":
            continue
        odd = column.unreadable(kind, draft.examples)
        if column.name in targets:
            if column.missing + odd:
                no_target.add(f"{column.name}: {column.missing + odd:,}", column.missing + odd)
            continue
        if column.missing:
            missing.add(f"{column.name}: {column.missing:,}", column.missing)
        if odd:
            unreadable.add(f"{column.name}: {odd:,}", odd)
    found = list(draft.problems)
    for kind, tally, message, ways in (
        ("missing_targets", no_target, "{} without what is to be predicted", ("skip", "refuse")),
        ("missing_values", missing, "{} missing", ("fill", "skip", "refuse")),
        ("unreadable_values", unreadable, "{} that cannot be read as the column's kind",
         ("fill", "skip", "refuse")),
    ):  # fmt: skip
        if tally.count:
            word = "row" if kind == "missing_targets" else "value"
            many = f"{tally.count:,} {word}{'' if tally.count == 1 else 's'}"
            found.append(Problem(kind, tally.count, message.format(many), tally.examples, ways))
    return tuple(found)


def encoding_of(draft: Draft, choices: Choices) -> TableEncoding:
    """Return how the rows become numbers.

    Raises:
        DatasetError: nothing to predict, nothing to predict it from, one class alone, or more
            than can be taken.
    """
    targets = targets_of(draft, choices)
    if not targets:
        raise DatasetError(
            "Nothing in this table can be predicted: no column has numbers or categories that "
            "differ. Choose a target."
        )
    ways = {problem.kind: choices.way(problem) for problem in problems_of(draft, choices)}
    taken, told = [], {}
    for place, column in enumerate(draft.columns):
        kind = kind_of(draft, choices, column)
        encoding = ColumnEncoding(
            name=column.name,
            place=place,
            kind=kind,
            values=in_order(list(column.counts or {})) if kind == "category" else (),
            missing=ways.get("missing_values", "fill"),
            unreadable=ways.get("unreadable_values", "fill"),
            date_format=column.date_format,
        )
        if column.name in targets:
            told[column.name] = _checked_target(encoding)
        elif kind != "none":
            taken.append(_checked_feature(column, encoding))
    for name in targets:
        if name not in told:
            draft.column(name)
    if not taken:
        raise DatasetError(
            "No column is left to predict from: take at least one for numbers, dates or "
            "categories, besides the target."
        )
    if len({encoding.kind for encoding in told.values()}) > 1:
        raise DatasetError(
            "Targets are all numbers or all categories: "
            + ", ".join(f"{name} is a {one.kind}" for name, one in told.items())
            + "."
        )
    result = TableEncoding(
        tuple(taken), tuple(told[name] for name in targets), draft.dialect["decimal"]
    )
    if len(result.feature_names) > MOST_FEATURES:
        raise DatasetError(
            f"With its categories the table has {len(result.feature_names):,} numbers a row, more "
            f"than {MOST_FEATURES:,}. Leave columns out."
        )
    return result


def keep(
    path: Path, draft: Draft, choices: Choices, keeping: Keeping, progress: Progress
) -> DatasetInfo:
    """Write a table as examples; return its entry."""
    problems = problems_of(draft, choices)
    choices.check(problems)
    encoding = encoding_of(draft, choices)
    file = CsvFile(path, Dialect(**draft.dialect))
    names = encoding.feature_names
    kind = "int64" if encoding.targets[0].kind == "category" else "float32"
    left_out = Tally()
    with keeping.writers((len(names),), "float32", len(encoding.targets), kind) as writers:
        for chunk in file.chunks(progress):
            writers.append(*encoding.encode(chunk, left_out))
    targets = tuple(Target(one.name, one.values) for one in encoding.targets)
    views: tuple[TaskView, ...] = views_of((len(names),), targets, names)
    keeping.note(
        encoding=encoding.to_dict(),
        left_out=left_out.count + file.broken.count,
        problems=[problem.in_words() for problem in problems],
    )
    return keeping.entry("table", targets, views, feature_names=names)


def _checked_target(encoding: ColumnEncoding) -> ColumnEncoding:
    name = encoding.name
    if encoding.kind in ("none", "date"):
        raise DatasetError(f"The target {name} is to be a number or a category.")
    if encoding.kind == "category":
        if len(encoding.values) < 2:
            raise DatasetError(
                f"The target {name} has one class alone ({', '.join(encoding.values)}): there is "
                "nothing to tell apart. Choose another target."
            )
        if len(encoding.values) > MOST_CLASSES:
            raise DatasetError(
                f"The target {name} has {len(encoding.values):,} classes; at most "
                f"{MOST_CLASSES:,} are taken. Choose another target, or take it for a number."
            )
    return encoding


def _checked_feature(column: Column, encoding: ColumnEncoding) -> ColumnEncoding:
    if encoding.kind != "category":
        return encoding
    if len(encoding.values) > MOST_CATEGORIES:
        raise DatasetError(
            f"The column {column.name} has {len(encoding.values):,} different values; at most "
            f"{MOST_CATEGORIES:,} become columns of their own. Leave it out."
        )
    if column.missing and encoding.missing == "fill":
        values = (*(value for value in encoding.values if value != NOT_THERE), NOT_THERE)
        return ColumnEncoding(**{**encoding.__dict__, "values": values})
    return encoding
