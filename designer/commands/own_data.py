"""``--data``: a file of one's own as a data set, for the commands that take one."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from designer.commands.parsing import CommandParser

if TYPE_CHECKING:
    from designer.datasets import DatasetInfo
    from designer.datasets.own import Choices, Draft


def add_data(parser: CommandParser) -> None:
    """Let a command take ``--dataset NAME``, or ``--data FILE`` and how it is read."""
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--dataset", help="a data set's name")
    which.add_argument(
        "--data",
        type=Path,
        metavar="FILE",
        help="a file of your own: a table (.csv), pictures in class folders (.zip), arrays (.npz)",
    )
    parser.add_argument(
        "--target",
        action="append",
        default=[],
        metavar="COLUMN",
        help="what is to be predicted (tables); several where it is given several times",
    )
    parser.add_argument(
        "--task", help="what is learned: regression, binary, multiclass, … (instead of the usual)"
    )
    parser.add_argument(
        "--on-problem",
        choices=("skip", "fill", "refuse"),
        help="what is done about broken rows, gaps and files that are none: leave them out, fill "
        "what can be filled, or refuse the file; gaps are filled and the rest left out unless said",
    )


def data_of(options: argparse.Namespace) -> DatasetInfo:
    """Return the data set a command names, its file brought along where it names one.

    Raises:
        DatasetError: there is no such data set, or the file cannot be used.
    """
    from designer.datasets import dataset_info, own

    if options.data is None:
        return dataset_info(options.dataset)

    def decide(draft: Draft) -> Choices:
        return _choices(draft, options.target, options.task, options.on_problem)

    info, _, problems = own.bring_file(options.data, own.owner_of_user(), decide)
    if options.task:
        info.view(options.task)
    told = own.description(info.name)["problems"] or [one.in_words() for one in problems]
    for problem in told:
        print(f"{options.data.name}: {problem}", file=sys.stderr)
    print(f"{options.data.name} is kept as {info.name}: {info.description}", file=sys.stderr)
    return info


def _choices(draft: Draft, targets: list[str], task: str | None, way: str | None) -> Choices:
    """Return the choices that the options of a command stand for."""
    from designer.datasets import own
    from designer.errors import DatasetError

    if targets and draft.form != "table":
        raise DatasetError(f"--target names a column of a table, and {draft.file_name} is none.")
    for name in targets:
        draft.column(name)
    kind = None if task is None else "number" if task == "regression" else "category"
    asked = own.Choices(targets=tuple(targets))
    kinds = {}
    if kind and draft.form == "table":
        kinds = dict.fromkeys(own.targets_of(draft, asked), kind)
    choices = own.Choices(targets=tuple(targets), kinds=kinds, label_kind=kind)
    if way is None:
        return choices
    ways = {
        problem.kind: way if way in problem.ways else "skip"
        for problem in own.problems_of(draft, choices)
    }
    return own.Choices(
        targets=tuple(targets), kinds=kinds, label_kind=kind, ways={"cut_short": way} | ways
    )
