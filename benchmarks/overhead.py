"""What it costs that a run is written down, listened to and can go on after a crash."""

from __future__ import annotations

import json

from benchmarks.figures import AtLeast, Effort, Figure
from benchmarks.processes import run_script

EPOCHS = 150


def measure(effort: Effort) -> list[Figure]:
    """Fit ``cnn`` on MNIST-5k with and without all that a run adds."""
    repetitions = effort.repetitions(5, 2)
    said = run_script("fit_with_and_without.py", str(repetitions), str(EPOCHS))
    speeds = json.loads(said.splitlines()[-1])
    return [
        Figure(
            name="examples a second of a whole run, cnn on mnist_5k",
            unit="examples/s",
            ours=speeds["with"],
            other=speeds["without"],
            other_name="the same fit, nothing written or heard",
            wanted=AtLeast(0.97),
            method=f"In one process, in turns, {EPOCHS} epochs each, the first left out. Ours: the"
            " points and the progress written into the store, requests heard, the best weights"
            " kept, checkpoints written. The other side: the same compiled steps, validation"
            " included, and nothing else.",
        )
    ]
