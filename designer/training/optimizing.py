"""A run's optimizer: the design's, with the run's learning rate, decay and clipping
(TensorFlow; workers only)."""

from __future__ import annotations

from typing import Any

import keras

from designer.compiling import compile_settings
from designer.design import Design
from designer.keras_model import compile_model
from designer.training.data_unit import loss_for, loss_without_penalty
from designer.training.learning_rate import LearningRate
from designer.training.scaled_targets import ScaledTargets
from designer.training.settings import TrainingSettings

NOT_DECAYED = ("bias", "gamma", "beta")
"""Weights that weight decay leaves alone, as is usual: offsets, and scales of normalization."""


def compile_for_run(
    model: keras.Model,
    design: Design,
    settings: TrainingSettings,
    steps: int,
    targets: ScaledTargets | None = None,
) -> LearningRate:
    """Compile a model for its run, build its optimizer, and return its learning rate.

    Args:
        model: the model of ``design``.
        design: says loss, metrics and optimizer.
        settings: of the run.
        steps: steps an epoch.
        targets: how the targets it learns are scaled; ``None`` for as they are.
    """
    kind = type(keras.optimizers.get(compile_settings(design).optimizer))
    rate = LearningRate(settings, float(kind().learning_rate), steps)
    options: dict[str, Any] = {"learning_rate": rate}
    if settings.weight_decay:
        options["weight_decay"] = settings.weight_decay
    if settings.clip_norm is not None:
        options["global_clipnorm"] = settings.clip_norm
    optimizer = kind(**options)
    if settings.weight_decay:
        optimizer.exclude_from_weight_decay(var_names=list(NOT_DECAYED))
    data_loss = loss_without_penalty(design, targets)
    compile_model(
        model,
        design,
        optimizer=optimizer,
        loss=loss_for(design, targets),
        more_metrics=[data_loss] if data_loss else [],
    )
    optimizer.build(model.trainable_variables)
    return rate


def compile_plainly(model: keras.Model, design: Design, *, afresh: bool = False) -> None:
    """Compile a trained model anew, so that Keras alone can load it: with the learning rate it
    had last as a number, and the optimizer in the same state.

    Args:
        model: a model compiled for its run.
        design: its design.
        afresh: forget the optimizer's state: it is of gradients that the model has no more.
    """
    ours = model.optimizer
    if not isinstance(ours._learning_rate, LearningRate):
        return
    settings = ours.get_config()
    settings["learning_rate"] = float(ours.learning_rate)
    plain = type(ours)(**settings)
    plain.build(model.trainable_variables)
    theirs = {variable.path: variable for variable in plain.variables}
    for variable in [] if afresh else ours.variables:
        if variable.path in theirs:
            theirs[variable.path].assign(variable)
    compile_model(model, design, optimizer=plain)
