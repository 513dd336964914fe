"""Diagnoses of networks that were really trained, each beside a healthy one."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from small_trainings import Training, train

from designer.design import Design
from designer.training.settings import TrainingSettings

pytestmark = pytest.mark.keras


def digits(**changes: object) -> Design:
    return Design.from_template(
        "image_dnn", input_shape=[8, 8], classes=10, **{"hidden": [32], **changes}
    )


def diabetes(**changes: object) -> Design:
    return Design.from_template("dnn", input_shape=[10], **changes)


@cache
def healthy() -> Training:
    return train(digits(), TrainingSettings("digits", epochs=15, learning_rate=0.003), looks=True)


@cache
def healthy_and_deep() -> Training:
    settings = TrainingSettings("digits", epochs=8, learning_rate=0.001)
    return train(digits(hidden=[32] * 10), settings, looks=True)


def test_a_network_that_learns_converges_from_its_second_epoch_to_the_end() -> None:
    for epochs in range(2, 16):
        assert healthy().kinds(epochs) == {"converging"}
    assert healthy().kinds(is_over=True) == {"unfinished"}


def test_a_deep_network_that_learns_has_no_dead_layers_and_no_vanishing_gradients() -> None:
    for epochs in range(2, 9):
        assert healthy_and_deep().kinds(epochs) == {"converging"}


def test_wrong_labels_learned_by_heart_are_overfitting_since_the_best_epoch() -> None:
    def spoil(labels: np.ndarray) -> np.ndarray:
        chance = np.random.default_rng(1)
        return np.where(
            chance.random(len(labels)) < 0.3, chance.integers(0, 10, len(labels)), labels
        )

    settings = TrainingSettings("digits", epochs=25, learning_rate=0.003)
    run = train(digits(hidden=[128]), settings, only=200, relabel=spoil)
    best = 1 + int(np.argmin([p.values["val_loss"] for p in run.points if p.kind == "epoch"]))
    found = next(one for one in run.diagnoses() if one.kind == "overfitting")
    assert abs(found.epoch - best) <= 1
    assert "overfitting" not in run.kinds(5)


def test_a_few_examples_known_by_heart_are_overfitting() -> None:
    settings = TrainingSettings("digits", epochs=40, learning_rate=0.003)
    run = train(digits(hidden=[128, 128]), settings, only=60)
    assert "overfitting" in run.kinds()
    assert "overfitting" not in run.kinds(8)


def test_a_linear_model_plateaus_at_what_it_can_do() -> None:
    design = diabetes(optimizer="sgd", hidden=[])
    run = train(design, TrainingSettings("diabetes", epochs=30, learning_rate=0.03))
    found = run.diagnoses()
    assert {one.kind for one in found} == {"plateaued"}
    assert 4 <= found[0].epoch <= 10
    assert run.kinds(4) == {"converging"}


@pytest.mark.parametrize(("rate", "hidden"), [(3.0, []), (30.0, [10, 10])])
def test_too_high_a_rate_diverges_and_a_tenth_of_a_tenth_does_not(
    rate: float, hidden: list[int]
) -> None:
    design = diabetes(optimizer="sgd", hidden=hidden)
    run = train(design, TrainingSettings("diabetes", epochs=8, learning_rate=rate))
    found = run.diagnoses(is_over=True)
    assert {one.kind for one in found} == {"diverged"}
    first_bad = next(p.step for p in run.points if not np.isfinite(p.values["loss"]))
    assert f"step {first_bad}:" in found[0].words
    assert found[0].action == {"settings": {"learning_rate": pytest.approx(rate / 10)}}


def test_a_loss_that_flew_off_without_becoming_nan_has_exploded() -> None:
    design = diabetes(optimizer="sgd")
    run = train(design, TrainingSettings("diabetes", epochs=3, learning_rate=1.0))
    assert run.kinds() == {"exploding_loss"}


@pytest.mark.parametrize(("optimizer", "rate"), [("sgd", 20.0), ("adam", 1.0)])
def test_steps_too_long_kill_relus(optimizer: str, rate: float) -> None:
    design = digits(hidden=[64, 64], optimizer=optimizer)
    run = train(design, TrainingSettings("digits", epochs=3, learning_rate=rate), looks=True)
    found = run.diagnoses()
    assert {one.kind for one in found} == {"dead_relus"}
    assert found[0].severity == "serious"
    assert {one.layer for one in found} <= {"hidden1", "hidden2"}
    gentle = train(design, TrainingSettings("digits", epochs=3, learning_rate=0.01), looks=True)
    assert "dead_relus" not in gentle.kinds()


def test_ten_sigmoid_layers_let_no_gradient_through() -> None:
    design = digits(hidden=[32] * 10, activation="sigmoid")
    run = train(design, TrainingSettings("digits", epochs=7, learning_rate=0.001), looks=True)
    found = run.diagnoses()
    assert {one.kind for one in found} == {"vanishing_gradients"}
    assert found[0].layer == "hidden1"
    mended = run.design.replace(**found[0].action["design"])  # type: ignore[index]
    assert mended == healthy_and_deep().design


def test_dropout_explains_better_validation() -> None:
    settings = TrainingSettings("digits", epochs=8, learning_rate=0.003)
    run = train(digits(dropout=0.5), settings)
    assert "validation_better" in run.kinds()
    assert "validation_better" not in healthy().kinds()


def test_a_millionth_barely_moves_it() -> None:
    run = train(digits(), TrainingSettings("digits", epochs=8, learning_rate=1e-6))
    assert run.kinds() == {"learning_rate_too_small"}


def test_labels_of_chance_cannot_be_learned() -> None:
    settings = TrainingSettings("digits", epochs=12, learning_rate=0.003)
    run = train(digits(hidden=[4]), settings, relabel=np.random.default_rng(0).permutation)
    assert run.kinds() == {"underfitting"}


def test_a_penalty_too_strong_to_learn_against() -> None:
    settings = TrainingSettings("digits", epochs=9, learning_rate=0.003)
    run = train(digits(hidden=[512, 512], l2=0.1), settings, only=500)
    assert run.points[0].values["loss"] > 5  # more than guessing costs: it is the weights
    for epochs in range(2, 9):
        assert "exploding_loss" not in run.kinds(epochs)
    found = run.diagnoses()
    assert {one.kind for one in found} == {"underfitting"}
    assert found[0].action == {"design": {"l2": 0.01}}


def test_the_commonest_class_for_every_example() -> None:
    def unequal(labels: np.ndarray) -> np.ndarray:
        return (np.random.default_rng(1).random(len(labels)) < 0.88).astype(int)

    design = Design.from_template("dnn", input_shape=[30], task="binary", hidden=[8])
    settings = TrainingSettings("breast_cancer", epochs=6, learning_rate=0.003)
    assert "class_imbalance" in train(design, settings, relabel=unequal).kinds()
    assert "class_imbalance" not in train(design, settings).kinds()


def test_four_examples_a_batch_and_long_steps_are_noisy() -> None:
    settings = TrainingSettings("digits", epochs=12, learning_rate=0.03, batch_size=4)
    assert "noisy" in train(digits(), settings).kinds()
    assert "noisy" not in healthy().kinds()
