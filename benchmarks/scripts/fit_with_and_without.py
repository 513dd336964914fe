"""The same fit with all that a run adds, and without it, in turns: ``… REPETITIONS EPOCHS``.

Without: our training loop with a companion that does nothing. With: a whole run, written to a
store, listened to, checkpointed. Prints one JSON object: examples a second, a list a way; the
first epoch, which compiles, is left out on both sides.
"""

import json
import sys
import time

import keras

from designer import Design
from designer.keras_model import build_model
from designer.training import TrainingSettings, run_in_this_process
from designer.training.checkpoint import Place
from designer.training.loop import Measuring, TrainingLoop
from designer.training.optimizing import compile_for_run
from designer.training.preparing import prepare

DESIGN = Design.from_template("cnn", input_shape=[28, 28, 1], classes=10)
repetitions, epochs = int(sys.argv[1]), int(sys.argv[2])
SETTINGS = TrainingSettings("mnist_5k", epochs=epochs)


class Silent:
    """Notes when the first and the last epoch ended, and nothing else."""

    def __init__(self):
        self.ends = []

    def epochs(self):
        return epochs

    def after_call(self, place, values):
        return ""

    def while_measuring(self):
        return ""

    def after_epoch(self, place, values):
        self.ends = [*self.ends[:1], time.perf_counter()]
        return ""


def without():
    parts = prepare(DESIGN, SETTINGS)
    keras.utils.set_random_seed(SETTINGS.seed)
    model = build_model(DESIGN)
    compile_for_run(model, DESIGN, SETTINGS, -(-len(parts.train.indices) // 32))
    companion = Silent()
    loop = TrainingLoop(
        model,
        parts.examples(parts.train, 32),
        parts.examples(parts.validation, 512),
        Measuring(model),
        SETTINGS.seed,
    )
    loop.fit(Place(), companion)
    first, last = companion.ends
    keras.backend.clear_session()
    return (epochs - 1) * len(parts.train.indices) / (last - first)


def with_all():
    told = []
    run = run_in_this_process(
        DESIGN, SETTINGS, lambda progress, _: told.append((time.perf_counter(), progress))
    )
    if run.state != "finished":
        raise SystemExit(run.reason)
    begun, first = next(one for one in told if one[1].epoch > 1)
    # The last write of the training itself, not the end of the run: that measures and saves.
    ended, last = next(one for one in told if one[1].step == run.progress.step)
    examples = round(5000 * (1 - SETTINGS.validation - SETTINGS.test))
    steps = run.progress.steps / epochs
    return (last.step - first.step) / steps * examples / (ended - begun)


found = {"with": [], "without": []}
with_all(), without()
for _ in range(repetitions):
    found["with"].append(with_all())
    found["without"].append(without())
print(json.dumps(found))
