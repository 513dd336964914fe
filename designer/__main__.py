"""The command line: ``python -m designer``. Thin; everything is in the library."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from designer import Design, DesignerError, DesignError, summarize
from designer.design import parse_settings
from designer.errors import unknown_name
from designer.quiet import import_tensorflow_quietly


class _Parser(argparse.ArgumentParser):
    """Answers bad input with one line."""

    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {message} (see {self.prog} --help)", file=sys.stderr)
        sys.exit(2)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status: 0, 1 for a run that failed, 2 for bad input."""
    options = _parser().parse_args(arguments)
    # What a library logs is for files; a person gets one line, from below.
    logging.getLogger("designer").addHandler(logging.NullHandler())
    logging.getLogger("designer").propagate = False
    try:
        return options.command(options)
    except DesignerError as error:
        print(f"designer: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader had enough (| head)
        sys.stdout = None  # type: ignore[assignment]
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="designer", description="Design, count, build, train and export neural networks."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)

    def command(name: str, action: Any, help: str, *, design: bool = False) -> _Parser:
        made = commands.add_parser(name, help=help, description=help)
        made.set_defaults(command=action)
        made.add_argument("--json", action="store_true", help="print JSON")
        if design:
            made.add_argument("design", help="a template's name or a design file")
            made.add_argument(
                "--set",
                dest="settings",
                action="append",
                default=[],
                metavar="NAME=VALUE",
                help="a parameter of the template; JSON where it parses as JSON, else text",
            )
        return made

    command("templates", _templates, "List the templates and their parameters.")
    command("datasets", _datasets, "List the data sets.")
    command("summary", _summary, "What a design costs, without TensorFlow.", design=True)
    command("build", _build, "The same, from the real tf.keras model.", design=True)

    diff = command("diff", _diff, "How two designs differ: in words, totals and layers.")
    for letter in ("a", "b"):
        diff.add_argument(letter, metavar=letter.upper(), help="a template's name or a design file")
    for flag, which in (("", "both designs"), ("-a", "A alone"), ("-b", "B alone")):
        diff.add_argument(
            f"--set{flag}",
            dest=f"settings{flag.replace('-', '_')}",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help=f"a parameter of {which}",
        )

    code = command("code", _code, "A design as runnable Keras code.", design=True)
    code.add_argument("--style", default="functional", help="add, list, functional or reuse")
    code.add_argument("--activations", help="argument or layer; without it, as the design has them")
    code.add_argument("--notebook", action="store_true", help="a notebook that trains it")

    train = command("train", _train, "Train a design on a data set.", design=True)
    train.add_argument("--dataset", required=True, help="a data set's name")
    train.add_argument("--epochs", type=int, default=10)
    train.add_argument("--batch-size", type=int, default=32)
    train.add_argument("--learning-rate", type=float, help="instead of the optimizer's own")
    train.add_argument("--seed", type=int, default=0)

    export = command("export", _export, "Export a run's model, or a design untrained.", design=True)
    export.add_argument("--format", required=True, help="saved_model or keras")
    export.add_argument("--out", required=True, type=Path, help="file, .zip or folder to make")

    drawing = command("draw", _draw, "Draw a design as an SVG file.", design=True)
    drawing.add_argument("--out", required=True, type=Path, help="the .svg file to write")
    drawing.add_argument("--depth", default="blocks", help="groups, blocks or layers")
    return parser


def _design(options: argparse.Namespace) -> Design:
    """Return the design a command names."""
    return _named(options.design, parse_settings(options.settings))


def _named(name: str, given: Mapping[str, Any]) -> Design:
    """Return a design by name: a template, or else a file."""
    if _is_file(name):
        return _design_file(Path(name)).replace(**given)
    return Design.from_template(name, **given)


def _is_file(name: str) -> bool:
    from designer.templates import templates

    return name not in templates() and (name.endswith(".json") or Path(name).is_file())


def _design_file(path: Path) -> Design:
    try:
        text = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "it cannot be read").lower()
        raise DesignError(f"{path}: the design file cannot be read ({reason}).") from None
    try:
        return Design.from_json(text)
    except DesignError as error:
        raise DesignError(f"{path}: {error}", field=error.field, layer=error.layer) from None


def _templates(options: argparse.Namespace) -> int:
    from designer.describing import describe_template
    from designer.templates import templates

    known = [describe_template(template) for template in templates().values()]
    if options.json:
        print(json.dumps(known, ensure_ascii=False))
        return 0
    for template in known:
        print(f"{template['name']:<10} {template['summary']}")
        for parameter in template["parameters"]:
            print(f"    {parameter['name']:<20} {parameter['help']}")
            print(f"    {'':<20} default {json.dumps(parameter['default'])}; {parameter['works']}")
    return 0


def _datasets(options: argparse.Namespace) -> int:
    from designer.datasets import CATALOGUE

    if options.json:
        print(json.dumps([info.to_dict() for info in CATALOGUE.values()], ensure_ascii=False))
        return 0
    for info in CATALOGUE.values():
        where = "" if info.embedded else f"; downloads {info.download_mb:g} MB"
        tasks = ", ".join(info.task_names)
        print(f"{info.name:<20} {info.examples:>6,} examples; {tasks}{where}")
        print(f"{'':<20} {info.description}")
    return 0


def _summary(options: argparse.Namespace) -> int:
    summary = summarize(_design(options)).to_dict()
    _print_summary(summary, options.json)
    return 0


def _diff(options: argparse.Namespace) -> int:
    from designer.comparing import compare
    from designer.comparing.printing import to_text

    designs, names = [], []
    for name, own in ((options.a, options.settings_a), (options.b, options.settings_b)):
        settings = [*options.settings, *own]
        designs.append(_named(name, parse_settings(settings)))
        names.append(" ".join([name, *settings]))
    comparison = compare(*designs)
    print(json.dumps(comparison.to_dict()) if options.json else to_text(comparison, names))
    return 0


def _build(options: argparse.Namespace) -> int:
    from designer.memory import check_memory_to_build

    design = _design(options)
    check_memory_to_build(summarize(design))
    import_tensorflow_quietly()
    from designer.keras_model import build_model, describe_model

    _print_summary(describe_model(build_model(design), design), options.json)
    return 0


def _code(options: argparse.Namespace) -> int:
    from designer.code import write_code, write_notebook

    design = _design(options)
    summarize(design)
    write = write_notebook if options.notebook else write_code
    source = write(design, options.style, options.activations)
    if options.json:
        print(json.dumps({"style": options.style, "source": source}, ensure_ascii=False))
    else:
        print(source.rstrip("\n"))
    return 0


def _print_summary(summary: Mapping[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(summary))
        return
    rows = [("Layer", "Class", "Output shape", "Parameters", "Multiply-adds")]
    rows += [
        (
            layer["name"],
            layer["class_name"],
            " × ".join(str(size) for size in layer["output_shape"][1:]),
            f"{layer['params']:,}",
            f"{layer['multiply_adds']:,}",
        )
        for layer in summary["layers"]
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    for row in rows:
        left = "  ".join(text.ljust(width) for text, width in zip(row[:3], widths, strict=False))
        right = "  ".join(
            text.rjust(width) for text, width in zip(row[3:], widths[3:], strict=True)
        )
        print(f"{left}  {right}")
    print(
        f"\n{summary['template']}: {summary['total_params']:,} parameters"
        f" ({summary['trainable_params']:,} trainable,"
        f" {summary['non_trainable_params']:,} not),"
        f" {summary['multiply_adds']:,} multiply-adds for one example"
    )


def _train(options: argparse.Namespace) -> int:
    from designer.adapting import adapt, adaptation
    from designer.datasets import dataset_info, load
    from designer.training import Progress, TrainingSettings, check_run, run_in_this_process

    info = dataset_info(options.dataset)
    settings = TrainingSettings(
        dataset=info.name,
        epochs=options.epochs,
        batch_size=options.batch_size,
        learning_rate=options.learning_rate,
        seed=options.seed,
    )
    given = parse_settings(options.settings)
    if _is_file(options.design):
        chosen = _design_file(Path(options.design)).replace(**given)
        design = adapt(chosen, info, keep=set(chosen.choices) | set(given))
    else:
        # What was not chosen on purpose follows the data, the task before all: the meaning of
        # the other choices hangs on it.
        chosen = Design.from_template(options.design, **{n: given[n] for n in given if n == "task"})
        chosen = adapt(chosen, info, keep=given).replace(**given)
        design = adapt(chosen, info, keep=given)
        chosen = Design.from_template(options.design)
    check_run(design, settings)
    load(info.name, design["task"])
    say = sys.stderr if options.json else sys.stdout
    for change in adaptation(chosen, design):
        print(f"{change} (from {info.name})", file=say)
    last_line = ""

    def show(progress: Progress, values: Mapping[str, float]) -> None:
        nonlocal last_line
        figures = "  ".join(f"{name} {value:.4g}" for name, value in values.items())
        line = (
            f"epoch {progress.epoch}/{progress.epochs}  step {progress.step}/{progress.steps}"
            f"  {progress.elapsed:.1f} s  {figures}"
        )
        if line != last_line:
            print(line, file=say, flush=True)
            last_line = line

    import_tensorflow_quietly()
    run = run_in_this_process(design, settings, on_progress=show)
    if options.json:
        print(
            json.dumps(
                {
                    "run": run.id,
                    "state": run.state,
                    "metrics": run.metrics,
                    "reason": run.reason,
                }
            )
        )
    else:
        figures = "  ".join(f"{name} {value:.4g}" for name, value in run.metrics.items())
        print(f"{run.id} {run.state}  {figures}")
    if run.state == "failed":
        print(f"designer: the run failed. {run.reason}", file=sys.stderr)
        return 1
    return 0


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


def _draw(options: argparse.Namespace) -> int:
    from designer.drawing import DEPTHS, draw
    from designer.drawing.svg import standalone_svg
    from designer.summary import outline

    if options.depth not in DEPTHS:
        raise DesignError(f"--depth: received {options.depth!r}; {', '.join(DEPTHS)} work.")
    if options.out.suffix.lower() != ".svg":
        raise DesignError(f"--out: received {str(options.out)!r}; a name that ends in .svg works.")
    drawing = draw(outline(_design(options)), depth=options.depth)
    try:
        options.out.write_text(standalone_svg(drawing), encoding="utf-8")
    except OSError as error:
        reason = (error.strerror or "it cannot be written").lower()
        raise DesignError(f"--out: {options.out} cannot be written ({reason}).") from None
    size = options.out.stat().st_size
    if options.json:
        print(json.dumps({"path": str(options.out), "bytes": size, "depth": drawing.depth}))
    else:
        print(f"{options.out}: {size:,} bytes")
        if drawing.note:
            print(drawing.note)
    return 0


def _source(options: argparse.Namespace) -> dict[str, Any]:
    """Return what is exported: a design file, a template, or a run of the store."""
    from designer.errors import RunError
    from designer.templates import templates
    from designer.training import RunStore
    from designer.training.taking_home import export_arguments

    name = options.design
    if name in templates() or _is_file(name):
        design = _design(options)
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


if __name__ == "__main__":
    sys.exit(main())
