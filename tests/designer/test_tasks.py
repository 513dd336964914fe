"""The book's five tasks: their heads and what training them needs."""

from __future__ import annotations

import pytest

from designer import Design
from designer.compiling import compile_settings
from designer.tasks import (
    ACTIVATIONS,
    LOSSES,
    METRICS,
    OPTIMIZER_SLOTS,
    TASKS,
    USUAL_OPTIMIZER,
    Head,
    heads,
)


def test_every_task_has_all_it_needs() -> None:
    for table in (ACTIVATIONS, LOSSES, METRICS, USUAL_OPTIMIZER):
        assert list(table) == list(TASKS)
    assert set(USUAL_OPTIMIZER.values()) <= set(OPTIMIZER_SLOTS)


def test_heads() -> None:
    assert heads({"task": "regression", "outputs": 3}) == (Head("outputs", 3, "linear"),)
    assert heads({"task": "binary"}) == (Head("outputs", 1, "sigmoid"),)
    assert heads({"task": "multiclass", "classes": 5}) == (Head("outputs", 5, "softmax"),)
    assert heads({"task": "multilabel", "classes": 7}) == (Head("outputs", 7, "sigmoid"),)
    assert heads({"task": "multitask", "classes": (5, 2)}) == (
        Head("outputs1", 5, "softmax"),
        Head("outputs2", 2, "softmax"),
    )


@pytest.mark.parametrize(
    ("task", "loss", "optimizer", "metrics"),
    [
        ("regression", ("mse",), "rmsprop", ("mae",)),
        ("binary", ("binary_crossentropy",), "rmsprop", ("accuracy",)),
        ("multiclass", ("categorical_crossentropy",), "adam", ("accuracy",)),
        ("multilabel", ("binary_crossentropy",), "rmsprop", ("accuracy",)),
        ("multitask", ("categorical_crossentropy",) * 2, "adam", ("accuracy",)),
    ],
)
def test_a_design_is_compiled_as_the_book_compiles_it(
    task: str, loss: tuple[str, ...], optimizer: str, metrics: tuple[str, ...]
) -> None:
    compiled = compile_settings(Design.from_template("dnn", task=task))
    assert (compiled.loss, compiled.optimizer, compiled.metrics) == (loss, optimizer, metrics)


def test_every_one_can_be_changed() -> None:
    design = Design.from_template(
        "dnn", task="multitask", loss=["mse", "kl_divergence"], optimizer="sgd", metric="none"
    )
    compiled = compile_settings(design)
    assert compiled.loss == ("mse", "kl_divergence")
    assert compiled.optimizer == "sgd"
    assert compiled.metrics == ()


@pytest.mark.keras
@pytest.mark.parametrize("name", list(OPTIMIZER_SLOTS))
def test_optimizers_keep_the_numbers_we_say(name: str) -> None:
    import keras

    weight = keras.Variable([[1.0, 2.0, 3.0]])
    optimizer = keras.optimizers.get(name)
    optimizer.build([weight])
    kept = [variable for variable in optimizer.variables if variable.shape == weight.shape]
    assert len(kept) == OPTIMIZER_SLOTS[name]
