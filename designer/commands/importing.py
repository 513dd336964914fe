"""``import``: what a file is, and the design in it."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from designer.commands.parsing import Declare
from designer.errors import DesignError
from designer.importing.imported import Imported


def add(declare: Declare) -> None:
    """Declare the command."""
    parser = declare(
        "import",
        _import,
        "Open a design, what was exported here, a .keras or .h5 file or a model's JSON; no"
        " TensorFlow is needed.",
    )
    parser.add_argument("file", type=Path, help="the file, or the folder of an unpacked package")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="write the design to a file of its own"
    )


def _import(options: argparse.Namespace) -> int:
    from designer.importing import open_file

    imported = open_file(options.file)
    if options.out is not None:
        _write(imported, options.out)
    if options.json:
        print(json.dumps(imported.to_dict()))
        return 0
    print(imported.sentence)
    summary = imported.summary
    told = imported.to_dict()["counts_complete"]
    print(
        f"{len(summary.layers):,} layers, {'' if told else 'at least '}"
        f"{summary.total_params:,} parameters, {summary.multiply_adds:,} multiply-adds for one"
        " example"
    )
    for note in imported.notes:
        print(f"- {note}")
    if imported.design is None:
        print("It can be looked at on the Design page (File, Open); it is not trained or exported.")
    elif options.out is not None:
        print(f"The design is in {options.out}.")
    return 0


def _write(imported: Imported, path: Path) -> None:
    if imported.design is None:
        raise DesignError(
            f"--out: {imported.sentence} So there is no design to write; without --out it is only"
            " told what it is."
        )
    try:
        path.write_text(imported.design.to_json() + "\n", encoding="utf-8")
    except OSError as error:
        reason = (error.strerror or "it cannot be written").lower()
        raise DesignError(f"--out: {path} cannot be written ({reason}).") from None
