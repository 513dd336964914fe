"""What happens inside the layers: weights, gradients, outputs (TensorFlow; workers only).

Looking costs one step forward and one back on a batch that stays the same. The function that
does it is compiled when somebody first asks to see; as long as nobody does, there is nothing.
It changes neither weights nor anything else of the training: layers run as they do when the
network is used (no dropout, batch normalization by its moving averages), and the figures of the
epoch under way are put back.
"""

from __future__ import annotations

import math
import time
from typing import Any

import keras
import numpy as np
import psutil
import tensorflow as tf

from designer.training.layer_store import keep_snapshot
from designer.training.layer_values import LayerSnapshot, LayerValues, Spread
from designer.training.store import RunStore

BINS = 30
MOST_EXAMPLES = 64
"""Examples looked at: enough to tell a unit that is silent from one that answers seldom."""

LEAST_EXAMPLES = 8

LEAST_SECONDS = 1.0
"""Between two looks: short epochs are not all looked at."""

LARGEST_SHARE = 0.04
"""Of the time, at most, goes into looking, as long as somebody wants to see."""

_ACTIVATIONS = {
    "ReLU": "relu",
    "LeakyReLU": "leaky_relu",
    "ELU": "elu",
    "PReLU": "prelu",
    "Softmax": "softmax",
}


class LayerStatistics:
    """Looks into a compiled model, always with the same batch.

    Args:
        model: a compiled ``keras.Model``.
        features: examples as the model takes them; no more than ``MOST_EXAMPLES`` are used, and
            fewer where what all layers put out for them would not fit in memory.
        labels: their labels, one array, or a list of one a head.
    """

    def __init__(self, model: keras.Model, features: Any, labels: Any):
        self._model = model
        few = slice(_examples_that_fit(model))
        several = isinstance(labels, list | tuple)
        with tf.device("CPU:0"):
            self._features = tf.convert_to_tensor(features[few])
            heads = [tf.convert_to_tensor(head[few]) for head in (labels if several else [labels])]
        self._labels = heads if several else heads[0]
        self._layers = [layer for layer in model.layers if _is_worth_a_look(layer)]
        self._variables = [v for layer in self._layers for v in layer.trainable_variables]
        self._compiled: Any = None

    def snapshot(self, epoch: int, step: int) -> LayerSnapshot:
        """Return what the layers are like now; the first time, compile."""
        if self._compiled is None:
            self._compiled = self._compile()
        outputs, slopes = self._compiled(self._features, self._labels)
        # Described one by one: a graph of all of it would take a large network long to build.
        numbers = [
            [array.numpy() for array in (*_describe(_flat(one)), *_silence(_rows(one)))]
            for one in outputs
        ]
        weights = [_describe(_flat(variable.value)) for variable in self._variables]
        gradients = [_describe(_flat(tf.convert_to_tensor(slope))) for slope in slopes]
        found = []
        place = 0
        for layer, (spread, counts, zeros, dead) in zip(self._layers, numbers, strict=True):
            variables = layer.trainable_variables
            here = slice(place, place + len(variables))
            place = here.stop
            found.append(
                LayerValues(
                    layer.name,
                    type(layer).__name__,
                    _activation(layer),
                    _spread(spread, counts),
                    float(zeros),
                    float(dead),
                    _by_name(variables, weights[here]),
                    _by_name(variables, gradients[here]),
                    _length(weights[here]),
                    _length(gradients[here]),
                )
            )
        return LayerSnapshot(epoch, step, tuple(found))

    def _compile(self) -> Any:
        model, layers = self._model, self._layers
        inside = keras.Model(model.inputs[0], [[layer.output for layer in layers], model.outputs])
        variables = self._variables
        told = list(model.metrics_variables)

        @tf.function(autograph=False)
        def look(features: tf.Tensor, labels: Any) -> Any:
            before = [tf.identity(variable.value) for variable in told]
            values = [variable.value for variable in variables]
            with tf.GradientTape(watch_accessed_variables=False) as tape:
                tape.watch(values)
                outputs, answers = inside(features, training=False)
                answer = answers if len(answers) > 1 else answers[0]
                loss = model.compute_loss(features, labels, answer, training=False)
            gradients = tape.gradient(loss, values, unconnected_gradients="zero")
            for variable, value in zip(told, before, strict=True):
                variable.value.assign(value)
            return outputs, gradients

        return look


class LayerWatch:
    """Keeps what the layers are like in the run store, when somebody wants to see it.

    Args:
        store: the run store.
        run: the run.
        model: its compiled model.
        features: some of its training examples, as the model takes them.
        labels: their labels, one array, or a list of one a head.
    """

    def __init__(self, store: RunStore, run: str, model: keras.Model, features: Any, labels: Any):
        self._store = store
        self._run = run
        self._of = (model, features, labels)
        self._statistics: LayerStatistics | None = None
        self._next = 0.0
        self._looked_at = -1

    @property
    def is_new(self) -> bool:
        """Whether the next look is the first, which compiles: that may take long."""
        return self._statistics is None

    def maybe(self, wanted: bool, epoch: int, step: int, *, last: bool = False) -> bool:
        """Look and keep, if it is wanted and not too soon; return whether it was done.

        Args:
            wanted: whether somebody wants to see (``Control.watch_layers``).
            epoch: the epoch under way or just done.
            step: steps done.
            last: whether nothing will come after it, so that it is never too soon.
        """
        begun = time.monotonic()
        if not wanted or step == self._looked_at or (not last and begun < self._next):
            return False
        self._looked_at = step
        is_first = self._statistics is None
        if self._statistics is None:
            self._statistics = LayerStatistics(*self._of)
        keep_snapshot(self._store, self._run, self._statistics.snapshot(epoch, step))
        now = time.monotonic()
        # The first one compiles: its time says nothing.
        took = 0.0 if is_first else now - begun
        self._next = now + max(LEAST_SECONDS, took / LARGEST_SHARE)
        return True


def _examples_that_fit(model: keras.Model) -> int:
    """Return how many examples can be looked at with a quarter of the memory that is free."""
    numbers = sum(math.prod(layer.output.shape[1:]) for layer in model.layers)
    each = 3 * 4 * max(1, numbers)  # forward, back, and the copies in between
    free = psutil.virtual_memory().available // 4
    return int(min(MOST_EXAMPLES, max(LEAST_EXAMPLES, free // each)))


def _is_worth_a_look(layer: keras.Layer) -> bool:
    return bool(layer.trainable_variables) or _activation(layer) != "linear"


def _activation(layer: keras.Layer) -> str:
    kind = type(layer).__name__
    if kind in _ACTIVATIONS:
        return _ACTIVATIONS[kind]
    return str(getattr(getattr(layer, "activation", None), "__name__", "linear"))


def _flat(values: tf.Tensor) -> tf.Tensor:
    return tf.reshape(tf.cast(values, tf.float32), [-1])


def _rows(output: tf.Tensor) -> tf.Tensor:
    """Return a row for each place of each example, a column for each unit."""
    return tf.reshape(tf.cast(output, tf.float32), [-1, output.shape[-1]])


@tf.function(autograph=False, input_signature=[tf.TensorSpec([None], tf.float32)])
def _describe(flat: tf.Tensor) -> list[tf.Tensor]:
    """Return mean, deviation, smallest, largest, length; and a histogram."""
    mean, low, high = tf.reduce_mean(flat), tf.reduce_min(flat), tf.reduce_max(flat)
    spread = tf.stack([mean, tf.math.reduce_std(flat), low, high, tf.norm(flat)])
    is_good = tf.math.is_finite(low) & tf.math.is_finite(high)
    low, high = tf.where(is_good, low, 0.0), tf.where(is_good, high, 0.0)
    # The range must not be empty; where all are equal, all fall into the middle.
    same = high <= low
    reach = tf.maximum(1e-12, 1e-3 * tf.abs(low))
    low, high = tf.where(same, low - reach, low), tf.where(same, high + reach, high)
    finite = tf.where(tf.math.is_finite(flat), flat, 0.0)
    return [spread, tf.histogram_fixed_width(finite, [low, high], BINS)]


@tf.function(autograph=False, input_signature=[tf.TensorSpec([None, None], tf.float32)])
def _silence(rows: tf.Tensor) -> list[tf.Tensor]:
    """Return the share of zeros, and the share of the units that are zero everywhere."""
    silent = tf.equal(rows, 0)
    shares = (silent, tf.reduce_all(silent, axis=0))
    return [tf.reduce_mean(tf.cast(share, tf.float32)) for share in shares]


def _spread(values: np.ndarray, counts: np.ndarray) -> Spread:
    mean, std, low, high = (float(value) for value in values[:4])
    return Spread(mean, std, low, high, tuple(int(count) for count in counts))


def _by_name(variables: Any, described: Any) -> dict[str, Spread]:
    return {
        variable.name: _spread(spread.numpy(), counts.numpy())
        for variable, (spread, counts) in zip(variables, described, strict=True)
    }


def _length(described: Any) -> float:
    return float(np.sqrt(sum(float(spread[4]) ** 2 for spread, _ in described)))
