"""Measures how fast this machine trains, in a second or two (TensorFlow; workers only)."""

from __future__ import annotations

import math
import time
from dataclasses import asdict

import keras
import numpy as np

from designer.training.estimating import PASSES, MachineRates, keep_rates
from designer.training.examples import InMemoryExamples
from designer.training.loop import TrainingPass

SECONDS_EACH = 0.25


def calibrate() -> dict[str, float]:
    """Measure this machine's rates, keep them, and return them; a worker's job."""
    rates = measure()
    keep_rates(rates)
    return asdict(rates)


def measure() -> MachineRates:
    """Return how fast this machine trains, from four small networks that each show one cost."""
    layers = 6
    tiny = _seconds_a_step(_dense([8] * layers, 8), (8,), 8, batch=2)
    layer_seconds = tiny / layers

    weights = 1024 * 1024
    heavy = _seconds_a_step(_dense([1024], 1024), (1024,), 1024, batch=1)
    renewed = weights / _rest(heavy, 2 * layer_seconds)

    units, batch = 512, 128
    wide = _seconds_a_step(_dense([units, units], units), (units,), units, batch)
    dense = (
        PASSES
        * batch
        * 3
        * units
        * units
        / _rest(wide, 3 * layer_seconds + 3 * units * units / renewed)
    )

    side, filters, batch = 28, 32, 16
    network: list[keras.Layer] = [
        keras.layers.Conv2D(filters, 3, padding="same", activation="relu") for _ in range(2)
    ]
    network += [keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(2)]
    shape = (side, side, filters)
    spent = _rest(_seconds_a_step(network, shape, 2, batch), len(network) * layer_seconds)
    multiply_adds = 2 * math.prod(shape) * 9 * filters
    convolution = PASSES * batch * multiply_adds / spent
    return MachineRates(dense, convolution, renewed, layer_seconds)


def _rest(seconds: float, other: float) -> float:
    """Return seconds less what other costs take of them: a quarter at least, as on a busy
    machine the two were not measured at the same speed."""
    return max(seconds - other, seconds / 4)


def _dense(hidden: list[int], outputs: int) -> list[keras.Layer]:
    layers = [keras.layers.Dense(units, activation="relu") for units in hidden]
    return [*layers, keras.layers.Dense(outputs)]


def _seconds_a_step(
    layers: list[keras.Layer], shape: tuple[int, ...], outputs: int, batch: int
) -> float:
    """Return what a training step of a network takes, the best of several goes."""
    steps = 50
    model = keras.Sequential([keras.Input(shape), *layers])
    model.compile("adam", "mse")
    generator = np.random.default_rng(0)
    examples = InMemoryExamples(
        generator.normal(size=(batch * steps, *shape)).astype("float32"),
        generator.normal(size=(batch * steps, outputs)).astype("float32"),
        batch,
    )
    steps_of = TrainingPass(model, examples)
    best, begun = math.inf, time.monotonic()
    while time.monotonic() - begun < SECONDS_EACH or best == math.inf:
        before, done_before = time.perf_counter(), 0
        for done, _ in steps_of.run():
            now = time.perf_counter()
            if done > 2:  # the first compiles, the second is one step alone
                best = min(best, (now - before) / (done - done_before))
            before, done_before = now, done
    return best
