"""Looks inside the layers, against Keras and numpy; and that looking changes nothing."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from designer.design import Design
from designer.training.layer_store import MOST_KEPT, keep_snapshot, snapshots
from designer.training.layer_values import LayerSnapshot, LayerValues, Spread
from designer.training.settings import TrainingSettings
from designer.training.store import RunStore

FEATURES = np.random.default_rng(0).normal(size=(40, 6)).astype("float32")
LABELS = np.eye(3, dtype="float32")[np.arange(40) % 3]


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(f"sqlite:///{tmp_path / 'runs.sqlite'}")


def compiled(**changes: Any) -> Any:
    import keras

    from designer.keras_model import build_model, compile_model

    keras.utils.set_random_seed(7)
    parameters = {"input_shape": [6], "task": "multiclass", "classes": 3, "hidden": [8, 5]}
    design = Design.from_template("dnn", **(parameters | changes))
    model = build_model(design)
    compile_model(model, design, learning_rate=0.01)
    return model


@pytest.mark.keras
def test_figures_are_those_that_keras_and_numpy_give() -> None:
    import keras
    import tensorflow as tf

    from designer.training.layer_statistics import LayerStatistics

    model = compiled()
    look = LayerStatistics(model, FEATURES, LABELS).snapshot(3, 30)
    assert (look.epoch, look.step) == (3, 30)
    assert [layer.name for layer in look.layers] == ["hidden1", "hidden2", "outputs"]
    assert [layer.activation for layer in look.layers] == ["relu", "relu", "softmax"]
    with tf.GradientTape() as tape:
        answers = model(FEATURES, training=False)
        loss = tf.reduce_mean(keras.losses.categorical_crossentropy(LABELS, answers))
    gradients = tape.gradient(loss, [v.value for v in model.trainable_variables])
    inside = keras.Model(model.inputs[0], [layer.output for layer in model.layers[1:]])
    outputs = inside(FEATURES)
    for place, layer in enumerate(look.layers):
        kernel, bias = model.layers[place + 1].get_weights()
        of_kernel, of_bias = (g.numpy() for g in gradients[2 * place : 2 * place + 2])
        output = outputs[place].numpy()
        for spread, values in (
            (layer.weights["kernel"], kernel),
            (layer.weights["bias"], bias),
            (layer.gradients["kernel"], of_kernel),
            (layer.gradients["bias"], of_bias),
            (layer.outputs, output),
        ):
            assert spread.mean == pytest.approx(values.mean(), abs=1e-6)
            assert spread.std == pytest.approx(values.std(), rel=1e-4, abs=1e-6)
            assert (spread.low, spread.high) == pytest.approx((values.min(), values.max()))
            assert sum(spread.counts) == values.size
            assert len(spread.counts) == 30
        counts, _ = np.histogram(kernel, 30)
        assert np.abs(np.array(layer.weights["kernel"].counts) - counts).sum() <= 2
        both = np.concatenate([of_kernel.ravel(), of_bias.ravel()])
        assert layer.gradient_norm == pytest.approx(np.linalg.norm(both), rel=1e-4)
        assert layer.zeros == pytest.approx((output == 0).mean())
        assert layer.dead == pytest.approx((output == 0).all(axis=0).mean())
    assert 0 < look.layers[0].zeros < 1


@pytest.mark.keras
def test_a_channel_is_dead_only_where_all_its_places_are_silent() -> None:
    import keras

    from designer.training.layer_statistics import LayerStatistics

    model = keras.Sequential(
        [
            keras.Input((4, 4, 1)),
            keras.layers.Conv2D(4, 1, name="conv"),
            keras.layers.ReLU(name="relu"),
            keras.layers.Flatten(),
            keras.layers.Dense(1),
        ]
    )
    model.compile("sgd", "mse")
    kernel = np.array([1.0, -1.0, 0.5, -0.5], "float32").reshape(1, 1, 1, 4)
    model.get_layer("conv").set_weights([kernel, np.zeros(4, "float32")])
    features = np.zeros((3, 4, 4, 1), "float32")
    features[0, 0, 0, 0] = 1
    look = LayerStatistics(model, features, np.zeros((3, 1), "float32")).snapshot(1, 1)
    relu = next(layer for layer in look.layers if layer.name == "relu")
    assert (relu.activation, relu.dead) == ("relu", 0.5)
    assert relu.zeros == pytest.approx(1 - 2 / (3 * 16 * 4))
    assert relu.weights == {}


@pytest.mark.keras
@pytest.mark.parametrize(
    "changes",
    [
        {"batch_normalization": "before", "dropout": 0.3},
        {"task": "multitask", "classes": [3, 2]},
    ],
)
def test_looking_changes_nothing(changes: dict[str, Any]) -> None:
    from designer.training.layer_statistics import LayerStatistics

    several = changes.get("task") == "multitask"
    labels: Any = [LABELS, np.eye(2, dtype="float32")[np.arange(40) % 2]] if several else LABELS

    def trained(looking: bool) -> tuple[list[np.ndarray], dict[str, float]]:
        model = compiled(**changes)
        statistics = LayerStatistics(model, FEATURES, labels)
        results = {}
        for step in range(4):  # in the middle of an epoch: the means go on
            results = model.train_on_batch(FEATURES, labels, return_dict=True)
            if looking:
                statistics.snapshot(1, step)
        told = [variable.numpy() for variable in model.optimizer.variables]
        return [*model.get_weights(), *told], {name: float(v) for name, v in results.items()}

    weights, results = trained(True)
    expected, means = trained(False)
    assert results == means
    for one, other in zip(weights, expected, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.keras
def test_what_is_no_number_is_kept_and_told(store: RunStore) -> None:
    from designer.training.layer_statistics import LayerStatistics

    model = compiled()
    outputs = model.get_layer("outputs")
    outputs.set_weights([np.full_like(weights, np.nan) for weights in outputs.get_weights()])
    look = LayerStatistics(model, FEATURES, LABELS).snapshot(1, 1)
    assert math.isnan(look.layers[2].gradient_norm)
    json.dumps(look.to_dict(), allow_nan=False)
    back = LayerSnapshot.from_dict(json.loads(json.dumps(look.to_dict())))
    assert math.isnan(back.layers[2].weights["kernel"].mean)
    assert back.layers[0].weights == look.layers[0].weights


@pytest.mark.keras
def test_nothing_is_compiled_or_kept_until_it_is_wanted(store: RunStore) -> None:
    from designer.training import layer_statistics

    run = store.create({"template": "dnn"}, TrainingSettings("iris")).id
    watch = layer_statistics.LayerWatch(store, run, compiled(), FEATURES, LABELS)
    assert not watch.maybe(False, 1, 10)
    assert watch._statistics is None
    assert watch.maybe(True, 2, 20)
    assert not watch.maybe(True, 3, 30), "too soon"
    assert watch.maybe(True, 4, 40, last=True)
    assert not watch.maybe(True, 4, 40, last=True), "nothing has changed since"
    assert [(look.epoch, look.step) for look in snapshots(store, run)] == [(2, 20), (4, 40)]
    assert [look.epoch for look in snapshots(store, run, after_step=20)] == [4]


def look_at(step: int) -> LayerSnapshot:
    spread = Spread(0.0, 1.0, -1.0, 1.0, (1, 2))
    layer = LayerValues(
        "hidden1", "Dense", "relu", spread, 0.5, 0.25, {"kernel": spread}, {"kernel": spread}, 1, 2
    )
    return LayerSnapshot(step // 10 + 1, step, (layer,))


def test_snapshots_come_back_as_they_were(store: RunStore) -> None:
    run = store.create({"template": "dnn"}, TrainingSettings("iris")).id
    keep_snapshot(store, run, look_at(5))
    assert snapshots(store, run) == [look_at(5)]
    assert snapshots(store, "another") == []


def test_a_long_run_keeps_looks_over_its_whole_time(store: RunStore) -> None:
    run = store.create({"template": "dnn"}, TrainingSettings("iris")).id
    for step in range(200):
        keep_snapshot(store, run, look_at(step))
    kept = [look.step for look in snapshots(store, run)]
    assert len(kept) <= MOST_KEPT
    assert (kept[0], kept[-1]) == (0, 199)
    assert max(after - before for before, after in pairwise(kept)) <= 10


def test_looks_go_with_what_is_made_again_and_with_the_run(store: RunStore) -> None:
    run = store.create({"template": "dnn"}, TrainingSettings("iris")).id
    for step in (10, 20, 30):
        keep_snapshot(store, run, look_at(step))
    store.forget_after(run, 20, 3)
    assert [look.step for look in snapshots(store, run)] == [10, 20]
    store.delete(run)
    assert snapshots(store, run) == []


def test_a_worker_hears_whether_layers_are_watched(store: RunStore) -> None:
    run = store.create({"template": "dnn"}, TrainingSettings("iris")).id
    assert not store.control(run).watch_layers
    store.watch_layers(run, True)
    assert store.control(run).watch_layers
    assert store.run(run).watch_layers
    store.watch_layers(run, False)
    assert not store.control(run).watch_layers
