"""Regression on scaled targets: figures, models and answers stay in the unit of the data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import create_engine, text

from designer.datasets import Preprocessing
from designer.design import Design
from designer.engine import LocalEngine
from designer.errors import DatasetError
from designer.evaluating import load_results
from designer.paths import run_folder
from designer.tasks import LOSSES, METRICS
from designer.training import (
    Run,
    RunStore,
    TrainingSettings,
    request_pause,
    request_resume,
    request_stop,
    run_in_this_process,
)
from designer.training.preparing import Part, Parts, prepare
from designer.training.scaled_targets import (
    DEGREES,
    ScaledTargets,
    figure_factors,
    scaled_targets,
)
from tests.designer.training.real import DNN, end, kill, wait

SETTINGS = TrainingSettings("diabetes", seed=1)
FAR = np.array([[1000.0, 5.0], [1300.0, 6.0], [1600.0, 4.0]])


# --- The numbers ------------------------------------------------------------------------------


def test_a_shift_an_output_and_one_factor_are_learned() -> None:
    targets = ScaledTargets.fit(FAR)
    assert targets.shift == pytest.approx((1300, 5))
    assert targets.factor == pytest.approx(np.sqrt((60_000 + 2 / 3) / 2))
    scaled = targets.apply(FAR)
    assert scaled.dtype == np.float32
    assert np.mean(np.square(scaled)) == pytest.approx(1)
    np.testing.assert_allclose(targets.undo(scaled), FAR, rtol=1e-6)


@pytest.mark.parametrize("value", [3.3, 0.0, 1e7])
def test_targets_that_are_all_the_same_are_only_shifted(value: float) -> None:
    same = np.full((100, 1), value, np.float32)
    targets = ScaledTargets.fit(same)
    assert targets.factor == 1
    assert np.abs(targets.apply(same)).max() == 0


@pytest.mark.parametrize(
    "labels", [np.ones(5), np.ones((0, 1)), np.array([[np.nan]]), np.array([[np.inf]])]
)
def test_what_is_no_table_of_finite_numbers_is_refused(labels: np.ndarray) -> None:
    with pytest.raises(DatasetError, match="finite training labels"):
        ScaledTargets.fit(labels)


def test_they_are_learned_from_the_training_part_alone() -> None:
    parts = prepare(DNN, SETTINGS)
    assert parts.targets == ScaledTargets.fit(parts.train.labels)
    everything = np.concatenate([parts.train.labels, parts.validation.labels, parts.test.labels])
    assert parts.targets != ScaledTargets.fit(everything)
    learned = parts.labels_of(parts.train)
    assert isinstance(learned, np.ndarray)
    assert abs(learned.mean()) < 1e-6
    assert parts.labels_of(parts.train, 3).shape == (3, 1)  # type: ignore[union-attr]
    assert parts.test.labels[0, 0] > 20, "what results are made of stays in the unit of the data"


def test_only_a_regression_has_them_and_only_if_wanted() -> None:
    assert scaled_targets(DNN, SETTINGS.replace(target_scaling="none"), FAR) is None
    binary = Design.from_template("dnn", input_shape=[10], task="binary")
    assert scaled_targets(binary, SETTINGS, FAR) is None
    assert scaled_targets(DNN, SETTINGS, FAR) == ScaledTargets.fit(FAR)
    assert figure_factors(DNN, None) == {}


def test_every_metric_of_a_regression_can_be_told_in_the_unit_of_the_data() -> None:
    assert {*METRICS["regression"]} - {"none"} <= {*DEGREES}
    targets = ScaledTargets((0.0,), 5.0)
    design = DNN.replace(loss="mse", metric="root_mean_squared_error")
    assert figure_factors(design, targets) == {"loss": 25, "root_mean_squared_error": 5}
    assert figure_factors(DNN.replace(loss="huber", metric="none"), targets) == {"loss": 5}


# --- Runs of earlier versions -----------------------------------------------------------------


def test_a_run_kept_before_there_was_a_choice_stays_as_it_was_trained(store: RunStore) -> None:
    run = store.create(DNN, SETTINGS).id
    assert store.run(run).settings["target_scaling"] == "auto"
    earlier = {name: v for name, v in SETTINGS.to_dict().items() if name != "target_scaling"}
    with create_engine(store.address).begin() as connection:
        connection.execute(
            text("UPDATE runs SET settings = :settings WHERE id = :run"),
            {"settings": json.dumps(earlier), "run": run},
        )
    assert store.run(run).settings["target_scaling"] == "none"
    assert store.control(run).settings["target_scaling"] == "none"
    again = store.create(store.run(run).design, store.run(run).settings)
    assert again.settings["target_scaling"] == "none", "started again, it is the same run"
    assert TrainingSettings.from_dict({"dataset": "diabetes"}).target_scaling == "auto"


# --- Against Keras ----------------------------------------------------------------------------


class Watching:
    """Goes along with a training loop and folds a copy of the model after each epoch."""

    def __init__(self, model: Any, design: Design, parts: Parts):
        self.model, self.design, self.parts = model, design, parts
        self.pairs: list[tuple[dict[str, float], dict[str, float]]] = []

    def epochs(self) -> int:
        return 3

    def after_call(self, place: Any, values: dict[str, float]) -> str:
        return ""

    def while_measuring(self) -> str:
        return ""

    def after_epoch(self, place: Any, values: dict[str, float]) -> str:
        from designer.keras_model import build_model, compile_model
        from designer.training.data_unit import fold

        plain = build_model(self.design.replace(l2=0.0))  # the penalty is of the unfolded weights
        plain.set_weights(self.model.get_weights())
        assert self.parts.targets is not None
        fold(plain, self.design, self.parts.targets)
        compile_model(plain, self.design)
        penalty = sum(float(one) for one in self.model.losses)
        part = self.parts.validation
        expected = plain.evaluate(
            self.parts.preprocessing.apply(part.features), part.labels, verbose=0, return_dict=True
        )
        told = {name[4:]: value for name, value in values.items() if name.startswith("val_")}
        assert not self.design["l2"] or penalty > 0
        self.pairs.append((told, expected | {"loss": expected["loss"] + penalty}))
        return ""


def _parts(outputs: int, spread: float) -> Parts:
    """Return made-up examples whose outputs are far from 0 and from each other."""
    generator = np.random.default_rng(0)
    features = generator.normal(size=(90, 5)).astype("float32")
    labels = features @ generator.normal(size=(5, outputs)) * spread
    # Further from 0, the R² of raw targets is Keras's rounding: it subtracts large squares.
    labels = (labels + 8 * spread * np.arange(1, outputs + 1)).astype("float32")
    rows = np.arange(90)
    train, validation = (
        Part(part, features[part], labels[part]) for part in (rows[:60], rows[60:])
    )
    learned = ScaledTargets.fit(train.labels)  # type: ignore[arg-type]
    return Parts(Preprocessing.fit(features, (5,)), train, validation, validation, learned)


@pytest.mark.keras
@pytest.mark.parametrize("spread", [200.0, 0.01])
@pytest.mark.parametrize(
    ("loss", "metric", "outputs", "l2"),
    [
        ("mse", "mae", 1, 0.0),
        ("mae", "mse", 3, 0.0),
        ("huber", "root_mean_squared_error", 3, 0.0),
        ("log_cosh", "r2_score", 1, 0.0),
        ("mse", "mae", 3, 0.05),
        ("huber", "none", 1, 0.05),
    ],
)
def test_the_figures_of_every_epoch_are_those_of_keras_for_the_folded_model(
    loss: str, metric: str, outputs: int, l2: float, spread: float
) -> None:
    import keras

    from designer.keras_model import build_model
    from designer.training.checkpoint import Place
    from designer.training.loop import Measuring, TrainingLoop
    from designer.training.optimizing import compile_for_run

    design = Design.from_template("dnn", input_shape=[5], outputs=outputs)
    design = design.replace(loss=loss, metric=metric, hidden=[8], l2=l2)
    parts = _parts(outputs, spread)
    keras.utils.set_random_seed(3)
    model = build_model(design)
    settings = TrainingSettings("any", learning_rate=0.01)
    compile_for_run(model, design, settings, 4, parts.targets)
    measuring = Measuring(model, figure_factors(design, parts.targets))
    loop = TrainingLoop(
        model, parts.examples(parts.train, 16), parts.examples(parts.validation, 16), measuring, 0
    )
    watching = Watching(model, design, parts)
    loop.fit(Place(), watching)
    assert len(watching.pairs) == 3
    for told, expected in watching.pairs:
        assert told == pytest.approx(expected, rel=2e-4)
    assert watching.pairs[2][0]["loss"] < watching.pairs[0][0]["loss"], "it learns"


@pytest.mark.keras
def test_the_loss_of_an_epoch_of_training_has_the_penalty_as_it_was_at_each_step() -> None:
    import keras

    from designer.keras_model import build_model
    from designer.training.loop import TrainingPass
    from designer.training.optimizing import compile_for_run

    design = Design.from_template("dnn", input_shape=[5], outputs=1, hidden=[8], l2=0.05)
    parts = _parts(1, 200.0)
    assert parts.targets is not None
    settings = TrainingSettings("any", learning_rate=0.05)
    told: dict[str, float] = {}
    expected: list[float] = []
    for by_steps in (True, False):
        keras.utils.set_random_seed(3)
        model = build_model(design)
        compile_for_run(model, design, settings, 4, parts.targets)
        if by_steps:
            for first in range(0, 60, 15):
                rows = slice(first, first + 15)
                features = parts.preprocessing.apply(parts.train.features[rows])
                labels = np.asarray(parts.train.labels)[rows]
                answers = parts.targets.undo(np.asarray(model(features)))
                penalty = sum(float(one) for one in model.losses)
                expected.append(float(np.mean((answers - labels) ** 2)) + penalty)
                model.train_on_batch(features, parts.targets.apply(labels))
        else:
            factors = figure_factors(design, parts.targets)
            training = TrainingPass(model, parts.examples(parts.train, 15), unit=factors)
            *_, (_, told) = training.run()
    assert told["loss"] == pytest.approx(np.mean(expected), rel=1e-4)
    assert set(told) == {"loss", "mae"}


@pytest.mark.keras
def test_a_loss_with_a_penalty_goes_on_after_a_checkpoint_as_if_nothing_had_been(
    tmp_path: Path,
) -> None:
    import keras
    import tensorflow as tf

    from designer.keras_model import build_model
    from designer.training import checkpoint
    from designer.training.loop import TrainingPass
    from designer.training.optimizing import compile_for_run

    design = Design.from_template("dnn", input_shape=[5], outputs=1, hidden=[8], l2=0.05)
    parts = _parts(1, 200.0)
    examples = parts.examples(parts.train, 15)
    factors = figure_factors(design, parts.targets)
    file = tmp_path / "checkpoint.npz"
    lasts = []
    for again in (False, True):
        keras.utils.set_random_seed(3 + again)
        model = build_model(design)
        compile_for_run(model, design, TrainingSettings("any"), 4, parts.targets)
        first, told = 0, {}
        if again:
            examples.begin_pass(None)
            model.test_step(examples.batch(tf.constant(0)))  # which makes the metrics' variables
            first = checkpoint.restore(file, model)[0].done
        for done, values in TrainingPass(model, examples, unit=factors).run(first=first):
            told = values
            if done == 1:  # a call of its own, as it compiles
                checkpoint.save(file, model, checkpoint.Place(done=1))
        lasts.append((first, told))
    (_, untouched), (first, resumed) = lasts
    assert first == 1
    assert resumed == untouched


def test_every_loss_of_a_regression_is_held_against_keras() -> None:
    assert set(LOSSES["regression"]) == {"mse", "mae", "huber", "log_cosh"}


@pytest.mark.keras
def test_what_a_run_keeps_is_a_plain_model_in_the_unit_of_the_data() -> None:
    import keras

    settings = SETTINGS.replace(epochs=60, learning_rate=0.03)
    run = run_in_this_process(DNN.replace(hidden=[64, 64]), settings)
    assert run.state == "finished", run.reason
    parts = prepare(DNN, settings)
    model = keras.models.load_model(run_folder(run.id) / "model.keras")
    test = parts.preprocessing.apply(parts.test.features)

    def evaluated(model: Any, part: Part) -> dict[str, float]:
        ready = parts.preprocessing.apply(part.features)
        return model.evaluate(ready, part.labels, verbose=0, return_dict=True)

    for part, name in ((parts.train, "train"), (parts.validation, "val"), (parts.test, "test")):
        if name != "train":  # while it trains, the figures are means over a changing network
            told = {figure: run.metrics[f"{name}_{figure}"] for figure in ("loss", "mae")}
            assert evaluated(model, part) == pytest.approx(told, rel=1e-4)
    kept = load_results(run.id)
    np.testing.assert_allclose(kept.outputs[0], model.predict(test, verbose=0), rtol=1e-4)
    np.testing.assert_allclose(kept.truths[0], parts.test.labels, rtol=1e-6)
    assert 100 < kept.outputs[0].mean() < 200

    # The other weights that are kept, those of the best epoch, answer in the same unit.
    assert 0 < run.best_epoch < 60
    best = keras.models.load_model(run_folder(run.id) / "model-best.keras")
    store = RunStore()
    curve = {point.epoch: point.values for point in store.metrics(run.id, kind="epoch")}
    store.close()
    expected = curve[run.best_epoch]["val_loss"]
    assert evaluated(best, parts.validation)["loss"] == pytest.approx(expected, rel=1e-4)

    # Whoever trains it on has an optimizer that remembers no gradients of another unit.
    assert int(model.optimizer.iterations) == 0
    assert float(model.optimizer.learning_rate) == pytest.approx(0.03)
    model.optimizer.learning_rate = 1e-4
    before = evaluated(model, parts.train)["loss"]
    ready = parts.preprocessing.apply(parts.train.features)
    model.fit(ready, parts.train.labels, epochs=1, verbose=0)
    assert evaluated(model, parts.train)["loss"] < 1.05 * before


@pytest.mark.keras
def test_the_best_weights_can_be_the_ones_that_are_kept() -> None:
    import keras

    settings = SETTINGS.replace(epochs=60, learning_rate=0.03, keep="best")
    run = run_in_this_process(DNN.replace(hidden=[64, 64]), settings)
    parts = prepare(DNN, settings)
    ready = parts.preprocessing.apply(parts.test.features)
    for name in ("model.keras", "model-last.keras"):
        model = keras.models.load_model(run_folder(run.id) / name)
        measured = model.evaluate(ready, parts.test.labels, verbose=0)[0]
        same = measured == pytest.approx(run.metrics["test_loss"], rel=1e-4)
        assert same == (name == "model.keras")
        assert 100 < model.predict(ready, verbose=0).mean() < 200


@pytest.mark.keras
@pytest.mark.parametrize("loss", ["mse", "huber"])
def test_diabetes_is_learned_in_the_usual_number_of_epochs(loss: str) -> None:
    losses = {}
    for scaling in ("auto", "none"):
        run = run_in_this_process(
            DNN.replace(loss=loss), TrainingSettings("diabetes", target_scaling=scaling)
        )
        losses[scaling] = run.metrics["val_loss"]
    assert losses["auto"] < losses["none"] / 2
    guessing = {"mse": 6000, "huber": 66}  # about what the mean alone would reach
    assert losses["auto"] < 0.95 * guessing[loss]


@pytest.mark.keras
def test_the_map_of_the_plane_is_in_the_unit_of_the_data() -> None:
    from designer.keras_model import build_model
    from designer.training.data_unit import answering, fold

    design = Design.from_template("dnn", input_shape=[2], outputs=2)
    model, targets = build_model(design), ScaledTargets.fit(FAR)
    points = np.random.default_rng(0).normal(size=(7, 2)).astype("float32")
    answers = answering(model, targets)(points, training=False)
    assert answering(model, None) is model
    fold(model, design, targets)
    np.testing.assert_allclose(answers, model.predict(points, verbose=0), rtol=1e-5)
    assert answers[:, 0].mean() > 900


def _as_keras_says(run: Run) -> None:
    """Hold the figures of a run's end against those of the model that it left."""
    import keras

    parts = prepare(Design.from_dict(run.design), TrainingSettings.from_dict(run.settings))
    model = keras.models.load_model(run_folder(run.id) / "model.keras")
    for name, part in (("val", parts.validation), ("test", parts.test)):
        ready = parts.preprocessing.apply(part.features)
        expected = model.evaluate(ready, part.labels, verbose=0, return_dict=True)
        told = {figure: run.metrics[f"{name}_{figure}"] for figure in expected}
        assert told == pytest.approx(expected, rel=1e-4)


# --- Real workers -----------------------------------------------------------------------------


@pytest.mark.keras
def test_a_killed_regression_goes_on_as_if_nothing_had_been(engine: LocalEngine) -> None:
    store = engine.store
    settings = SETTINGS.replace(epochs=50, batch_size=4)
    untouched = engine.train(DNN, settings)
    run = engine.train(DNN, settings)
    wait(store, run, lambda known: known.progress.step > 200)
    request_pause(store, run)  # which writes a checkpoint
    process = wait(store, run, lambda known: known.state == "paused").process
    assert process is not None
    request_resume(store, run)
    wait(store, run, lambda known: known.state == "running")
    kill(process.pid)
    known = end(store, run)
    assert known.state == "finished", known.reason
    kinds = [event.kind for event in store.events(run)]
    assert "recovered" in kinds
    assert kinds.count("started") == 1, "it went on from its checkpoint"
    _as_keras_says(known)
    curves = [
        [point.values for point in store.metrics(one, kind="epoch")] for one in (untouched, run)
    ]
    assert curves[0] == curves[1]
    assert known.metrics == store.run(untouched).metrics


@pytest.mark.keras
def test_a_stopped_regression_of_which_no_worker_knows_is_concluded_alike(
    engine: LocalEngine,
) -> None:
    store = engine.store
    run = engine.train(DNN, SETTINGS.replace(epochs=5000))
    wait(store, run, lambda known: known.progress.step > 200)
    request_pause(store, run)
    process = wait(store, run, lambda known: known.state == "paused").process
    assert process is not None
    kill(process.pid)
    request_stop(store, run)
    known = end(store, run)
    assert (known.state, known.result) == ("stopped", "ready")
    _as_keras_says(known)
