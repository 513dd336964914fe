"""Each diagnosis: a run built to show it, and runs that must not."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest
from made_up import DESIGN, TEN_CLASSES, curve, falling, layer, say

from designer.design import Design
from designer.diagnosing import SEVERITIES, Baseline
from designer.training.runs import Event, MetricPoint
from designer.training.settings import TrainingSettings

HEALTHY = curve(
    falling(2.3, 0.1, 12, 0.7),
    falling(2.1, 0.15, 12, 0.7),
    1 - falling(0.8, 0.03, 12, 0.6),
    1 - falling(0.7, 0.05, 12, 0.6),
)


def wobble(count: int, size: float, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(scale=size, size=count)


def test_a_healthy_run_converges_and_nothing_else_is_said_at_any_moment() -> None:
    for epochs in range(13):
        seen = [point for point in HEALTHY if point.epoch <= epochs]
        assert set(say(seen)) == ({"converging"} if epochs >= 2 else set()), epochs
    found = say(HEALTHY)["converging"]
    assert found.severity == "good"
    assert found.action is None
    assert "validation loss fell" in found.words


def test_nothing_is_said_of_nothing() -> None:
    assert say([]) == {}
    assert say(curve([2.3])) == {}
    assert say([MetricPoint(1, 1, 1, "batch", {"accuracy": 0.5}, 0.0)]) == {}


def test_a_run_that_ended_while_it_learned_wants_more_epochs() -> None:
    found = say(HEALTHY, is_over=True)
    assert found["unfinished"].action == {"settings": {"epochs": 24}}
    assert "converging" not in found
    flat = curve(falling(2.3, 0.1, 30, 0.5), falling(2.3, 0.2, 30, 0.5))
    assert "unfinished" not in say(flat, is_over=True)


def test_a_long_run_is_seen_over_a_long_stretch() -> None:
    loss = np.linspace(2.3, 0.9, 400) + wobble(400, 0.02)
    assert set(say(curve(loss, loss + 0.1))) == {"converging"}
    flat = falling(2.3, 0.9, 400, 0.9) + wobble(400, 0.02)
    assert set(say(curve(flat, flat + 0.1))) == {"plateaued"}


def test_a_plateau_is_told_with_its_beginning() -> None:
    loss = falling(2.3, 1.2, 25, 0.4) + wobble(25, 0.004)
    found = say(curve(loss, loss + 0.05))["plateaued"]
    assert 4 <= found.epoch <= 9
    assert found.action == {"change": {"learning_rate": 0.0001}}
    assert "plateaued" not in say(HEALTHY)
    slow = np.linspace(2.3, 1.0, 25)
    assert "plateaued" not in say(curve(slow, slow))


def test_another_learning_rate_begins_a_trend_anew() -> None:
    loss = falling(2.3, 1.2, 25, 0.4)
    points = curve(loss, loss + 0.05)
    changed = Event(1, "changed", 220, 23, {"learning_rate": 0.0001}, 0.0)
    assert "plateaued" in say(points)
    assert "plateaued" not in say(points, events=[changed], learning_rate=0.0001)
    other = Event(1, "changed", 220, 23, {"epochs": 50}, 0.0)
    assert "plateaued" in say(points, events=[other])


def test_overfitting_is_told_with_the_epoch_it_began() -> None:
    train = falling(2.3, 0.01, 20, 0.75)
    validation = falling(2.3, 0.5, 20, 0.5) + 0.04 * np.maximum(0, np.arange(20) - 6)
    validation += wobble(20, 0.005)
    found = say(curve(train, validation))["overfitting"]
    assert 6 <= found.epoch <= 8
    assert found.words.startswith(f"Overfitting since epoch {found.epoch}:")
    assert "gap widens" in found.words
    assert found.action == {"change": {"early_stopping": 3}}
    over = say(curve(train, validation), is_over=True)["overfitting"]
    assert set(over.action["settings"]["augmentation"]) == {"translation", "rotation", "zoom"}
    assert say(curve(train, validation), early_stopping=5)["overfitting"].action is None


def test_a_weight_penalty_is_offered_where_there_is_dropout_enough() -> None:
    train = falling(2.3, 0.01, 20, 0.75)
    validation = falling(2.3, 0.5, 20, 0.5) + 0.04 * np.maximum(0, np.arange(20) - 6)
    varied = {"augmentation": {"zoom": 0.1}}
    for parameters, action in (
        ({"dropout": 0.2}, {"design": {"dropout": 0.5}}),
        ({"dropout": 0.5}, {"design": {"l2": 0.0005}}),
        (
            {"dropout": 0.5, "l2": 0.0001},
            {"settings": {"early_stopping": 3, "keep": "best"}},
        ),
    ):
        design = DESIGN.replace(**parameters)
        found = say(curve(train, validation), design=design, is_over=True, **varied)["overfitting"]
        assert found.action == action
        assert "dropout or a weight penalty" in found.words
        assert design.replace(**action.get("design", {}))


def test_a_gap_that_stays_and_one_that_trembles_are_no_overfitting() -> None:
    train = falling(2.3, 0.3, 20, 0.6)
    assert "overfitting" not in say(curve(train, train + 0.2))
    rough = train + 0.1 + np.abs(wobble(20, 0.08))
    assert "overfitting" not in say(curve(train, rough))
    # both rise together: that is something else
    rising = 0.5 + 0.05 * np.arange(10)
    assert "overfitting" not in say(curve(rising, rising + 0.1))


def test_the_luckiest_of_a_thousand_epochs_is_not_where_overfitting_began() -> None:
    for seed in range(5):
        train = 4 + wobble(1000, 0.4, seed)
        rough = 5 + np.abs(wobble(1000, 1.5, seed + 10))
        assert "overfitting" not in say(curve([1e6, *train], [5.0, *rough]))
    train = falling(2.3, 0.001, 1000, 0.9)
    rising = falling(2.3, 0.2, 1000, 0.5) + 0.0005 * np.arange(1000) + wobble(1000, 0.01)
    found = say(curve(train, rising))["overfitting"]
    assert 5 <= found.epoch <= 60


def test_what_is_known_by_heart_while_validation_stands_is_overfitting() -> None:
    train = falling(2.3, 0.001, 30, 0.75)
    validation = falling(2.3, 0.6, 30, 0.7)
    sure, unsure = 1 - falling(0.9, 0.0, 30, 0.6), 1 - falling(0.9, 0.2, 30, 0.6)
    found = say(curve(train, validation, sure, unsure))["overfitting"]
    assert "by heart" in found.words
    both = curve(train, 0.001 + 1.05 * train, sure, sure)
    assert "overfitting" not in say(both)


@pytest.mark.parametrize("way", [0.0, 0.12])
def test_underfitting_both_near_chance(way: float) -> None:
    loss = 2.3 * (1 - way) + wobble(12, 0.002)
    accuracy = np.full(12, 0.1 + 0.9 * way) + wobble(12, 0.004, 1)
    found = say(curve(loss, loss, accuracy, accuracy))["underfitting"]
    assert found.action == {"design": {"hidden": [64]}}
    assert "guessing" in found.words
    assert ("12%" in found.words) == bool(way)
    high = say(curve(loss, loss, accuracy, accuracy), learning_rate=0.5)["underfitting"]
    assert high.action == {"change": {"learning_rate": 0.05}}


@pytest.mark.parametrize(("penalty", "is_to_blame"), [(0.05, True), (0.0005, False), (0.0, False)])
def test_a_strong_weight_penalty_is_to_blame_first(penalty: float, is_to_blame: bool) -> None:
    loss = np.full(12, 2.3) + wobble(12, 0.002)
    accuracy = np.full(12, 0.1) + wobble(12, 0.004, 1)
    design = DESIGN.replace(l2=penalty)
    found = say(curve(loss, loss, accuracy, accuracy), design=design)["underfitting"]
    assert ("weight penalty (L2), 0.05, is strong" in found.words) == is_to_blame
    assert found.action == {"design": {"l2": 0.005} if is_to_blame else {"hidden": [64]}}
    assert design.replace(**found.action["design"]) != design
    high = say(curve(loss, loss, accuracy, accuracy), design=design, learning_rate=0.5)
    assert "learning rate" in high["underfitting"].words


def test_with_a_weight_penalty_a_loss_is_not_held_against_a_constant_answer() -> None:
    """It holds the penalty too, many times the loss of the answers in a wide network."""
    large = falling(62.0, 50.0, 12, 0.9)
    assert "exploding_loss" in say(curve(large, large))
    assert not {"exploding_loss", "underfitting"} & set(
        say(curve(large, large), design=DESIGN.replace(l2=0.1))
    )
    design = Design.from_template("dnn", input_shape=[4])
    base = Baseline(loss=100.0, start=5000.0)
    poor = np.full(12, 97.0)
    assert "underfitting" in say(curve(poor, poor), baseline=base, design=design)
    assert "underfitting" not in say(
        curve(poor, poor), baseline=base, design=design.replace(l2=0.001)
    )


def test_poor_but_getting_better_or_good_is_no_underfitting() -> None:
    accuracy = np.linspace(0.1, 0.3, 12)
    loss = np.linspace(2.3, 1.9, 12)
    assert "underfitting" not in say(curve(loss, loss, accuracy, accuracy))
    flat = np.full(12, 0.8)
    assert "underfitting" not in say(curve(flat, flat, flat, flat))
    assert "underfitting" not in say(curve(loss * 0 + 2.3, loss * 0 + 2.3), baseline=None)


def test_a_regression_is_held_against_the_best_constant() -> None:
    design = Design.from_template("dnn", input_shape=[4])
    base = Baseline(loss=100.0, start=5000.0)
    poor, good = np.full(12, 97.0), np.full(12, 40.0)
    assert "underfitting" in say(curve(poor, poor), baseline=base, design=design)
    assert "underfitting" not in say(curve(good, good), baseline=base, design=design)


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_divergence_is_told_with_its_step_and_a_tenth_of_the_rate(bad: float) -> None:
    points = [*HEALTHY[:9], MetricPoint(99, 37, 4, "batch", {"loss": bad}, 0.0)]
    found = say(points, learning_rate=0.05)
    assert set(found) == {"diverged"}
    one = found["diverged"]
    assert (one.severity, one.epoch) == ("serious", 4)
    assert "step 37" in one.words
    assert "0.05" in one.words
    assert one.action == {"settings": {"learning_rate": 0.005}}


def test_a_loss_that_came_back_has_not_diverged() -> None:
    points = [MetricPoint(1, 1, 1, "batch", {"loss": math.nan}, 0.0), *HEALTHY]
    assert "diverged" not in say(points)


def test_a_first_step_without_a_number_does_not_blame_the_learning_rate() -> None:
    found = say([MetricPoint(1, 1, 1, "batch", {"loss": math.nan}, 0.0)])["diverged"]
    assert found.action is None
    assert "very first step" in found.words


def test_a_validation_loss_without_a_number_is_told() -> None:
    loss = falling(2.3, 0.1, 6)
    validation = [2.0, 1.0, 0.5, math.nan, math.nan, math.nan]
    assert say(curve(loss, validation))["diverged"].epoch == 4
    assert "diverged" not in say(curve(loss))


def test_a_loss_that_explodes_is_told_while_it_is_a_number() -> None:
    loss = [2.3, 1.5, 1.2, 3.0, 9.0, 40.0]
    found = say(curve(loss, loss))["exploding_loss"]
    assert found.epoch == 4
    assert found.action == {"change": {"learning_rate": 0.0001}}
    leap = [2.3, 1.5, 1.2, 9.0, 1.1, 1.0]
    assert "exploding_loss" not in say(curve(leap, leap))
    assert "exploding_loss" not in say(curve([2.3, 2.2, 2.5, 2.9], [2.3] * 4))


def test_a_loss_beyond_all_measure_from_the_first_epoch_has_exploded() -> None:
    assert "exploding_loss" in say(curve([3e13, 3.9e13, 3.9e13]))
    design = Design.from_template("dnn", input_shape=[4])
    far = Baseline(loss=1.0, start=1_000_000.0)  # targets near 1000, all about the same
    as_they_are = {"baseline": far, "design": design, "target_scaling": "none"}
    assert "exploding_loss" not in say(curve([9.9e5] * 5), **as_they_are)
    # Targets that are scaled are learned from their mean on: it never was that large.
    assert "exploding_loss" in say(curve([9.9e5] * 5), baseline=far, design=design)
    assert "exploding_loss" not in say(curve([0.9] * 5), baseline=far, design=design)


def test_too_small_a_learning_rate() -> None:
    loss = np.linspace(2.37, 2.36, 8)
    found = say(curve(loss, loss), learning_rate=1e-4)["learning_rate_too_small"]
    assert found.action == {"change": {"learning_rate": 0.001}}
    far = say(curve(loss, loss), learning_rate=1e-6)["learning_rate_too_small"]
    assert far.action["change"]["learning_rate"] == pytest.approx(0.000333)


def test_fast_flat_finished_and_faster_runs_do_not_have_too_small_a_rate() -> None:
    for loss in (
        falling(2.3, 0.1, 12, 0.7),
        np.full(12, 2.3) + wobble(12, 0.01),
        0.05 + falling(0.01, 0.0, 12, 0.6),
        2.3 - 0.002 * np.arange(12) ** 2,
    ):
        assert "learning_rate_too_small" not in say(curve(loss, loss)), loss


def test_noise_is_told_with_the_batch_or_the_rate_to_blame() -> None:
    loss = 0.6 * np.array([1, 0.6, 1.2, 0.7, 1.3, 0.5, 1.1, 0.65, 1.2, 0.6])
    small = say(curve(loss, loss), batch_size=2)["noisy"]
    assert small.action == {"settings": {"batch_size": 16}}
    large = say(curve(loss, loss), batch_size=128)["noisy"]
    assert large.action == {"change": {"learning_rate": 0.0001}}
    smooth = falling(2.3, 0.5, 10, 0.7) + wobble(10, 0.01)
    assert "noisy" not in say(curve(smooth, smooth), batch_size=2)
    nothing = 1e-4 * loss  # next to nothing of the first loss
    assert "noisy" not in say(curve([2.3, *nothing], [2.3, *nothing]), batch_size=2)


def test_better_validation_is_explained_by_what_only_training_bears() -> None:
    train = falling(2.3, 0.6, 12, 0.7)
    validation = falling(2.0, 0.3, 12, 0.7)
    dropout = DESIGN.replace(dropout=0.5)
    found = say(curve(train, validation), design=dropout)["validation_better"]
    assert "dropout" in found.words
    varied = say(curve(train, validation), augmentation={"rotation": 10.0})["validation_better"]
    assert "augmentation" in varied.words
    plain = say(curve(train, validation))["validation_better"]
    assert "easier" in plain.words


def test_half_an_epoch_of_age_is_not_better_validation() -> None:
    """A fast learner's mean over an epoch lies above the validation loss at its end."""
    fine = 2.3 * 0.6 ** np.arange(0, 12, 0.01)
    train = fine.reshape(-1, 100).mean(axis=1)
    validation = fine[99::100]
    assert np.all(validation < 0.8 * train)
    assert "validation_better" not in say(curve(train, validation))
    assert "validation_better" not in say(curve(train, validation), augmentation={"rotation": 10.0})


def test_only_the_commonest_class() -> None:
    shares = Baseline(0.3, math.log(2), ((0.1, 0.9),))
    loss = falling(0.7, 0.33, 8, 0.4)
    stuck = [0.6, 0.9, 0.9, 0.902, 0.9, 0.9, 0.9, 0.9]
    found = say(curve(loss, loss, stuck, stuck), baseline=shares)["class_imbalance"]
    assert found.epoch == 2
    assert found.action == {"settings": {"class_weights": "balanced"}}
    better = [0.6, 0.9, 0.9, 0.91, 0.93, 0.95, 0.95, 0.95]
    assert "class_imbalance" not in say(curve(loss, loss, better, better), baseline=shares)
    even = Baseline(0.69, math.log(2), ((0.48, 0.52),))
    half = [0.52] * 8
    assert "class_imbalance" not in say(curve(loss, loss, half, half), baseline=even)


def test_dead_relus_are_told_by_layer() -> None:
    look = [layer("hidden1", 0.01), layer("hidden2", 0.01, dead=0.7), layer("outputs", 0.01)]
    found = say(HEALTHY, layers=[look])["dead_relus"]
    assert (found.layer, found.severity) == ("hidden2", "warning")
    assert "70%" in found.words
    assert found.action == {"settings": {"learning_rate": 0.0001}}
    all_dead = [layer("hidden1", 0.0, dead=1.0), layer("outputs", 0.01, activation="softmax")]
    assert say(HEALTHY, layers=[all_dead])["dead_relus"].severity == "serious"
    some = [layer("hidden1", 0.01, dead=0.3), layer("outputs", 0.01)]
    assert "dead_relus" not in say(HEALTHY, layers=[some])
    other = [layer("hidden1", 0.01, dead=0.9, activation="sigmoid"), layer("outputs", 0.01)]
    assert "dead_relus" not in say(HEALTHY, layers=[other])


def test_vanishing_gradients_are_told_by_layer() -> None:
    sizes = [1e-8, 1e-6, 1e-4, 1e-2]
    look = [layer(f"hidden{n}", size, activation="sigmoid") for n, size in enumerate(sizes, 1)]
    deep = DESIGN.replace(activation="sigmoid")
    found = say(HEALTHY, layers=[look], design=deep)["vanishing_gradients"]
    assert found.layer == "hidden1"
    assert "1 more layer" in found.words
    assert found.action == {"design": {"activation": "relu"}}
    fine = [layer(f"hidden{n}", size) for n, size in enumerate([0.001, 0.01, 0.05], 1)]
    assert "vanishing_gradients" not in say(HEALTHY, layers=[fine])
    tiny = [layer(f"hidden{n}", 1e-9) for n in range(4)]  # all alike: the loss is at its end
    assert "vanishing_gradients" not in say(HEALTHY, layers=[tiny])


def test_gradients_behind_a_dead_layer_do_not_vanish_by_themselves() -> None:
    look = [layer("hidden1", 0.0), layer("hidden2", 0.0, dead=1.0), layer("outputs", 0.1)]
    assert set(say(HEALTHY, layers=[look])) == {"dead_relus"}


def test_exploding_gradients() -> None:
    before = [layer("hidden1", 0.01), layer("outputs", 0.01)]
    grown = [layer("hidden1", 50.0), layer("outputs", 0.01)]
    found = say(HEALTHY, layers=[before, grown])["exploding_gradients"]
    assert found.layer == "hidden1"
    assert found.action == {"settings": {"clip_norm": 1.0}}
    at_once = say(HEALTHY, layers=[grown])["exploding_gradients"]
    assert "on its way from the output" in at_once.words
    no_number = [layer("hidden1", math.nan), layer("outputs", 0.01)]
    assert "not a number" in say(HEALTHY, layers=[no_number])["exploding_gradients"].words
    assert "exploding_gradients" not in say(HEALTHY, layers=[before, before])
    small = [layer("hidden1", 1e-9), layer("outputs", 1e-9)]  # larger, and still small
    assert "exploding_gradients" not in say(HEALTHY, layers=[small, before])


def test_the_gravest_comes_first() -> None:
    train = falling(2.3, 0.6, 12, 0.7)
    look = [layer("hidden1", 0.01, dead=0.7), layer("outputs", 0.01)]
    found = list(say(curve(train, falling(2.0, 0.3, 12, 0.7)), layers=[look]).values())
    places = [SEVERITIES.index(one.severity) for one in found]
    assert len(places) > 2
    assert places == sorted(places)


@pytest.mark.parametrize("name", ["dnn", "image_dnn", "cnn", "vgg16", "resnet18", "composable"])
def test_what_is_offered_of_a_design_builds(name: str) -> None:
    from designer.summary import summarize

    design = Design.from_template(name)
    flat = np.full(12, 2.3)
    base = Baseline(2.3, 2.3)
    larger = say(curve(flat, flat), design=design, baseline=base)["underfitting"].action
    deep = design.replace(activation="sigmoid") if "activation" in design.parameters else design
    look = [layer("first", 1e-9), layer("last", 0.1)]
    faded = say(HEALTHY, layers=[look], design=deep)["vanishing_gradients"].action
    for action in (larger, faded):
        assert action is not None
        assert summarize(design.replace(**action["design"])).fault is None


def test_what_is_offered_of_settings_is_taken() -> None:
    train = falling(2.3, 0.01, 20, 0.75)
    validation = falling(2.3, 0.5, 20, 0.5) + 0.04 * np.maximum(0, np.arange(20) - 6)
    found = say(curve(train, validation), is_over=True)["overfitting"]
    changed = TrainingSettings("digits").replace(**found.action["settings"])
    assert changed.augmentation.is_on


def test_thousands_of_points_take_milliseconds() -> None:
    loss = falling(2.3, 0.1, 700, 0.99) + np.abs(wobble(700, 0.01))
    points = curve(loss, loss * 1.1, 1 - loss / 3, 1 - loss / 3)
    assert len(points) == 2100
    say(points)
    times = []
    for _ in range(10):
        begun = time.perf_counter()
        say(points)
        times.append(time.perf_counter() - begun)
    assert min(times) < 0.005, f"{min(times) * 1000:.1f} ms"


def test_baselines_are_what_numpy_says() -> None:
    from designer.diagnosing import baseline

    labels = np.array([0, 0, 0, 1, 2, 2, 0, 1])
    found = baseline(labels, "multiclass", ["categorical_crossentropy"])
    shares = np.bincount(labels) / 8
    assert found.loss == pytest.approx(-np.mean(np.log(shares[labels])))
    assert found.shares == (tuple(shares),)
    assert found.start == pytest.approx(math.log(3))
    numbers = np.array([[1.0], [2.0], [9.0]])
    assert baseline(numbers, "regression", ["mse"]).loss == pytest.approx(numbers.var())
    assert baseline(numbers, "regression", ["mae"]).loss == pytest.approx(8 / 3)
    assert baseline(numbers, "regression", ["huber"]).loss is None
    assert baseline(numbers, "regression", ["mse"]).start == pytest.approx(86 / 3)
    assert baseline(labels, "multiclass", ["mse"]).loss is None
    two = baseline((labels, labels % 2), "multitask", ["categorical_crossentropy"] * 2, 2)
    assert len(two.shares) == 2
    assert Baseline.from_dict(found.to_dict()) == found
    assert Baseline.from_dict(TEN_CLASSES.to_dict()) == TEN_CLASSES
