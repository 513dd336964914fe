"""``summarize``: how much faster than building with tf.keras, and without memory for weights."""

from __future__ import annotations

import json

from benchmarks.figures import AtLeast, AtMost, Effort, Figure
from benchmarks.processes import run_script
from designer import Design, summarize


def measure(effort: Effort) -> list[Figure]:
    """Time ResNet50 both ways in one process, and trace the memory of VGG16's summary."""
    times = json.loads(run_script("summarize_or_build.py", str(effort.repetitions(9, 3))))
    ours = [1000 * seconds for seconds in times["summarize"]]
    how = (
        "In one process, warm, in turns, a new Design each time (making it is counted in), the"
        " Keras session cleared before each"
    )
    figures = [
        Figure(
            name=f"summarize of ResNet50, times faster than {words}",
            unit="ms",
            ours=ours,
            other=[1000 * seconds for seconds in times[way]],
            other_name=words,
            wanted=AtLeast(200),
            method=f"{how}; the other side is {call}.",
            turned=True,
        )
        for way, words, call in (
            (
                "applications",
                "keras.applications",
                "`keras.applications.ResNet50(weights=None)`",
            ),
            ("build_model", "build_model", "our own `build_model` of the same design"),
        )
    ]
    weights = summarize(Design.from_template("vgg16")).weight_bytes / 2**20
    traced = [
        int(run_script("summarize_memory.py")) / 2**20 for _ in range(effort.repetitions(3, 1))
    ]
    figures.append(
        Figure(
            name="memory of a summary of VGG16",
            unit="MiB",
            ours=traced,
            other=[weights],
            other_name="its weights",
            wanted=AtMost(0.01),
            method="The most that `summarize(…).to_dict()` held at once (tracemalloc), against the"
            " size of the weights that it tells of. One hundredth is taken for none.",
        )
    )
    return figures
