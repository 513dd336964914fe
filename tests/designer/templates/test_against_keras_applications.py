"""The networks that Keras ships, with the same weights: our model must predict the same.

The weights are copied over in order, with no map between names, so a layer out of order, a
missing bias or another epsilon shows.

ResNet and VGG have templates of their own; MobileNet, MobileNetV2 and DenseNet are said as
``composable``. Where Keras says the same in another way: MobileNets put a border of zeros on two
sides before a stride of 2, which is what padding "same" does on an even side; MobileNet's head is
a 1 × 1 convolution over a map of 1 × 1, which is a dense layer; MobileNetV2's batch normalization
has another momentum, which matters only while training.

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
from published_networks import MOBILE_NET, MOBILE_NET_V2, dense_net

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
    "MobileNet": ("composable", MOBILE_NET, 64),
    "MobileNetV2": ("composable", MOBILE_NET_V2, 64),
    "DenseNet121": ("composable", dense_net(6, 12, 24, 16), 64),
    "DenseNet169": ("composable", dense_net(6, 12, 32, 32), 64),
    "DenseNet201": ("composable", dense_net(6, 12, 48, 32), 64),
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
        elif hasattr(layer, "kernel"):  # convolutions and dense layers
            shape = layer.kernel.shape
            depthwise = isinstance(layer, keras.layers.DepthwiseConv2D)
            spread = np.sqrt(2 / np.prod(shape[:2] if depthwise else shape[:-1]))
            layer.kernel.assign(random.standard_normal(shape, "float32") * np.float32(spread))
            if layer.use_bias:
                layer.bias.assign(random.normal(0, 0.1, layer.bias.shape))


def head(model: Any) -> Any:
    """Return the last layer with weights."""
    return next(layer for layer in reversed(model.layers) if layer.weights)


def features(model: Any, examples: Any) -> Any:
    """Return what goes into the head, a row an example."""
    maps = keras.Model(model.input, head(model).input)(examples, training=False).numpy()
    return maps.reshape(len(examples), -1)


def pair(name: str, side: int) -> tuple[Any, Any, Any, Design]:
    """Return Keras's network and ours with the same weights, examples, and our design."""
    template, parameters, _ = NETWORKS[name]
    theirs = getattr(keras.applications, name)(weights=None, input_shape=(side, side, 3))
    randomise(theirs)
    examples = np.random.default_rng(3).normal(0, 1, (2, side, side, 3)).astype("float32")
    kernel, bias = head(theirs).get_weights()
    kernel /= (features(theirs, examples) @ kernel.reshape(-1, kernel.shape[-1])).std()
    head(theirs).set_weights([kernel, bias])
    design = Design.from_template(template, **{**parameters, "input_shape": [side, side, 3]})
    ours = keras_model.build_model(design)
    weights = theirs.get_weights()
    weights[-2] = weights[-2].reshape(-1, weights[-2].shape[-1])  # MobileNet's 1 × 1 × 1024 × 1000
    ours.set_weights(weights)
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


QUICK = ["VGG16", "ResNet50", "ResNet50V2", "MobileNet", "MobileNetV2", "DenseNet121"]


def outputs(model: Any) -> list[tuple[str, tuple[int | None, ...], int]]:
    """Return class, shape and parameters of every layer that has weights or adds maps up."""
    return [
        (kind, tuple(layer.output.shape), layer.count_params())
        for layer in model.layers
        if (kind := type(layer).__name__)
        in {"Conv2D", "DepthwiseConv2D", "BatchNormalization", "Add", "Concatenate"}
    ]


@pytest.mark.parametrize("name", ["MobileNet", "MobileNetV2", "DenseNet121"])
def test_every_layer_is_keras_s_at_full_size(name: str) -> None:
    template, parameters, _ = NETWORKS[name]
    theirs = getattr(keras.applications, name)(weights=None)
    ours = keras_model.build_structure(Design.from_template(template, **parameters))
    assert ours.count_params() == theirs.count_params()
    expected = [one for one in outputs(theirs) if one[1:] != ((None, 1, 1, 1000), 1_025_000)]
    assert len(expected) >= len(outputs(theirs)) - 1  # MobileNet's head is the one left out
    assert outputs(ours) == expected


@pytest.mark.parametrize("name", QUICK)
def test_the_same_weights_give_the_same_predictions(name: str) -> None:
    agree(name, NETWORKS[name][2])


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", sorted(set(NETWORKS) - set(QUICK)))
def test_the_same_weights_give_the_same_predictions_in_the_others(name: str) -> None:
    agree(name, NETWORKS[name][2])


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", QUICK)
def test_the_same_at_full_size(name: str) -> None:
    agree(name, 224)


def test_a_wrong_epsilon_would_show() -> None:
    """The comparison has teeth: with Keras's usual epsilon the predictions differ."""
    ours, theirs, examples, design = pair("ResNet50V2", 64)
    wrong = keras_model.build_model(design.replace(epsilon=1e-3))
    wrong.set_weights(ours.get_weights())
    difference = wrong(examples, training=False) - theirs(examples, training=False)
    assert np.abs(difference).max() > 1e-4
