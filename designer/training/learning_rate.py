"""The learning rate of a run, step by step (TensorFlow; workers only).

Computed inside the compiled step from the step's number and a few variables, so that it does
not depend on how many steps one call takes, and can be changed while training goes on.
"""

from __future__ import annotations

import math
from typing import Any

import keras
import tensorflow as tf

from designer.training.settings import TrainingSettings


class LearningRate(keras.optimizers.schedules.LearningRateSchedule):
    """The schedule of a run.

    Args:
        settings: of the run.
        usual: the optimizer's own learning rate, for a run that names none.
        steps: steps an epoch.
    """

    def __init__(self, settings: TrainingSettings, usual: float, steps: int):
        self._kind = settings.schedule
        self._usual = usual
        self._steps = steps
        self._warm_up = settings.warm_up * steps
        self._fall_steps = settings.schedule_epochs * steps
        self._fall = settings.schedule_factor
        self._lowest = settings.lowest_learning_rate
        with tf.device("CPU:0"):
            self._base = tf.Variable(0.0, trainable=False, dtype="float32")
            self._factor = tf.Variable(1.0, trainable=False, dtype="float32")
            self._last = tf.Variable(1.0, trainable=False, dtype="float32")
        self.change(settings)

    def change(self, settings: TrainingSettings) -> None:
        """Take over a learning rate or a number of epochs changed under way."""
        rate = self._usual if settings.learning_rate is None else settings.learning_rate
        self._base.assign(rate)
        self._last.assign(float(settings.epochs * self._steps))

    @property
    def factor(self) -> float:
        """What falls on plateaus have made of it."""
        return float(self._factor)

    @factor.setter
    def factor(self, value: float) -> None:
        self._factor.assign(value)

    def fall(self) -> bool:
        """Fall once, as after a plateau; False if it is at its lowest already."""
        if float(self._base) * self.factor <= self._lowest:
            return False
        self.factor = self.factor * self._fall
        return True

    def at(self, step: int) -> float:
        """Return the learning rate of a step, counted from 0."""
        return float(self(tf.constant(step)))

    def __call__(self, step: Any) -> Any:
        step = tf.cast(step, tf.float32)
        rate = self._base * self._factor
        if self._kind == "step":
            rate = rate * self._fall ** tf.floor(step / self._fall_steps)
        elif self._kind == "cosine":
            length = tf.maximum(1.0, self._last - self._warm_up)
            part = tf.clip_by_value((step - self._warm_up) / length, 0.0, 1.0)
            rate = rate * 0.5 * (1.0 + tf.cos(math.pi * part))
        if self._lowest:
            rate = tf.maximum(rate, tf.minimum(self._lowest, self._base))
        if self._warm_up:
            rate = rate * tf.minimum(1.0, (step + 1.0) / self._warm_up)
        return rate

    def get_config(self) -> dict[str, Any]:
        """Return nothing: a saved model has a number instead (``compile_plainly``)."""
        return {}
