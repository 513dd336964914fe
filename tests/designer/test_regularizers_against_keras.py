"""The weight penalty of a design against Keras: what its model adds to the loss."""

from __future__ import annotations

import numpy as np
import pytest
from lazily import Lazily

from designer import Design
from designer.checking import check, compare_penalties
from designer.templates.blocks import patterns

keras = Lazily("keras")
keras_model = Lazily("designer.keras_model")
real_models = Lazily("real_models")

pytestmark = pytest.mark.keras

SMALL = {
    "dnn": {"batch_normalization": "before"},
    "image_dnn": {"input_shape": [6, 6], "hidden": [5]},
    "cnn": {"input_shape": [12, 12, 1], "batch_normalization": "after", "hidden": [4]},
    "resnet18": {
        "input_shape": [32, 32, 3], "variant": "paper", "stem_filters": 4, "classes": 3,
        "groups": [{"filters": 4, "blocks": 1}, {"filters": 8, "blocks": 1}],
    },
    "composable": {
        "input_shape": [32, 32, 3],
        "groups": [{"pattern": name, "filters": 4, "blocks": 1, "strides": 1} if place
                   else {"pattern": name, "filters": 4, "blocks": 1}
                   for place, name in enumerate(patterns())],
    },
}  # fmt: skip


@pytest.mark.parametrize("name", SMALL)
def test_the_losses_are_the_factor_times_the_sum_of_squares(name: str) -> None:
    design = Design.from_template(name, l2=0.003, **SMALL[name])
    model = keras_model.build_model(design)
    kernels = [one for one in model.trainable_weights if one.path.endswith("kernel")]
    others = [one for one in model.trainable_weights if not one.path.endswith("kernel")]
    assert {one.path.rsplit("/")[-1] for one in others} <= {"bias", "gamma", "beta"}
    assert others
    expected = [0.003 * float(np.square(one.numpy(), dtype=np.float64).sum()) for one in kernels]
    assert len(model.losses) == len(expected)
    assert sorted(map(float, model.losses)) == pytest.approx(sorted(expected), rel=1e-5)
    assert compare_penalties(design.graph, model) == []
    # Counted by Keras, there is nothing more to learn than without it.
    without = keras_model.build_structure(design.replace(l2=0.0))
    assert without.losses == []
    assert model.count_params() == without.count_params()


def test_keras_reads_the_argument_as_its_own_regularizer() -> None:
    design = Design.from_template("vgg16", l2=0.0005)
    model, refused = real_models.build_until_refused(design.graph)
    assert refused is None
    weighted = [layer for layer in model.layers if layer.weights]
    assert len(weighted) == 16
    for layer in weighted:
        assert type(layer.kernel_regularizer) is keras.regularizers.L2
        assert layer.kernel_regularizer.get_config() == {"l2": 0.0005}
        assert layer.bias_regularizer is None


def test_the_check_agrees_and_would_see_another_penalty() -> None:
    design = Design.from_template("dnn", l2=0.0005)
    assert check(design.to_dict())["differences"] == []
    model = keras_model.build_structure(design.replace(l2=0.001))
    model.get_layer("outputs").kernel_regularizer = None
    assert compare_penalties(design.graph, model) == [
        "hidden1: kernel_regularizer is {'l2': 0.0005} here, {'l2': 0.001} in Keras",
        "hidden2: kernel_regularizer is {'l2': 0.0005} here, {'l2': 0.001} in Keras",
        "outputs: kernel_regularizer is {'l2': 0.0005} here, {} in Keras",
    ]
    assert len(compare_penalties(design.replace(l2=0.0).graph, model)) == 2
