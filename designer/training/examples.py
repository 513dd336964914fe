"""Examples as the training loop takes them, by the number of a batch (TensorFlow; workers only).

Small data sets are preprocessed once and lie in memory as tensors, where a batch is one
gather inside the compiled step. Larger ones are preprocessed batch by batch by a thread
that works ahead of the steps.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Protocol

import numpy as np
import psutil
import tensorflow as tf

LARGEST_IN_MEMORY = 1_000_000_000  # bytes
BATCHES_AHEAD = 4

Batch = tuple[Any, ...]
"""Features, labels (one tensor, or a tuple of one a head) and, where examples count differently,
how much each does."""


class Examples(Protocol):
    """Examples in batches of a fixed size; the last batch of a pass may be smaller.

    Attributes:
        count: examples in all.
        steps: batches in one pass.
    """

    count: int
    steps: int

    def begin_pass(self, order: np.ndarray | None) -> None:
        """Begin anew, in an order (a permutation of ``range(count)``) or as they lie."""

    def batch(self, step: tf.Tensor) -> Batch:
        """Return batch ``step`` of the pass; called while a ``tf.function`` is traced."""


def examples_for(
    features: np.ndarray,
    labels: np.ndarray | list[np.ndarray],
    batch_size: int,
    preprocess: Callable[[np.ndarray], np.ndarray],
    weights: np.ndarray | None = None,
) -> Examples:
    """Return examples that lie in memory where they fit, streamed ones where they do not.

    Args:
        features: raw features, (examples, …); what ``preprocess`` makes of them is trained on.
        labels: encoded labels, (examples, …), or a list of one array a head.
        batch_size: examples a batch.
        preprocess: from a batch of raw features to float32 features.
        weights: how much each example counts, float32 (examples,); ``None``: all the same.
    """
    one = preprocess(features[:1])
    needed = one.nbytes * len(features)
    if needed <= min(LARGEST_IN_MEMORY, psutil.virtual_memory().available // 4):
        ready = _in_pieces(features, preprocess, one)
        return InMemoryExamples(ready, labels, batch_size, weights)
    return StreamedExamples(features, labels, batch_size, preprocess, weights)


def _in_pieces(
    features: np.ndarray, preprocess: Callable[[np.ndarray], np.ndarray], one: np.ndarray
) -> np.ndarray:
    """Preprocess all features without ever holding much more than the result."""
    piece = max(1, 50_000_000 // max(1, one.nbytes))
    if len(features) <= piece:
        return preprocess(features)
    ready = np.empty((len(features), *one.shape[1:]), one.dtype)
    for first in range(0, len(features), piece):
        ready[first : first + piece] = preprocess(features[first : first + piece])
    return ready


class InMemoryExamples:
    """Preprocessed examples as tensors; see ``Examples``."""

    def __init__(
        self,
        features: np.ndarray,
        labels: np.ndarray | list[np.ndarray],
        batch_size: int,
        weights: np.ndarray | None = None,
    ):
        self.count = len(features)
        self.steps = math.ceil(self.count / batch_size)
        self._batch_size = batch_size
        with tf.device("CPU:0"):
            self._features = tf.convert_to_tensor(features)
            self._labels = [tf.convert_to_tensor(array) for array in _as_list(labels)]
            self._weights = [] if weights is None else [tf.convert_to_tensor(weights)]
            self._order = tf.Variable(np.arange(self.count), trainable=False)
        self._one_head = not isinstance(labels, list | tuple)

    def begin_pass(self, order: np.ndarray | None) -> None:
        if order is not None:
            self._order.assign(order)

    def batch(self, step: tf.Tensor) -> Batch:
        chosen = self._order[step * self._batch_size : (step + 1) * self._batch_size]
        labels = [tf.gather(array, chosen) for array in self._labels]
        weights = [tf.gather(array, chosen) for array in self._weights]
        told = labels[0] if self._one_head else tuple(labels)
        return tf.gather(self._features, chosen), told, *weights


class StreamedExamples:
    """Raw examples, preprocessed a few batches ahead of need; see ``Examples``."""

    def __init__(
        self,
        features: np.ndarray,
        labels: np.ndarray | list[np.ndarray],
        batch_size: int,
        preprocess: Callable[[np.ndarray], np.ndarray],
        weights: np.ndarray | None = None,
    ):
        self.count = len(features)
        self.steps = math.ceil(self.count / batch_size)
        self._batch_size = batch_size
        self._features = features
        self._labels = _as_list(labels)
        self._one_head = not isinstance(labels, list | tuple)
        self._weights = [] if weights is None else [weights]
        self._preprocess = preprocess
        self._order = np.arange(self.count)
        self._ahead: dict[int, Future[list[np.ndarray]]] = {}
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="examples")
        self._specification = [
            tf.TensorSpec((None, *array.shape[1:]), array.dtype)
            for array in (preprocess(features[:1]), *self._labels, *self._weights)
        ]

    def begin_pass(self, order: np.ndarray | None) -> None:
        self._order = np.arange(self.count) if order is None else order
        for future in self._ahead.values():
            future.cancel()
        self._ahead = {}

    def batch(self, step: tf.Tensor) -> Batch:
        kinds = [specification.dtype for specification in self._specification]
        arrays = tf.numpy_function(self._take, [step], kinds)
        for array, specification in zip(arrays, self._specification, strict=True):
            array.set_shape(specification.shape)
        heads = len(self._labels)
        labels = arrays[1] if self._one_head else tuple(arrays[1 : heads + 1])
        return arrays[0], labels, *arrays[heads + 1 :]

    def _take(self, step: np.ndarray) -> list[np.ndarray]:
        now = int(step)
        for number in range(now, min(now + BATCHES_AHEAD, self.steps)):
            if number not in self._ahead:
                self._ahead[number] = self._threads.submit(self._make, self._order, number)
        return self._ahead.pop(now).result()

    def _make(self, order: np.ndarray, number: int) -> list[np.ndarray]:
        chosen = order[number * self._batch_size : (number + 1) * self._batch_size]
        return [
            self._preprocess(self._features[chosen]),
            *(np.ascontiguousarray(array[chosen]) for array in (*self._labels, *self._weights)),
        ]


def _as_list(labels: np.ndarray | list[np.ndarray]) -> list[np.ndarray]:
    return list(labels) if isinstance(labels, list | tuple) else [labels]
