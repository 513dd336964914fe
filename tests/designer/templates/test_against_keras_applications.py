"""The networks that Keras ships, with the same weights: our model must predict the same.

The weights are copied over in order, with no map between names, so a layer out of order, a
missing bias or another epsilon shows.

How the weights are drawn, so that everything would show and nothing overflows: convolutions and
dense layers as He et al. do (the spread of the maps stays steady through ReLUs), small biases;
in batch normalization the moving variances reach from 0.0001 to 1, where epsilon matters, and
each gamma is the square root of its variance times 0.5 to 1.5, which undoes the division but for
epsilon. The head is scaled to spread its logits by about 1, so that the softmax is neither flat
nor saturated.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from lazily import Lazily

from designer import Design

keras = Lazily("keras")
keras_model = Lazily("designer.keras_model")

pytestmark = pytest.mark.keras

NETWORKS: dict[str, tuple[str, dict[str, Any], int]] = {
    "VGG16": ("vgg16", {}, 32),
    "VGG19": ("vgg19", {}, 32),
    "ResNet50": ("resnet50", {}, 64),
    "ResNet101": ("resnet101", {}, 64),
    "ResNet152": ("resnet152", {}, 64),
    "ResNet50V2": ("resnet50", {"version": "v2"}, 64),
    "ResNet101V2": ("resnet101", {"version": "v2"}, 64),
    "ResNet152V2": ("resnet152", {"version": "v2"}, 64),
}


def randomise(model: Any) -> None:
    """Give a model weights that would show a difference anywhere; the module says how."""
    random = np.random.default_rng(7)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            size = layer.gamma.shape
            variance = 10.0 ** random.uniform(-4, 0, size)
            layer.gamma.assign(np.sqrt(variance) * random.uniform(0.5, 1.5, size))
            layer.beta.assign(random.normal(0, 0.1, size))
            layer.moving_mean.assign(random.normal(0, 0.1, size))
            layer.moving_variance.assign(variance)
        elif isinstance(layer, (keras.layers.Conv2D, keras.layers.Dense)):
            shape = layer.kernel.shape
            spread = np.sqrt(2 / np.prod(shape[:-1]))
            layer.kernel.assign(random.standard_normal(shape, "float32") * np.float32(spread))
            if layer.use_bias:
                layer.bias.assign(random.normal(0, 0.1, layer.bias.shape))


def features(model: Any, examples: Any) -> Any:
    """Return what goes into the last layer."""
    return keras.Model(model.input, model.layers[-1].input)(examples, training=False).numpy()


def pair(name: str, side: int) -> tuple[Any, Any, Any, Design]:
    """Return Keras's network and ours with the same weights, examples, and our design."""
    template, parameters, _ = NETWORKS[name]
    theirs = getattr(keras.applications, name)(weights=None, input_shape=(side, side, 3))
    randomise(theirs)
    examples = np.random.default_rng(3).normal(0, 1, (2, side, side, 3)).astype("float32")
    head = theirs.layers[-1]
    kernel, bias = head.get_weights()
    kernel /= (features(theirs, examples) @ kernel).std()
    head.set_weights([kernel, bias])
    design = Design.from_template(template, input_shape=[side, side, 3], **parameters)
    ours = keras_model.build_model(design)
    ours.set_weights(theirs.get_weights())
    return ours, theirs, examples, design


def agree(name: str, side: int) -> None:
    ours, theirs, examples, _ = pair(name, side)
    expected = theirs(examples, training=False).numpy()
    assert np.isfinite(expected).all()
    assert 0.002 < expected.max() < 0.9, "neither flat nor saturated, or nothing would show"
    predicted = ours(examples, training=False).numpy()
    np.testing.assert_allclose(predicted, expected, rtol=0, atol=1e-5)
    before, wanted = features(ours, examples), features(theirs, examples)
    np.testing.assert_allclose(before, wanted, rtol=0, atol=1e-5 * np.abs(wanted).max())


@pytest.mark.parametrize("name", ["VGG16", "ResNet50", "ResNet50V2"])
def test_the_same_weights_give_the_same_predictions(name: str) -> None:
    agree(name, NETWORKS[name][2])


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", sorted(set(NETWORKS) - {"VGG16", "ResNet50", "ResNet50V2"}))
def test_the_same_weights_give_the_same_predictions_in_the_others(name: str) -> None:
    agree(name, NETWORKS[name][2])


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", ["VGG16", "ResNet50", "ResNet50V2"])
def test_the_same_at_full_size(name: str) -> None:
    agree(name, 224)


def test_a_wrong_epsilon_would_show() -> None:
    """The comparison has teeth: with Keras's usual epsilon the predictions differ."""
    ours, theirs, examples, design = pair("ResNet50V2", 64)
    wrong = keras_model.build_model(design.replace(epsilon=1e-3))
    wrong.set_weights(ours.get_weights())
    difference = wrong(examples, training=False) - theirs(examples, training=False)
    assert np.abs(difference).max() > 1e-4
