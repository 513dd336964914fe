"""``train``: a design on a data set, in this process or in a worker's."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from designer.commands.own_data import add_data, data_of
from designer.commands.parsing import Declare, add_settings
from designer.commands.reading import design_file, is_file
from designer.design import Design, parse_settings
from designer.plain_numbers import plain_figures
from designer.quiet import import_tensorflow_quietly

if TYPE_CHECKING:
    from designer.training import TrainingSettings


def add(declare: Declare) -> None:
    """Declare the command."""
    train = declare("train", _train, "Train a design on a data set.", design=True)
    add_data(train)
    train.add_argument("--epochs", type=int, default=10)
    train.add_argument("--batch-size", type=int, default=32)
    train.add_argument("--learning-rate", type=float, help="instead of the optimizer's own")
    train.add_argument("--seed", type=int, default=0)
    add_settings(
        train,
        "--training-set",
        "any other training setting (schedule=cosine, early_stopping=5, …)",
    )
    train.add_argument(
        "--detach", action="store_true", help="queue it for a worker and return at once"
    )


def _train(options: argparse.Namespace) -> int:
    from designer.adapting import adapt, adaptation
    from designer.datasets import load
    from designer.training import Progress, TrainingSettings, check_run, run_in_this_process

    info = data_of(options)
    settings = TrainingSettings.from_dict(
        {
            "dataset": info.name,
            "epochs": options.epochs,
            "batch_size": options.batch_size,
            "learning_rate": options.learning_rate,
            "seed": options.seed,
            **parse_settings(options.training_settings),
        }
    )
    given = parse_settings(options.settings)
    if options.task:
        given.setdefault("task", options.task)
    if is_file(options.design):
        chosen = design_file(Path(options.design)).replace(**given)
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
    if options.detach:
        return _detach(design, settings, options.json)
    last_line = ""

    def show(progress: Progress, values: Mapping[str, float]) -> None:
        nonlocal last_line
        line = (
            f"epoch {progress.epoch}/{progress.epochs}  step {progress.step}/{progress.steps}"
            f"  {progress.elapsed:.1f} s  {plain_figures(values)}"
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
        print(f"{run.id} {run.state}  {plain_figures(run.metrics)}")
    if run.state == "failed":
        print(f"designer: the run failed. {run.reason}", file=sys.stderr)
        return 1
    return 0


def _detach(design: Design, settings: TrainingSettings, as_json: bool) -> int:
    from designer.commands.runs import keep_the_queue, told
    from designer.engine.queueing import queue_run
    from designer.training import RunStore

    run = queue_run(RunStore(), design, settings)
    keep_the_queue()
    print(json.dumps(told(run)) if as_json else run.id)
    return 0
