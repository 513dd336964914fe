"""The training loop: epochs over ``keras.Model.train_step`` (TensorFlow; workers only).

Why not ``model.fit``: ``fit`` gives control back after every batch, or after a fixed number
of them, and rebuilds an iterator for each epoch; on small networks that costs many times
the arithmetic. Here as many steps as fit into a tenth of a second run inside one compiled
function, each of them the model's own ``train_step``, so that losses, metrics, optimizers
and regularisers are Keras's. Between two calls there is room to write, to listen, and to
stop. The order of the examples follows from the seed and the epoch's number alone.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

import keras
import numpy as np
import tensorflow as tf

from designer.errors import RunError
from designer.training.augmenting import Vary
from designer.training.checkpoint import Place
from designer.training.examples import Examples, InMemoryExamples
from designer.training.scaled_targets import in_data_unit

CALL_SECONDS = 0.1
"""About how long the steps of one call take: how soon a stop is heard, how fine a curve can be."""


NO_UNIT: Mapping[str, float] = {}
"""Figures are told as the model measures them."""


class Diverged(RunError):
    """The loss is no longer a number."""


class TrainingPass:
    """Passes over the training examples, compiled once, as many steps a call as wanted.

    Args:
        model: a compiled model.
        examples: to learn from.
        seed: fixes what ``vary`` does, together with the number of the step.
        vary: changes the pictures of a batch at random; ``None`` leaves them.
        unit: what figures are multiplied by to be in the unit of the data.
    """

    def __init__(
        self,
        model: keras.Model,
        examples: Examples,
        seed: int = 0,
        vary: Vary | None = None,
        unit: Mapping[str, float] = NO_UNIT,
    ):
        self._model = model
        self._unit = unit
        self._examples = examples
        self._seconds_a_step: float | None = None

        @tf.autograph.experimental.do_not_convert
        def one_step(number: tf.Tensor) -> tf.Tensor:
            batch = examples.batch(number)
            if vary is not None:
                step = tf.cast(model.optimizer.iterations, tf.int32)
                batch = (vary(batch[0], tf.stack([seed, step])), *batch[1:])
            model.train_step(batch)
            return number + 1

        @tf.function(autograph=False)
        def steps(first: tf.Tensor, end: tf.Tensor) -> dict[str, tf.Tensor]:
            tf.while_loop(lambda n: n < end, one_step, [first], parallel_iterations=1)
            results: dict[str, tf.Tensor] = model.get_metrics_result()
            return results

        self._compiled = steps

    def run(
        self, order: np.ndarray | None = None, first: int = 0
    ) -> Iterator[tuple[int, dict[str, float]]]:
        """Train on all examples once; after each call, yield the steps done and the means.

        Args:
            order: of the examples; ``None`` takes them as they lie.
            first: steps of this pass that were done before, the means of which the model holds.
        """
        if not first:
            self._model.reset_metrics()
        self._examples.begin_pass(order)
        done = first
        while done < self._examples.steps:
            end = min(self._examples.steps, done + self._steps_a_call())
            begun = time.perf_counter()
            results = self._compiled(tf.constant(done), tf.constant(end))
            values = _figures(results, self._unit)
            # The first call compiles: its time says nothing.
            seconds = (time.perf_counter() - begun) / (end - done)
            self._seconds_a_step = math.inf if self._seconds_a_step is None else seconds
            done = end
            yield done, values

    def _steps_a_call(self) -> int:
        if not self._seconds_a_step:
            return 1
        return max(1, min(10_000, int(CALL_SECONDS / self._seconds_a_step)))


class Measuring:
    """Losses and metrics of a compiled model over examples it does not learn from.

    Compiled once for all examples of a kind, so that the test data cost no second wait.

    Args:
        model: a compiled model.
        unit: what figures are multiplied by to be in the unit of the data.
    """

    def __init__(self, model: keras.Model, unit: Mapping[str, float] = NO_UNIT):
        self._model = model
        self.unit = unit
        self._compiled: Callable[..., Any] | None = None

    def run(self, examples: Examples) -> Iterator[None]:
        """Measure all examples, batch by batch; ``results`` are those of the batches so far."""
        self._model.reset_metrics()
        examples.begin_pass(None)
        for number in range(examples.steps):
            features, labels = examples.batch(tf.constant(number))
            if self._compiled is None:
                self._compiled = self._compile(features, labels)
            self._compiled(features, labels)
            yield

    def results(self) -> dict[str, float]:
        """Return the means over what was measured."""
        return _figures(self._model.get_metrics_result(), self.unit)

    def measure(self, examples: Examples, seconds: float | None = None) -> dict[str, float]:
        """Return the means over examples, as many of them as can be measured in ``seconds``."""
        begun = time.monotonic()
        for _ in self.run(examples):
            if seconds is not None and time.monotonic() - begun > seconds:
                break
        return self.results()

    def _compile(self, features: tf.Tensor, labels: Any) -> Callable[..., Any]:
        def any_count(tensor: tf.Tensor) -> tf.TensorSpec:
            return tf.TensorSpec((None, *tensor.shape[1:]), tensor.dtype)

        signature = [any_count(features), tf.nest.map_structure(any_count, labels)]

        @tf.function(autograph=False, input_signature=signature)
        def step(features: tf.Tensor, labels: Any) -> None:
            self._model.test_step((features, labels))

        compiled: Callable[..., Any] = step
        return compiled


class Companion(Protocol):
    """What goes along with the training: writes, listens, keeps places."""

    def epochs(self) -> int:
        """Return how many epochs there are to be."""

    def after_call(self, place: Place, values: dict[str, float]) -> str:
        """Note the figures after some steps; return why to halt, or ``""``."""

    def while_measuring(self) -> str:
        """Return why to halt between two batches of validation, or ``""``."""

    def after_epoch(self, place: Place, values: dict[str, float]) -> str:
        """Note the figures of a whole epoch; return why to halt, or ``""``."""


class TrainingLoop:
    """Trains a compiled model and measures it.

    Args:
        model: a compiled ``keras.Model``.
        training: examples to learn from.
        validation: examples to measure after each epoch.
        measuring: of the same model; all figures are in its unit.
        seed: fixes the order of the training examples, and how they are varied.
        vary: changes the pictures of a batch at random; ``None`` leaves them.
    """

    def __init__(
        self,
        model: keras.Model,
        training: Examples,
        validation: Examples,
        measuring: Measuring,
        seed: int,
        vary: Vary | None = None,
    ):
        self._model = model
        self._training = training
        self._seed = seed
        self._validation = validation
        self._train = TrainingPass(model, training, seed, vary, measuring.unit)
        self._measuring = measuring

    def fit(self, place: Place, companion: Companion) -> str:
        """Train on from a place until the last epoch or a halt.

        Args:
            place: where training stands; kept up to date.
            companion: told of everything, and asked whether to go on.

        Returns:
            why it halted; ``""`` after the last epoch.

        Raises:
            Diverged: the loss is not a finite number any more.
        """
        steps = self._training.steps
        while place.epoch <= companion.epochs():
            if place.done < steps:
                order = np.random.default_rng((self._seed, place.epoch))
                shuffled = order.permutation(self._training.count)
                for done, values in self._train.run(shuffled, place.done):
                    place.done = done
                    if done == steps:
                        place.training = values
                    halt = companion.after_call(place, values)
                    if not math.isfinite(values["loss"]):
                        step = (place.epoch - 1) * steps + done
                        raise Diverged(_divergence(self._model, place.epoch, step))
                    if halt:
                        return halt
            for _ in self._measuring.run(self._validation):
                if halt := companion.while_measuring():
                    return halt
            measured = self._measuring.results()
            figures = place.training | {f"val_{name}": value for name, value in measured.items()}
            place.epoch, place.done, place.training = place.epoch + 1, 0, {}
            if halt := companion.after_epoch(place, figures):
                return halt
        return ""


def _figures(results: Mapping[str, tf.Tensor], unit: Mapping[str, float]) -> dict[str, float]:
    """Return what was measured as a person is told it."""
    return in_data_unit({name: float(value) for name, value in results.items()}, unit)


def _divergence(model: keras.Model, epoch: int, step: int) -> str:
    if step == 1:  # measured before any weight was changed: no learning rate is to blame
        loss = getattr(model.loss, "name", model.loss)
        return (
            f"The loss ({loss}) is not a number from the very first step: it cannot take "
            "these outputs or these labels. Another loss, or scaled features, may work."
        )
    rate = float(model.optimizer.learning_rate)
    return (
        f"The loss stopped being a number at step {step} (epoch {epoch}): training diverged. "
        f"The learning rate, {rate:.3g}, is the likely cause: try a tenth of it."
    )


def warm_up() -> None:
    """Train two tiny networks for a step, so that what TensorFlow does once is done."""
    picture = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            keras.layers.Conv2D(2, 3, activation="relu"),
            keras.layers.MaxPooling2D(2),
            keras.layers.Flatten(),
            keras.layers.Dense(2, activation="softmax"),
        ]
    )
    picture.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    features = np.zeros((4, 8, 8, 1), "float32")
    examples = InMemoryExamples(features, np.eye(2, dtype="float32")[[0, 1, 0, 1]], 2)
    for _ in TrainingPass(picture, examples).run():
        pass
    Measuring(picture).measure(examples)
