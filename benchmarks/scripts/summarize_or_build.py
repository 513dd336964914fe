"""Times ``summarize`` and the building of the same network with tf.keras, in turns.

Prints one JSON object: a list of seconds for each way.
"""

import gc
import json
import sys
import time

import keras

from designer import Design, summarize
from designer.keras_model import build_model


def seconds(action):
    keras.backend.clear_session()
    gc.collect()
    begun = time.perf_counter()
    result = action()
    took = time.perf_counter() - begun
    del result
    return took


WAYS = {
    # A design of its own each time: nothing can have been kept from the time before.
    "summarize": lambda: summarize(Design.from_template("resnet50")).total_params,
    "build_model": lambda: build_model(Design.from_template("resnet50")),
    "applications": lambda: keras.applications.ResNet50(weights=None),
}

for action in WAYS.values():
    action()  # the first time imports and compiles
times = {name: [] for name in WAYS}
for _ in range(int(sys.argv[1])):
    for name, action in WAYS.items():
        times[name].append(seconds(action))
print(json.dumps(times))
