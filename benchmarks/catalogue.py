"""The benchmarks there are: a name, and the module that measures its figures.

A module is imported when its benchmark is run; it has one function,
``measure(effort: Effort) -> list[Figure]``.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.figures import Effort, Figure


@dataclass(frozen=True)
class Benchmark:
    """A group of figures that are measured together."""

    name: str
    title: str

    def measure(self, effort: Effort) -> list[Figure]:
        """Measure the group's figures."""
        module = importlib.import_module(f"benchmarks.{self.name}")
        function: Callable[[Effort], list[Figure]] = module.measure
        return function(effort)


BENCHMARKS = {
    benchmark.name: benchmark
    for benchmark in (
        Benchmark("summarizing", "summarize against building the model with tf.keras"),
        Benchmark("reaction", "from a control's change to the new totals on the page"),
        Benchmark("dragging", "totals and drawings a second while a slider is dragged"),
        Benchmark("page_script", "one run of the Design page without a browser"),
        Benchmark("selecting", "from a click on a layer to its inspector"),
        Benchmark("drawing", "the drawing at its largest: opening, panning, zooming"),
        Benchmark("first_page", "from an address to a usable page"),
        Benchmark("page_process", "what the process that serves pages holds"),
        Benchmark("first_point", "from pressing Train to the first point of the curve"),
        Benchmark("watching", "from a point's writing to the screens of ten pages"),
        Benchmark("queueing", "twenty runs queued by ten sessions"),
        Benchmark("history", "the history with a thousand runs"),
        Benchmark("training_speed", "examples a second while training"),
        Benchmark("exporting", "what the proof of an export costs"),
        Benchmark("downloading", "what the page process holds while VGG16 is downloaded"),
        Benchmark("overhead", "what a run costs beyond its arithmetic"),
    )
}
