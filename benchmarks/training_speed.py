"""Examples a second while training: a run of ours against plain ``model.fit``."""

from __future__ import annotations

import json
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.arrays import Arrays, write_arrays
from benchmarks.figures import AtLeast, Effort, Figure
from benchmarks.processes import run_script
from benchmarks.table import write_number
from designer import Design
from designer.engine import LocalEngine
from designer.training import Progress, TrainingSettings


@dataclass(frozen=True)
class _Pass:
    """One measurement: examples a second, and what the network was worth after it."""

    speed: float
    validation_loss: float


@dataclass(frozen=True)
class _Case:
    name: str
    dataset: str
    design: Design
    our_epochs: int
    plain_epochs: int
    wanted: float


def _cases() -> list[_Case]:
    return [
        _Case(
            name="cnn",
            dataset="mnist_5k",
            design=Design.from_template("cnn", input_shape=[28, 28, 1], classes=10),
            our_epochs=25,
            plain_epochs=25,
            wanted=0.97,
        ),
        _Case(
            name="dnn",
            dataset="diabetes",
            design=Design.from_template("dnn", input_shape=[10]),
            our_epochs=1500,
            plain_epochs=120,
            wanted=2.0,
        ),
    ]


def measure(effort: Effort) -> list[Figure]:
    """Train each case in turns, ours through an engine, plain in a script of its own."""
    figures = []
    engine = LocalEngine()
    try:
        with tempfile.TemporaryDirectory() as folder:
            for case in _cases():
                figures.append(_measure(case, engine, Path(folder), effort))
    finally:
        engine.close()
    return figures


def _measure(case: _Case, engine: LocalEngine, folder: Path, effort: Effort) -> Figure:
    settings = TrainingSettings(dataset=case.dataset, epochs=case.our_epochs)
    arrays = write_arrays(case.design, settings, folder / f"{case.name}.npz")
    ours: list[_Pass] = []
    plain: list[_Pass] = []
    for _ in range(effort.repetitions(5)):
        ours.append(_ours(engine, case, settings, arrays))
        plain.append(_plain(case, arrays))
    sides = [
        f"{name} {epochs} epochs in about {epochs * arrays.training / passes[-1].speed:.1f} s,"
        f" validation loss {write_number(passes[-1].validation_loss)} at the end"
        for name, epochs, passes in (
            ("ours", case.our_epochs, ours),
            ("plain", case.plain_epochs, plain),
        )
    ]
    return Figure(
        name=f"examples a second, {case.name} on {case.dataset}",
        unit="examples/s",
        ours=[one.speed for one in ours],
        other=[one.speed for one in plain],
        other_name="plain model.fit",
        wanted=AtLeast(case.wanted),
        method="The same arrays, split, layers, loss, optimizer, metric and batch size (32), each"
        " epoch with its validation, in turns, the plain script in a process of its own each time."
        " Training examples over seconds; loading, building and the first epoch, which compiles,"
        f" are left out on both sides. Lately: {'; '.join(sides)}.",
    )


def _ours(engine: LocalEngine, case: _Case, settings: TrainingSettings, arrays: Arrays) -> _Pass:
    """Train once; return examples a second from the first look after epoch 1 to the end."""
    run = engine.train(case.design, settings)
    first: Progress | None = None
    while True:
        now = engine.store.run(run)
        if first is None and now.progress.epoch > 1:
            first = now.progress
        if now.is_over:
            break
        time.sleep(0.5 if first else 0.1)  # a page looks twice a second
    if now.state != "finished" or first is None:
        raise RuntimeError(f"The run {now.state}: {now.reason}")
    last = now.progress
    steps = last.step - first.step
    examples = steps / (last.steps / last.epochs) * arrays.training
    return _Pass(examples / (last.elapsed - first.elapsed), now.metrics["val_loss"])


def _plain(case: _Case, arrays: Arrays) -> _Pass:
    said = run_script("plain_fit.py", case.name, str(arrays.file), str(case.plain_epochs))
    told = json.loads(said.splitlines()[-1])
    speed = (case.plain_epochs - 1) * arrays.training / told["seconds"]
    return _Pass(speed, told["figures"]["val_loss"])
