"""``export``: a trained model, or a design untrained, as a file to take home."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from designer.commands.parsing import Declare
from designer.commands.reading import design_of, is_file
from designer.errors import DesignError, unknown_name
from designer.quiet import import_tensorflow_quietly
from designer.summary import summarize


def add(declare: Declare) -> None:
    """Declare the command."""
    export = declare("export", _export, "Export a run's model, or a design untrained.", design=True)
    export.add_argument("--format", required=True, help="saved_model or keras")
    export.add_argument("--out", required=True, type=Path, help="file, .zip or folder to make")


def _export(options: argparse.Namespace) -> int:
    from designer.exports import check_export, export, format_named

    format_named(options.format)
    source = _source(options)
    check_export(source["design"], options.format, options.out)
    import_tensorflow_quietly()
    result = export(format=options.format, out=str(options.out), **source)
    if options.json:
        print(json.dumps(result))
    else:
        print(
            f"{result['path']}: {result['bytes']:,} bytes; loaded in {result['verified_in']},"
            f" largest difference {result['largest_difference']:.2g}"
        )
    return 0


def _source(options: argparse.Namespace) -> dict[str, Any]:
    """Return what is exported: a design file, a template, or a run of the store."""
    from designer.errors import RunError
    from designer.templates import templates
    from designer.training import RunStore
    from designer.training.taking_home import export_arguments

    name = options.design
    if name in templates() or is_file(name):
        design = design_of(options)
        summarize(design)
        return {"design": design.to_dict()}
    if options.settings:
        raise DesignError("--set: a run's design is what it was trained with; leave --set out.")
    store = RunStore()
    try:
        return export_arguments(store.run(name))
    except RunError as error:
        if "-" in name:
            raise
        raise DesignError(unknown_name("template, run or design file", name, templates())) from (
            error
        )
    finally:
        store.close()
