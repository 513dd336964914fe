"""The training loop against Keras's own ``fit``: the same steps give the same network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from designer.design import Design

if TYPE_CHECKING:
    from designer.training.checkpoint import Place

pytestmark = pytest.mark.keras

COUNT, BATCH = 150, 32  # the last batch of a pass is a smaller one


@pytest.fixture(scope="module")
def data() -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(0)
    features = generator.normal(size=(COUNT, 6)).astype("float32")
    labels = np.eye(3, dtype="float32")[(features[:, 0] > 0) + 1 * (features[:, 1] > 0.5)]
    return features, labels


def _model(**parameters: float):
    import keras

    from designer.keras_model import build_model, compile_model

    keras.utils.set_random_seed(7)
    design = Design.from_template(
        "dnn", input_shape=[6], task="multiclass", classes=3, **parameters
    )
    model = build_model(design)
    compile_model(model, design, learning_rate=0.01)
    return model


@pytest.mark.parametrize(("streamed", "l2"), [(False, 0.0), (True, 0.0), (False, 0.01)])
def test_steps_losses_and_metrics_are_those_of_fit(
    data: tuple[np.ndarray, np.ndarray], streamed: bool, l2: float
) -> None:
    from designer.training.examples import InMemoryExamples, StreamedExamples
    from designer.training.loop import Measuring, TrainingPass

    features, labels = data
    theirs, ours = _model(l2=l2), _model(l2=l2)
    history = theirs.fit(
        features, labels, batch_size=BATCH, epochs=3, shuffle=False, verbose=0
    ).history
    examples = (
        StreamedExamples(features * 2, labels, BATCH, lambda raw: raw / 2)
        if streamed
        else InMemoryExamples(features, labels, BATCH)
    )
    steps = TrainingPass(ours, examples)
    for epoch in range(3):
        calls = list(steps.run())
        assert calls[-1][0] == 5
        values = calls[-1][1]
        for name, value in values.items():
            assert value == pytest.approx(history[name][epoch], rel=1e-4)
    for one, other in zip(theirs.get_weights(), ours.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-5)
    measured = Measuring(ours).measure(InMemoryExamples(features, labels, 64))
    expected = theirs.evaluate(features, labels, verbose=0, return_dict=True)
    assert measured == pytest.approx(expected, rel=1e-3)


def test_a_weight_penalty_is_part_of_both_losses_and_pulls_weights_to_zero(
    data: tuple[np.ndarray, np.ndarray],
) -> None:
    from designer.training.examples import InMemoryExamples
    from designer.training.loop import Measuring, TrainingPass

    features, labels = data
    lengths = []
    for l2 in (0.0, 0.05):
        model = _model(l2=l2)
        steps = TrainingPass(model, InMemoryExamples(features, labels, BATCH))
        for _ in range(10):
            for _ in steps.run():
                pass
        kernels = [weight for weight in model.get_weights() if weight.ndim > 1]
        assert len(kernels) == 3
        squares = sum(float(np.square(kernel, dtype=np.float64).sum()) for kernel in kernels)
        lengths.append(squares)
        measured = Measuring(model).measure(InMemoryExamples(features, labels, 64))
        answers = np.asarray(model(features, training=False), np.float64)
        crossentropy = -np.log((answers * labels).sum(axis=1)).mean()
        assert measured["loss"] == pytest.approx(crossentropy + l2 * squares, rel=1e-4)
    assert lengths[0] > 2 * lengths[1] > 0


def test_an_order_is_followed_and_every_example_seen_once(
    data: tuple[np.ndarray, np.ndarray],
) -> None:
    import tensorflow as tf

    from designer.training.examples import InMemoryExamples, StreamedExamples

    numbers = np.arange(COUNT, dtype="float32")[:, None]
    order = np.random.default_rng(1).permutation(COUNT)
    labels = [numbers, numbers * 2]
    for examples in (
        InMemoryExamples(numbers, labels, BATCH),
        StreamedExamples(numbers, labels, BATCH, np.copy),
    ):
        batch = tf.function(examples.batch)
        for _ in range(2):
            examples.begin_pass(order)
            batches = [batch(tf.constant(step)) for step in range(examples.steps)]
            seen = np.concatenate([features for features, _ in batches])[:, 0]
            np.testing.assert_array_equal(seen, order)
            doubled = np.concatenate([both[1] for _, both in batches])[:, 0]
            np.testing.assert_array_equal(doubled, order * 2)


def test_what_does_not_fit_in_memory_is_streamed(
    data: tuple[np.ndarray, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    from designer.training import examples

    features, labels = data
    kept = examples.examples_for(features, labels, BATCH, np.copy)
    assert isinstance(kept, examples.InMemoryExamples)
    monkeypatch.setattr(examples, "LARGEST_IN_MEMORY", 1000)
    streamed = examples.examples_for(features, labels, BATCH, np.copy)
    assert isinstance(streamed, examples.StreamedExamples)


class Plain:
    """A companion that notes what it is told, and halts after some calls."""

    def __init__(self, epochs: int, calls: int = 10**9):
        self._epochs, self._calls = epochs, calls
        self.told: list[int] = []
        self.figures: list[dict[str, float]] = []

    def epochs(self) -> int:
        return self._epochs

    def after_call(self, place: Place, values: dict[str, float]) -> str:
        self.told.append((place.epoch - 1) * 5 + place.done)
        return "enough" if len(self.told) >= self._calls else ""

    def while_measuring(self) -> str:
        return ""

    def after_epoch(self, place: Place, values: dict[str, float]) -> str:
        self.figures.append(values)
        return ""


def test_a_halt_keeps_the_place_and_the_rest_is_as_if_there_had_been_none(
    data: tuple[np.ndarray, np.ndarray],
) -> None:
    from designer.training.checkpoint import Place
    from designer.training.examples import InMemoryExamples
    from designer.training.loop import Measuring, TrainingLoop

    examples = InMemoryExamples(*data, BATCH)
    figures = []
    for calls in (10**9, 2):
        model = _model()
        loop = TrainingLoop(model, examples, examples, Measuring(model), seed=0)
        place, companion = Place(), Plain(3, calls)
        halts = [loop.fit(place, companion)]
        while halts[-1]:
            companion.told.clear()
            halts.append(loop.fit(place, companion))
        assert (place.epoch, place.done) == (4, 0)
        assert ("enough" in halts) == (calls == 2)
        figures.append(companion.figures)
    assert len(figures[0]) == 3
    assert figures[0] == figures[1]


def test_a_loss_that_is_no_number_from_the_first_step_does_not_blame_the_learning_rate(
    data: tuple[np.ndarray, np.ndarray],
) -> None:
    from designer.training.checkpoint import Place
    from designer.training.examples import InMemoryExamples
    from designer.training.loop import Diverged, Measuring, TrainingLoop

    features, labels = data
    model = _model()
    model.compile(loss="poisson")
    outputs = model.layers[-1]
    outputs.set_weights([np.full_like(weights, np.nan) for weights in outputs.get_weights()])
    examples = InMemoryExamples(features, labels, BATCH)
    loop = TrainingLoop(model, examples, examples, Measuring(model), seed=0)
    companion = Plain(1)
    with pytest.raises(Diverged, match=r"poisson.*very first step"):
        loop.fit(Place(), companion)
    assert companion.told == [1], "the step is told of, for the curve"
