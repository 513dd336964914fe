"""Models with a weight penalty, exported, proven in a fresh process, and loaded by Keras."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest

from designer.design import Design
from designer.exports import export_model

pytestmark = pytest.mark.keras

DESIGN = Design.from_template(
    "composable", input_shape=[8, 8, 1], classes=3, hidden=[4], l2=0.003,
    groups=[{"pattern": "separable", "filters": 4, "blocks": 1}],
)  # fmt: skip


@pytest.fixture(scope="module")
def trained(tmp_path_factory) -> tuple[object, Path]:
    import keras

    from designer.keras_model import build_model, compile_model

    keras.utils.set_random_seed(3)
    model = build_model(DESIGN)
    compile_model(model, DESIGN)
    file = tmp_path_factory.mktemp("penalty") / "model.keras"
    model.save(file)
    return model, file


def test_a_keras_file_keeps_its_penalties(trained, tmp_path: Path) -> None:
    import keras

    model, file = trained
    result = export_model(DESIGN.to_dict(), file, "keras", tmp_path / "out.keras")
    assert result.largest_difference == 0
    loaded = keras.models.load_model(result.path)
    names = set()
    for layer in DESIGN.graph.layers:
        for name in layer.config:
            if name.endswith("_regularizer"):
                penalty = getattr(loaded.get_layer(layer.name), name)
                assert type(penalty) is keras.regularizers.L2
                assert penalty.get_config() == {"l2": 0.003}
                names.add(name)
    assert names == {"kernel_regularizer", "depthwise_regularizer"}
    assert sum(map(float, loaded.losses)) == pytest.approx(sum(map(float, model.losses)))
    assert loaded.losses


def test_a_saved_model_predicts_the_same(trained, tmp_path: Path) -> None:
    import tensorflow as tf

    model, file = trained
    result = export_model(DESIGN.to_dict(), file, "saved_model", tmp_path / "out.zip")
    assert result.largest_difference <= result.allowed_difference
    with zipfile.ZipFile(result.path) as archive:
        archive.extractall(tmp_path)
    pictures = np.random.default_rng(0).normal(size=(5, 8, 8, 1)).astype("float32")
    loaded = tf.saved_model.load(str(tmp_path / "saved_model"))
    np.testing.assert_allclose(
        np.asarray(tf.nest.flatten(loaded.serve(pictures))[0]),
        np.asarray(model(pictures, training=False)),
        atol=1e-6,
    )
