"""What is seen inside a model, against Keras and gradients worked out in the plain way."""

from __future__ import annotations

import json
import time

import numpy as np
import pytest

from designer.datasets import Preprocessing
from designer.engine.jobs import job_function
from designer.errors import RunError
from designer.looking.packing import pack, unpack
from designer.paths import run_folder
from designer.training.taking_home import MODEL_FILE, PREPROCESSING_FILE

pytestmark = pytest.mark.keras

SHAPE = (12, 12, 1)


def keep(run: str, model, preprocessing: Preprocessing) -> None:
    folder = run_folder(run)
    model.save(folder / MODEL_FILE)
    (folder / PREPROCESSING_FILE).write_text(json.dumps(preprocessing.to_dict()))


@pytest.fixture(scope="module")
def net():
    """A small convolutional net, kept as a run's model is."""
    import keras

    keras.utils.set_random_seed(3)
    inputs = keras.Input(SHAPE)
    maps = keras.layers.Conv2D(4, 3, activation="relu", name="conv")(inputs)
    second = keras.layers.Conv2D(6, 3, activation="relu", name="last_conv")(maps)
    flat = keras.layers.Flatten()(second)
    model = keras.Model(inputs, keras.layers.Dense(5, activation="softmax", name="outputs")(flat))
    keep("net-1", model, Preprocessing("normalise", SHAPE, SHAPE, (0.0,), (255.0,)))
    return model


@pytest.fixture
def picture() -> np.ndarray:
    return np.random.default_rng(5).integers(0, 256, SHAPE).astype(np.uint8)


def prepared(picture: np.ndarray) -> np.ndarray:
    return (picture[np.newaxis] / 255).astype(np.float32)


def test_predictions_are_those_of_keras(net, picture) -> None:
    predict = job_function("predict")
    answer = predict("net-1", pack(picture[np.newaxis]))
    expected = net.predict(prepared(picture), verbose=0)
    np.testing.assert_allclose(answer["outputs"][0], expected, atol=1e-5)
    begun = time.perf_counter()
    for _ in range(10):
        predict("net-1", pack(picture[np.newaxis]))
    assert (time.perf_counter() - begun) / 10 < 0.2, "the model is kept, not loaded again"


def test_filters_are_the_weights(net) -> None:
    answer = job_function("filters")("net-1", "last_conv", 2)
    assert (answer["count"], answer["channels"]) == (6, 4)
    kernel = np.asarray(net.get_layer("last_conv").kernel)
    np.testing.assert_array_equal(unpack(answer["filters"])[5], kernel[:, :, 2, 5])
    with pytest.raises(RunError, match="do not look at a picture"):
        job_function("filters")("net-1", "outputs")
    with pytest.raises(RunError, match="no layer 'nowhere'"):
        job_function("filters")("net-1", "nowhere")


def test_feature_maps_are_what_comes_out_of_the_layer(net, picture) -> None:
    import keras

    answer = job_function("feature_maps")("net-1", "conv", pack(picture))
    layer = net.get_layer("conv")
    expected = np.asarray(keras.ops.relu(layer.convolution_op(prepared(picture), layer.kernel)
                                         + layer.bias))[0]  # fmt: skip
    maps = unpack(answer["maps"])
    assert maps.shape == (4, 10, 10)
    for number in range(4):
        low, high = answer["lows"][number], answer["highs"][number]
        assert high == pytest.approx(float(expected[..., number].max()), abs=1e-5)
        back = low + maps[number] / 255 * (high - low)
        np.testing.assert_allclose(back, expected[..., number], atol=(high - low) / 500 + 1e-5)
    values = job_function("feature_maps")("net-1", "outputs", pack(picture))["values"]
    assert sum(values) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("unit", [0, 4])
def test_grad_cam_is_the_plain_computation(net, picture, unit) -> None:
    import tensorflow as tf

    from designer.looking.saliency import class_activation

    conv, last, dense = (net.get_layer(name) for name in ("conv", "last_conv", "outputs"))
    maps = tf.Variable(last(conv(prepared(picture))))
    with tf.GradientTape() as tape:
        logits = tf.reshape(maps, (1, -1)) @ dense.kernel + dense.bias
        score = logits[0, unit]
    gradient = tape.gradient(score, maps).numpy()[0]
    expected = np.maximum((maps.numpy()[0] * gradient.mean(axis=(0, 1))).sum(axis=-1), 0)
    heat, layer = class_activation(net, tf.constant(prepared(picture)), 0, unit)
    assert layer == "last_conv"
    np.testing.assert_allclose(heat, expected, atol=1e-5)
    answer = job_function("grad_cam")("net-1", pack(picture), 0, unit)
    assert answer["size"] == [8, 8]
    assert answer["strength"] == pytest.approx(float(expected.max()), abs=1e-5)
    shown = unpack(answer["heat"])
    assert shown.shape == (12, 12)
    assert 0 <= shown.min() <= shown.max() <= 1


def test_occlusion_finds_the_only_pixel_that_counts() -> None:
    import keras

    inputs = keras.Input(SHAPE)
    flat = keras.layers.Flatten()(inputs)
    model = keras.Model(inputs, keras.layers.Dense(2, use_bias=False)(flat))
    weights = np.zeros((144, 2), np.float32)
    weights[3 * 12 + 8, 1] = 2  # row 3, column 8
    model.layers[-1].set_weights([weights])
    keep("net-2", model, Preprocessing("none", SHAPE, SHAPE, (0.0,), (1.0,)))
    picture = np.zeros(SHAPE, np.uint8)
    picture[3, 8] = 10
    answer = job_function("occlusion")("net-2", pack(picture), 0, 1)
    fall = unpack(answer["fall"])
    assert answer["score"] == 20
    assert fall.argmax() == 3 * 12 + 8
    assert fall[3, 8] == 20
    assert fall[8:].max() == 0
    assert unpack(job_function("occlusion")("net-2", pack(picture), 0, 0)["fall"]).max() == 0


def test_features_of_a_table_are_replaced_one_by_one() -> None:
    import keras

    inputs = keras.Input((3,))
    model = keras.Model(inputs, keras.layers.Dense(1, use_bias=False)(inputs))
    model.layers[-1].set_weights([np.array([[2.0], [-1], [0]], np.float32)])
    keep("net-3", model, Preprocessing("none", (3,), (3,), (0.0,) * 3, (1.0,) * 3))
    row = np.array([5, 4, 9], np.float32)
    answer = job_function("occlusion")("net-3", pack(row), 0, 0, [1, 1, 1])
    assert answer["score"] == 6
    assert answer["falls"] == [8, -3, 0]
    with pytest.raises(RunError, match="no layer with feature maps"):
        job_function("grad_cam")("net-3", pack(row), 0, 0)


def test_a_model_whose_file_is_gone_is_told(net, picture) -> None:
    keep("net-4", net, Preprocessing("normalise", SHAPE, SHAPE, (0.0,), (255.0,)))
    job_function("predict")("net-4", pack(picture[np.newaxis]))
    (run_folder("net-4") / MODEL_FILE).write_bytes(b"not a model")
    with pytest.raises(RunError, match="cannot be read"):
        job_function("predict")("net-4", pack(picture[np.newaxis]))
    (run_folder("net-4") / MODEL_FILE).unlink()
    with pytest.raises(RunError, match="its files are gone"):
        job_function("predict")("net-4", pack(picture[np.newaxis]))


def test_other_jobs_of_the_worker_do_not_harm_a_kept_model(net, picture) -> None:
    import keras

    predict = job_function("predict")
    before = predict("net-1", pack(picture[np.newaxis]))["outputs"]
    from designer.design import Design

    job_function("check")(Design.from_template("dnn").to_dict())
    keras.backend.clear_session()
    assert predict("net-1", pack(picture[np.newaxis]))["outputs"] == before
    assert job_function("grad_cam")("net-1", pack(picture), 0, 1)["layer"] == "last_conv"


def test_a_large_network_is_looked_into() -> None:
    from designer.design import Design
    from designer.keras_model import build_model

    design = Design.from_template("resnet50", input_shape=[64, 64, 3], classes=10)
    shape = (64, 64, 3)
    keep("net-5", build_model(design), Preprocessing("none", shape, shape, (0.0,) * 3, (1.0,) * 3))
    noise = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
    answer = job_function("grad_cam")("net-5", pack(noise), 0, 3)
    assert answer["size"] == [2, 2]
    layer = next(one.name for one in design.graph.layers if one.class_name == "Conv2D")
    found = job_function("filters")("net-5", layer)
    assert found["channels"] == 3
    assert unpack(found["filters"]).shape[-1] == 3
    maps = job_function("feature_maps")("net-5", layer, pack(noise))
    assert unpack(maps["maps"]).shape == (64, 32, 32)
