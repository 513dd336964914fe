"""``export``: a trained model, or a design untrained, as a file to take home."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from designer.commands.parsing import Declare
from designer.commands.reading import design_of, is_file
from designer.errors import DesignError, ExportError, unknown_name
from designer.plain_numbers import plain_number
from designer.quiet import import_tensorflow_quietly
from designer.summary import summarize

if TYPE_CHECKING:
    from designer.exports import ExportFormat


def add(declare: Declare) -> None:
    """Declare the command."""
    from designer.exports import formats
    from designer.exports.how import OUTPUTS, QUANTIZATIONS

    known = formats().values()
    smaller = _names([one for one in known if len(one.quantizations) > 1])
    export = declare("export", _export, "Export a run's model, or a design untrained.", design=True)
    export.add_argument(
        "--format",
        required=True,
        help=_names(known, "or"),
    )
    export.add_argument(
        "--out",
        type=Path,
        help="file, .zip or folder to make; without it, one here, named after the model",
    )
    export.add_argument(
        "--quantize",
        default="none",
        help=f"{_listed(QUANTIZATIONS, 'or')}: how weights are made smaller ({smaller})",
    )
    export.add_argument(
        "--outputs",
        help=f"{_listed(OUTPUTS, 'or')}: what signatures return ({_names(_labelling())})",
    )
    export.add_argument(
        "--checkpoint", default="kept", help="kept, best or last: which weights of a run"
    )


def _export(options: argparse.Namespace) -> int:
    from designer.exports import check_export, export, format_named

    chosen = format_named(options.format)
    if options.outputs == "labelled" and not chosen.labels:
        raise ExportError(
            f"--outputs: {chosen.name} gives the model's own numbers;"
            f" {_names(_labelling())} can name the classes."
        )
    how = {"quantize": options.quantize, "outputs": options.outputs or "labelled"}
    source = _source(options)
    out = options.out or _usual_name(options, chosen)
    check_export(
        source["design"],
        options.format,
        out,
        calibration=Path(source["calibration"]) if source.get("calibration") else None,
        **how,
    )
    if chosen.holds_weights:
        import_tensorflow_quietly()
    result = export(format=options.format, out=str(out), **how, **source)
    print(json.dumps(result, ensure_ascii=False) if options.json else _told(result))
    return 0


def _labelling() -> list[ExportFormat]:
    from designer.exports import formats

    return [one for one in formats().values() if one.labels]


def _names(some: Iterable[ExportFormat], last: str = "and") -> str:
    return _listed([one.name for one in some], last)


def _listed(some: Iterable[str], last: str) -> str:
    *names, end = some
    return f"{', '.join(names)} {last} {end}" if names else end


def _usual_name(options: argparse.Namespace, format: ExportFormat) -> Path:
    """Return a name for what is made: after the run, the template or the design's file."""
    name = Path(options.design).stem if is_file(options.design) else options.design
    way = "" if options.quantize == "none" else f"-{options.quantize}"
    return Path(f"{name}{way}{format.suffix or '-' + format.name.replace('_', '-')}")


def _told(result: Mapping[str, Any]) -> str:
    """Return a result for a person."""
    made = f"{result['path']}: {result['bytes']:,} bytes; "
    if not result["examples"]:
        return f"{made}{result['verified_in']}"
    lines = [
        f"{made}loaded in {result['verified_in']}, largest difference"
        f" {result['largest_difference']:.2g} of {result['allowed_difference']:.2g} allowed, over"
        f" {result['examples']} examples"
    ]
    width = max((len(row["model"]) for row in result["comparison"]), default=0)
    for row in result["comparison"]:
        known = row["figures"].items()
        figures = "".join(f"  {name} {plain_number(value)}" for name, value in known)
        lines.append(
            f"  {row['model']:<{width}}  {row['bytes']:>13,} bytes"
            f"  {row['milliseconds']:>8.2f} ms an example{figures}"
        )
    for one in result["signatures"]:
        lines.append(f"  {one['name']} takes {one['takes']}; returns {one['returns']}")
    return "\n".join(lines)


def _source(options: argparse.Namespace) -> dict[str, Any]:
    """Return what is exported: a design file, a template, or a run of the store."""
    from designer.errors import RunError
    from designer.templates import templates
    from designer.training import RunStore
    from designer.training.taking_home import CHECKPOINTS, export_arguments

    if options.checkpoint not in CHECKPOINTS:
        raise ExportError(unknown_name("checkpoint", options.checkpoint, CHECKPOINTS))
    name = options.design
    if name in templates() or is_file(name):
        if options.checkpoint != "kept":
            raise ExportError(
                f"--checkpoint: {name} is a design, which has no weights of its own; checkpoints"
                " are of runs."
            )
        design = design_of(options)
        summarize(design)
        return {"design": design.to_dict()}
    if options.settings:
        raise DesignError("--set: a run's design is what it was trained with; leave --set out.")
    store = RunStore()
    try:
        run = store.run(name)
    except RunError as error:
        store.close()
        if "-" in name:
            raise
        raise DesignError(unknown_name("template, run or design file", name, templates())) from (
            error
        )
    try:
        return export_arguments(run, options.checkpoint, store=store)
    finally:
        store.close()
