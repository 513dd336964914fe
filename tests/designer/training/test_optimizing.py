"""Learning rates, decay, clipping, class weights and checkpoints, against Keras's own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from designer.design import Design
from designer.errors import RunError
from designer.training.settings import TrainingSettings

pytestmark = pytest.mark.keras

SETTINGS = TrainingSettings("iris", epochs=4, batch_size=10, learning_rate=0.02, seed=1)
DESIGN = Design.from_template(
    "dnn", input_shape=[6], task="multiclass", classes=3, dropout=0.2, optimizer="adam"
)
STEPS = 6


def data() -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(0)
    features = generator.normal(size=(60, 6)).astype("float32")
    classes = np.minimum(2, (features[:, 0] > 0.5) + 2 * (features[:, 1] > 1.0))
    return features, np.eye(3, dtype="float32")[classes]


def ours(settings: TrainingSettings):
    import keras

    from designer.keras_model import build_model
    from designer.training.optimizing import compile_for_run

    keras.utils.set_random_seed(settings.seed)
    model = build_model(DESIGN)
    return model, compile_for_run(model, DESIGN, settings, STEPS)


def rates(**changes: object) -> list[float]:
    _, rate = ours(SETTINGS.replace(**changes))
    return [rate.at(step) for step in range(4 * STEPS)]


def test_schedules_are_those_of_keras() -> None:
    import keras

    known = keras.optimizers.schedules
    for mine, theirs in (
        ({"schedule": "constant"}, lambda step: 0.02),
        ({"schedule": "cosine"}, known.CosineDecay(0.02, 4 * STEPS)),
        (
            {"schedule": "cosine", "warm_up": 1},
            known.CosineDecay(0.0, 3 * STEPS, warmup_target=0.02, warmup_steps=STEPS),
        ),
        (
            {"schedule": "step", "schedule_epochs": 2, "schedule_factor": 0.1},
            known.ExponentialDecay(0.02, 2 * STEPS, 0.1, staircase=True),
        ),
    ):
        expected = [float(theirs(step)) for step in range(4 * STEPS)]
        received = rates(**mine)
        if "warm_up" in mine:  # Keras begins at 0 and learns nothing in its first step
            assert received[: STEPS - 1] == pytest.approx(expected[1:STEPS], rel=1e-5)
            received, expected = received[STEPS:], expected[STEPS:]
        assert received == pytest.approx(expected, rel=1e-5)
    assert min(rates(schedule="cosine", lowest_learning_rate=0.01)) == pytest.approx(0.01)


def test_a_plateau_lets_it_fall_down_to_its_lowest() -> None:
    _, rate = ours(SETTINGS.replace(schedule="plateau", lowest_learning_rate=0.006))
    assert rate.fall()
    assert rate.at(0) == pytest.approx(0.01)
    assert rate.fall()
    assert rate.at(0) == pytest.approx(0.006)
    assert not rate.fall()
    rate.change(SETTINGS.replace(learning_rate=0.5))
    assert rate.at(0) == pytest.approx(0.125), "a change by hand keeps what the plateaus did"


@pytest.mark.parametrize("optimizer", ["adam", "sgd", "rmsprop"])
def test_decay_and_clipping_are_those_of_keras(optimizer: str) -> None:
    import keras

    from designer.keras_model import build_model, compile_model
    from designer.training.examples import InMemoryExamples
    from designer.training.loop import TrainingPass
    from designer.training.optimizing import compile_for_run

    design = DESIGN.replace(optimizer=optimizer, dropout=0.0)
    settings = SETTINGS.replace(weight_decay=0.05, clip_norm=0.3)
    weights = []
    for mine in (True, False):
        keras.utils.set_random_seed(1)
        model = build_model(design)
        if mine:
            compile_for_run(model, design, settings, STEPS)
            steps = TrainingPass(model, InMemoryExamples(*data(), 10))
            for _ in range(3):
                list(steps.run())
        else:
            kind = type(keras.optimizers.get(optimizer))
            theirs = kind(learning_rate=0.02, weight_decay=0.05, global_clipnorm=0.3)
            theirs.exclude_from_weight_decay(var_names=["bias"])
            compile_model(model, design, optimizer=theirs)
            model.fit(*data(), batch_size=10, epochs=3, shuffle=False, verbose=0)
        weights.append(model.get_weights())
    for one, other in zip(*weights, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("streamed", [False, True])
def test_class_weights_are_those_of_fit(streamed: bool) -> None:
    import keras

    from designer.keras_model import build_model, compile_model
    from designer.training.examples import InMemoryExamples, StreamedExamples
    from designer.training.loop import TrainingPass
    from designer.training.preparing import balanced_weights

    features, labels = data()
    classes = labels.argmax(axis=1)
    counted = balanced_weights(classes)
    counts = np.bincount(classes)
    assert counted.mean() == pytest.approx(1)
    for number in range(3):
        assert counted[classes == number].sum() == pytest.approx(20)
    weights, losses = [], []
    design = DESIGN.replace(dropout=0.0)
    for mine in (True, False):
        keras.utils.set_random_seed(1)
        model = build_model(design)
        compile_model(model, design)
        if mine:
            examples = (
                StreamedExamples(features, labels, 10, np.copy, counted)
                if streamed
                else InMemoryExamples(features, labels, 10, counted)
            )
            (*_, (_, values)) = TrainingPass(model, examples).run()
            losses.append(values["loss"])
        else:
            by_class = {number: 60 / (3 * count) for number, count in enumerate(counts)}
            history = model.fit(
                features, labels, batch_size=10, shuffle=False, verbose=0, class_weight=by_class
            )
            losses.append(history.history["loss"][0])
        weights.append(model.get_weights())
    assert losses[0] == pytest.approx(losses[1], rel=1e-4)
    for one, other in zip(*weights, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-5)


def test_a_checkpoint_brings_everything_back(tmp_path: Path) -> None:
    from designer.training import checkpoint
    from designer.training.checkpoint import Place
    from designer.training.examples import InMemoryExamples
    from designer.training.loop import TrainingPass

    examples = InMemoryExamples(*data(), 10)
    model, _ = ours(SETTINGS)
    for done, _values in TrainingPass(model, examples).run():
        if done == 3:
            break
    place = Place(epoch=2, done=done, best=0.5, best_epoch=1, training={"loss": 1.0})
    best = [np.zeros(variable.shape) for variable in model.variables]
    checkpoint.save(tmp_path / "kept.npz", model, place, best)
    expected = [values for _, values in TrainingPass(model, examples).run(first=done)]

    other, _ = ours(SETTINGS.replace(seed=99))
    examples.begin_pass(None)
    import tensorflow as tf

    other.test_step(examples.batch(tf.constant(0)))
    other.reset_metrics()
    again, kept = checkpoint.restore(tmp_path / "kept.npz", other)
    assert again == place
    assert kept is not None
    assert [array.shape for array in kept] == [tuple(v.shape) for v in other.variables]
    assert [values for _, values in TrainingPass(other, examples).run(first=done)] == expected
    for one, two in zip(
        checkpoint.variables_of(model), checkpoint.variables_of(other), strict=True
    ):
        np.testing.assert_array_equal(one, two)
    assert [file.name for file in tmp_path.iterdir()] == ["kept.npz"]

    for damage in (b"", b"PK\x03\x04 nothing", (tmp_path / "kept.npz").read_bytes()[:2000]):
        (tmp_path / "kept.npz").write_bytes(damage)
        with pytest.raises(RunError, match="cannot be used"):
            checkpoint.restore(tmp_path / "kept.npz", other)


def test_a_trained_model_loads_with_keras_alone(tmp_path: Path) -> None:
    import keras

    from designer.training.examples import InMemoryExamples
    from designer.training.loop import TrainingPass
    from designer.training.optimizing import compile_plainly

    model, rate = ours(SETTINGS.replace(schedule="cosine", weight_decay=0.01, clip_norm=1.0))
    list(TrainingPass(model, InMemoryExamples(*data(), 10)).run())
    compile_plainly(model, DESIGN)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert float(loaded.optimizer.learning_rate) == pytest.approx(rate.at(STEPS))
    assert int(loaded.optimizer.iterations) == STEPS
    assert loaded.optimizer.global_clipnorm == 1.0
    moments = [variable for variable in loaded.optimizer.variables if "momentum" in variable.path]
    assert moments
    assert any(np.any(np.asarray(moment)) for moment in moments), "its state came along"
    np.testing.assert_allclose(loaded.predict(data()[0], verbose=0), model(data()[0]), atol=1e-6)
