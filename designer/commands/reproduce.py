"""``reproduce``: a package's model, trained again from the package's own record."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from designer.commands.parsing import Declare
from designer.plain_numbers import plain_number
from designer.quiet import import_tensorflow_quietly

if TYPE_CHECKING:
    from designer.training import Progress


def add(declare: Declare) -> None:
    """Declare the command."""
    reproduce = declare(
        "reproduce", _reproduce, "Train a package's model again, and tell how close it comes."
    )
    reproduce.add_argument("package", type=Path, help="a package (.zip), or its unpacked folder")
    reproduce.add_argument(
        "--data",
        type=Path,
        metavar="FILE",
        help="the file of own data it was trained on, where they are not on this machine",
    )


def _reproduce(options: argparse.Namespace) -> int:
    from designer.reproducing import compare, data_of_record, open_package, train_again
    from designer.reproducing.training import cautions
    from designer.training import RunStore

    package = open_package(options.package)
    dataset, is_same = data_of_record(package, options.data)
    warned = cautions(package, is_same)
    say = sys.stderr if options.json else sys.stdout
    last = 0

    def show(progress: Progress, values: Mapping[str, float]) -> None:
        nonlocal last
        if progress.epoch != last:
            last = progress.epoch
            figures = "  ".join(f"{name} {plain_number(value)}" for name, value in values.items())
            print(f"epoch {last}/{progress.epochs}  {figures}", file=say, flush=True)

    import_tensorflow_quietly()
    run = train_again(package, dataset, show)
    store = RunStore()
    try:
        result = compare(package, run, store.metrics(run.id, kind="epoch"), warned)
    finally:
        store.close()
    if options.json:
        print(json.dumps(result.to_dict()))
    else:
        print(f"\n{package.name} ({result.package}), trained again as {run.id}:")
        print("\n".join(result.in_words()))
    if run.state == "failed":
        print(f"designer: the run failed. {run.reason}", file=sys.stderr)
        return 1
    return 0
