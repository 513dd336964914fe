"""Prints, as JSON, seconds of our verified SavedModel of ResNet50 and of a plain one, in turns.

Plain: ``model.export`` and one fresh process that loads it. On both sides the model is built, and
TensorFlow is there already, as in a worker.
"""

import gc
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import keras

from designer import Design, build_model
from designer.exports import export_model

LOAD = "import sys, tensorflow as tf; tf.saved_model.load(sys.argv[1])"

repetitions = int(sys.argv[1])
design = Design.from_template("resnet50")
seconds: dict[str, list[float]] = {"ours": [], "plain": []}

with tempfile.TemporaryDirectory() as folder:
    for number in range(-1, repetitions):
        for side, taken in seconds.items():
            path = Path(folder) / f"{side}{number}"
            keras.backend.clear_session()
            gc.collect()
            begun = time.perf_counter()
            if side == "ours":
                export_model(design.to_dict(), None, "saved_model", path)
            else:
                build_model(design).export(str(path), verbose=False)
                subprocess.run(
                    [sys.executable, "-c", LOAD, str(path)], check=True, capture_output=True
                )
            if number >= 0:  # the first of each compiles
                taken.append(time.perf_counter() - begun)
print(json.dumps(seconds))
