"""What the proof of an export costs."""

from __future__ import annotations

import json

from benchmarks.figures import AtMost, Effort, Figure
from benchmarks.processes import run_script


def measure(effort: Effort) -> list[Figure]:
    """Export ResNet50 as a SavedModel with its proof, and without ours."""
    said = run_script("export_or_plain.py", str(effort.repetitions(5, 2)))
    seconds = json.loads(said.splitlines()[-1])
    return [
        Figure(
            name="SavedModel of ResNet50, verified",
            unit="s",
            ours=seconds["ours"],
            other=seconds["plain"],
            other_name="plain model.export and one fresh process that loads it",
            wanted=AtMost(1.5),
            method="In one process with TensorFlow loaded, in turns, the first of each left out;"
            " both build the model and write a folder. Ours: `export_model` with all it does: the"
            " signatures, the fresh process that loads and predicts, the comparison, latencies,"
            " the README and what else lies beside the model, checksums. The other side:"
            " `model.export`, then `python -c` that imports tensorflow and loads the folder.",
        )
    ]
