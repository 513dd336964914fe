"""Augmentation against pictures made by hand and against numpy."""

from __future__ import annotations

import base64

import numpy as np
import pytest

from designer.training.augmentation import Augmentation
from designer.training.settings import SettingsError

pytestmark = pytest.mark.keras

#: An L, which no turn and no mirror leaves as it is.
LETTER = np.zeros((9, 9), np.float32)
LETTER[2:7, 3] = 1
LETTER[6, 3:6] = 1


def warped(picture: np.ndarray, **changes: float) -> np.ndarray:
    import tensorflow as tf

    from designer.training.augmenting import warp

    numbers = {"degrees": 0.0, "scale": 1.0, "right": 0.0, "down": 0.0, **changes}
    made = warp(
        tf.constant(picture[np.newaxis, ..., np.newaxis]),
        **{name: tf.constant([value]) for name, value in numbers.items()},
    )
    return made.numpy()[0, ..., 0]


def varied(batch: np.ndarray, seed: tuple[int, int] = (3, 1), **changes: object) -> np.ndarray:
    import tensorflow as tf

    from designer.training.augmenting import augmenter

    vary = tf.function(augmenter(Augmentation(**changes), batch.shape[1:], 0.0, 1.0))
    return vary(tf.constant(batch), tf.constant(seed)).numpy()


def many(count: int = 64) -> np.ndarray:
    return np.repeat(LETTER[np.newaxis], count, axis=0)


@pytest.mark.parametrize(("right", "down"), [(2, 0), (0, -2), (-1, 1)])
def test_a_picture_is_moved_by_as_much_as_asked(right: int, down: int) -> None:
    expected = np.roll(LETTER, (down, right), axis=(0, 1))  # the edge is empty
    np.testing.assert_allclose(warped(LETTER, right=right / 9, down=down / 9), expected, atol=1e-5)


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_picture_is_turned_counter_clockwise(quarters: int) -> None:
    turned = warped(LETTER, degrees=90.0 * quarters)
    np.testing.assert_allclose(turned, np.rot90(LETTER, quarters), atol=1e-5)


def test_a_turned_picture_that_is_not_square_keeps_its_middle() -> None:
    picture = np.zeros((5, 9), np.float32)
    picture[2, 4], picture[2, 6] = 1, 0.5
    turned = warped(picture, degrees=90.0)
    expected = np.zeros((5, 9), np.float32)
    expected[2, 4], expected[0, 4] = 1, 0.5
    np.testing.assert_allclose(turned, expected, atol=1e-5)


def test_a_picture_grows_about_its_middle() -> None:
    picture = np.zeros((9, 9), np.float32)
    picture[4, 6] = 1
    grown = warped(picture, scale=2.0)
    assert grown[4, 8] == pytest.approx(1, abs=1e-5)
    assert grown[4, 4] == pytest.approx(0, abs=1e-5)
    assert warped(LETTER, scale=0.5)[4:6, 3:5].sum() > 0
    assert warped(LETTER, scale=0.5)[:2].sum() == 0


def test_what_comes_in_from_outside_repeats_the_edge() -> None:
    slope = np.tile(np.linspace(0.2, 1, 9, dtype=np.float32), (9, 1))
    moved = warped(slope, right=3 / 9)
    np.testing.assert_allclose(moved[:, :4], 0.2, atol=1e-5)


@pytest.mark.parametrize(
    ("flip", "axes"), [("horizontal", [(1,)]), ("vertical", [(0,)]), ("both", [(0,), (1,), (0, 1)])]
)
def test_flips_mirror_about_half_of_the_pictures_exactly(flip: str, axes: list) -> None:
    found = varied(many(), flip=flip)
    kinds = [LETTER, *(np.flip(LETTER, axis) for axis in axes)]
    counts = [sum(np.array_equal(one, kind) for one in found) for kind in kinds]
    assert sum(counts) == 64, "nothing else comes out"
    assert min(counts) > 64 / len(kinds) / 3


def test_brightness_stays_within_what_a_pixel_can_be() -> None:
    import tensorflow as tf

    from designer.training.augmenting import augmenter

    grey = np.random.default_rng(0).uniform(-1, 3, (50, 6, 6, 2)).astype(np.float32)
    low, high = [-1.0, -2.0], [3.0, 4.0]  # standardised channels have bounds of their own
    vary = augmenter(Augmentation(brightness=0.5), grey.shape[1:], low, high)
    found = vary(tf.constant(grey), tf.constant([0, 0])).numpy()
    assert np.all(found >= low)
    assert np.all(found <= high)
    moved = found - grey
    inside = (found > low) & (found < high)
    for one, its in zip(moved[..., 0], inside[..., 0], strict=True):
        assert np.ptp(one[its]) < 1e-5, "all pixels of a picture by the same"
    reach = np.array([np.abs(one).max() for one in moved[..., 0]])
    assert 1 < reach.max() <= 2 + 1e-5, "up to half of the range of 4"


def test_the_same_seed_and_step_vary_the_same_and_others_do_not() -> None:
    everything = {"translation": 0.2, "rotation": 30.0, "zoom": 0.2, "brightness": 0.2}
    first = varied(many(8), (5, 7), **everything)
    np.testing.assert_array_equal(first, varied(many(8), (5, 7), **everything))
    assert not np.allclose(first, varied(many(8), (5, 8), **everything))
    assert not np.allclose(first, varied(many(8), (6, 7), **everything))


def test_each_picture_of_a_batch_is_varied_in_its_own_way() -> None:
    found = varied(many(16), translation=0.3, rotation=45.0)
    assert len({one.tobytes() for one in found}) == 16


def test_no_variation_is_farther_than_allowed() -> None:
    spot = np.zeros((200, 21, 21), np.float32)
    spot[:, 10, 10] = 1
    found = varied(spot, translation=0.1)  # two pixels of 21
    places = np.argwhere(found > 0.3)
    assert np.abs(places[:, 1:] - 10).max() == 2
    assert found.shape == spot.shape


@pytest.mark.parametrize("shape", [(9, 9), (9, 9, 1), (8, 12, 3)])
def test_every_shape_of_picture_keeps_its_shape(shape: tuple[int, ...]) -> None:
    batch = np.random.default_rng(0).uniform(size=(5, *shape)).astype(np.float32)
    found = varied(batch, translation=0.1, rotation=10.0, zoom=0.1, flip="both", brightness=0.1)
    assert found.shape == batch.shape
    assert found.dtype == np.float32


def test_with_nothing_to_vary_the_tensor_is_the_same() -> None:
    import tensorflow as tf

    from designer.training.augmenting import augmenter

    batch = tf.constant(many(2))
    assert augmenter(Augmentation(), (9, 9), 0, 1)(batch, tf.constant([0, 0])) is batch
    assert augmenter(Augmentation(), (13,), 0, 1)(batch, tf.constant([0, 0])) is batch


def test_tables_cannot_be_varied() -> None:
    from designer.training.augmenting import augmenter

    with pytest.raises(SettingsError, match="varies pictures") as caught:
        augmenter(Augmentation(rotation=10), (13,), 0, 1)
    assert caught.value.field == "augmentation"


def test_the_bounds_of_a_pixel_follow_its_scaling() -> None:
    from designer.datasets import Preprocessing
    from designer.training.augmenting import pixel_bounds

    pictures = np.random.default_rng(0).integers(0, 256, (20, 4, 4, 3)).astype(np.uint8)
    for method in ("normalise", "standardise", "none"):
        preprocessing = Preprocessing.fit(pictures, (4, 4, 3), method=method)
        low, high = pixel_bounds(preprocessing, (0, 255))
        for value, bound in ((0, low), (255, high)):
            ends = preprocessing.apply(np.full((1, 4, 4, 3), value, np.uint8))
            np.testing.assert_allclose(ends[0, 0, 0], np.broadcast_to(bound, 3), rtol=1e-5)


def test_examples_before_and_after() -> None:
    from designer.training.augmented_examples import augmented

    wish = Augmentation(rotation=20.0).to_dict()
    told = augmented("digits", wish, [8, 8], count=3, variants=4)
    pixels = np.frombuffer(base64.b64decode(told["pixels"]), np.uint8).reshape(told["shape"])
    assert pixels.shape == (3, 5, 8, 8, 1)
    from designer.datasets import examples, load_preview

    preview = load_preview("digits")
    assert preview is not None
    raw = examples(preview, 3).features
    np.testing.assert_allclose(pixels[:, 0], raw * (255 / 16), atol=0.51)
    for row in pixels:
        assert len({one.tobytes() for one in row}) == 5
    large = augmented("mnist_5k", wish, [224, 224, 3], count=1, variants=1)
    assert large["shape"] == [1, 2, 64, 64, 3]
    with pytest.raises(SettingsError):
        augmented("iris", wish, [4])


def test_what_is_measured_is_never_varied() -> None:
    """The pass that trains varies every batch; the same model measures pictures as they are."""
    import keras
    import tensorflow as tf

    from designer.training.examples import InMemoryExamples
    from designer.training.loop import Measuring, TrainingPass

    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((9, 9)), keras.layers.Flatten(), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    features = np.random.default_rng(0).uniform(size=(24, 9, 9)).astype(np.float32)
    labels = features.sum(axis=(1, 2))[:, np.newaxis]
    seen: list[np.ndarray] = []

    def vary(batch: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
        tf.numpy_function(lambda pair: seen.append(pair) or np.float32(0), [seed], tf.float32)
        return batch * 0

    before = [np.array(weights) for weights in model.get_weights()]
    for _ in TrainingPass(model, InMemoryExamples(features, labels, 8), 5, vary).run():
        pass
    assert [list(map(int, pair)) for pair in seen] == [[5, 0], [5, 1], [5, 2]]
    after = model.get_weights()
    np.testing.assert_array_equal(after[0], before[0])  # black pictures teach no kernel
    assert not np.allclose(after[1], before[1])
    measured = Measuring(model).measure(InMemoryExamples(features, labels, 8))
    expected = model.evaluate(features, labels, verbose=0, return_dict=True)
    assert measured["loss"] == pytest.approx(expected["loss"], rel=1e-5)
    assert len(seen) == 3
