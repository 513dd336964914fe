"""From pressing Train to the first point of the curve."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.arrays import Arrays, write_arrays
from benchmarks.figures import AtMost, Effort, Figure
from benchmarks.processes import SCRIPTS, environment
from benchmarks.workers import ready_engine
from designer import Design
from designer.training import TrainingSettings


def measure(effort: Effort) -> list[Figure]:
    """Train ``cnn`` on MNIST-5k with a worker that was never asked before, and with a script."""
    design = Design.from_template("cnn", input_shape=[28, 28, 1], classes=10)
    settings = TrainingSettings(dataset="mnist_5k", epochs=1)
    ours, plain = [], []
    with tempfile.TemporaryDirectory() as folder:
        arrays = write_arrays(design, settings, Path(folder) / "arrays.npz")
        _plain(arrays)  # the first time, files come from the disk
        for _ in range(effort.repetitions(7)):
            ours.append(_ours(design, settings))
            plain.append(_plain(arrays))
    return [
        Figure(
            name="from pressing Train to the first point (cnn, MNIST-5k)",
            unit="s",
            ours=ours,
            other=plain,
            other_name="a plain Keras script from its start",
            wanted=AtMost(0.5),
            method="Ours: `LocalEngine.train`, until the run store shows the run's first point"
            " (asked every 5 ms), with worker processes that have started but have had no run yet"
            " (new ones each time) and the data set in the cache. The script: a fresh `python"
            " plain_fit.py` that imports keras, loads the same arrays from an .npz file, builds,"
            " compiles, fits, and prints at its first batch. In turns.",
        )
    ]


def _ours(design: Design, settings: TrainingSettings) -> float:
    with ready_engine() as engine:
        begun = time.perf_counter()
        run = engine.train(design, settings)
        while not engine.store.metrics(run):
            if engine.store.run(run).state == "failed":
                raise RuntimeError(engine.store.run(run).reason)
            time.sleep(0.005)
        took = time.perf_counter() - begun
        while not engine.store.run(run).is_over:
            time.sleep(0.05)
    return took


def _plain(arrays: Arrays) -> float:
    command = [sys.executable, str(SCRIPTS / "plain_fit.py"), "cnn", str(arrays.file), "1"]
    begun = time.perf_counter()
    with subprocess.Popen(
        [*command, "--first"],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as script:
        assert script.stdout is not None
        word = script.stdout.readline()
        took = time.perf_counter() - begun
    if not word.startswith("first"):
        raise RuntimeError("The plain script ended without a first batch.")
    return took
