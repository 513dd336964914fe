"""How long one run of the Design page's script takes, without a browser."""

from __future__ import annotations

import json

from benchmarks.figures import AtMost, Effort, Figure
from benchmarks.processes import run_script

LIMIT_MS = 25.0


def measure(effort: Effort) -> list[Figure]:
    """Run the whole page for a design that differs each time."""
    seconds = json.loads(
        run_script("design_page_runs.py", "resnet50", str(effort.repetitions(60, 10)))
    )
    return [
        Figure(
            name="one run of the Design page's script (ResNet50)",
            unit="ms",
            ours=[1000 * one for one in seconds],
            other=[LIMIT_MS],
            other_name="the limit",
            wanted=AtMost(1.0),
            method="Streamlit's AppTest runs the whole page, its own costs included, each time for"
            " a design with other filters; the first runs are not counted.",
        )
    ]
