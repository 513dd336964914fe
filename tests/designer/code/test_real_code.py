"""Source run by Python and Keras: the same layers, arguments, counts, compile settings, and with
the same weights the same predictions as the model of the design."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lazily import Lazily

from designer import Design, build_model, summarize
from designer.code import styles, why_not, write_code
from designer.code.activations import with_activations
from designer.templates import templates

pytestmark = pytest.mark.keras

keras = Lazily("keras")
keras_model = Lazily("designer.keras_model")
real_models = Lazily("real_models")

WAYS = (None, "argument", "layer")

#: Beside the defaults: variants, versions and tasks whose structure differs.
MORE: list[tuple[str, dict[str, Any]]] = [
    ("resnet18", {"variant": "paper"}),
    ("resnet50", {"version": "v1.5"}),
    ("resnet50", {"version": "v2"}),
    ("resnet34", {"variant": "paper", "batch_normalization": "none"}),
    ("vgg16", {"batch_normalization": "before", "dropout": 0.5}),
    ("dnn", {"task": "multitask", "batch_normalization": "after"}),
    ("cnn", {"task": "multilabel", "metric": "auc"}),
    ("cnn", {"task": "multitask", "classes": [3, 4, 5], "loss": "sparse_categorical_crossentropy"}),
    ("dnn", {"task": "binary", "metric": "none", "optimizer": "sgd"}),
]

#: Small enough to be given weights, each of another template.
SMALL: list[tuple[str, dict[str, Any]]] = [
    ("dnn", {"task": "multitask"}),
    ("image_dnn", {"input_shape": [8, 8], "hidden": [12, 7], "dropout": 0.2}),
    ("cnn", {"input_shape": [16, 16, 3], "hidden": [8], "groups": [
        {"filters": 4, "blocks": 2}, {"filters": 8, "blocks": 3, "cardinality": 2},
    ], "classes": 5, "batch_normalization": "before", "activation": "gelu"}),
    ("resnet18", {"input_shape": [32, 32, 3], "stem_filters": 8, "classes": 4, "groups": [
        {"filters": 8, "blocks": 2}, {"filters": 12, "blocks": 1},
    ], "variant": "paper"}),
    ("resnet50", {"input_shape": [32, 32, 3], "stem_filters": 8, "classes": 4, "groups": [
        {"filters": 4, "blocks": 3}, {"filters": 8, "blocks": 2, "cardinality": 2},
    ], "version": "v2"}),
]  # fmt: skip


def run_source(source: str) -> Any:
    """Run source and return its model; the layers are made without their weights."""
    build, compiles, rest = source.partition("\nmodel.compile(")
    assert compiles
    names: dict[str, Any] = {}
    with real_models.no_weights():
        exec(compile(build, "source.py", "exec"), names)
    exec(compile(compiles + rest, "source.py", "exec"), names)
    return names["model"]


def layers_of(model: Any) -> list[tuple[str, dict[str, Any], list[str]]]:
    """Return class, arguments and feeding layers of every layer but the input."""
    return [
        (
            type(layer).__name__,
            layer.get_config(),
            [node.operation.name for node in layer._inbound_nodes[0].parent_nodes],
        )
        for layer in model.layers
        if not isinstance(layer, keras.layers.InputLayer)
    ]


def ends_of(model: Any) -> list[str]:
    return [tensor._keras_history.operation.name for tensor in model.outputs]


def compiled(model: Any) -> dict[str, Any]:
    """Return how a model is compiled, as Keras writes it into its files."""
    config = keras.saving.serialize_keras_object(model.get_compile_config())
    del config["optimizer"]["config"]["name"]  # Keras numbers them
    config["metrics"] = config["metrics"] or None  # no metrics, either way
    return config


@pytest.mark.parametrize(
    ("template", "parameters"),
    [*((name, {}) for name in templates()), *MORE],
    ids=lambda value: value if isinstance(value, str) else "-".join(map(str, value.values())),
)
def test_every_style_makes_the_same_model(template: str, parameters: dict[str, Any]) -> None:
    design = Design.from_template(template, **parameters)
    total = summarize(design).total_params
    for activations in WAYS:
        graph = with_activations(design.graph, activations)
        with real_models.no_weights():
            wanted = keras_model.model_of(graph, template)
        keras_model.compile_model(wanted, design)
        for style in styles():
            if why_not(design, style):
                continue
            model = run_source(write_code(design, style, activations))
            assert layers_of(model) == layers_of(wanted), style
            assert model.count_params() == total
            assert model.name == template
            assert model.input_shape == wanted.input_shape
            assert [one.name for one in model.inputs] == [one.name for one in wanted.inputs]
            assert ends_of(model) == ends_of(wanted)
            assert compiled(model) == compiled(wanted), style


@pytest.mark.parametrize(("template", "parameters"), SMALL, ids=[name for name, _ in SMALL])
def test_the_same_weights_predict_the_same(template: str, parameters: dict[str, Any]) -> None:
    design = Design.from_template(template, **parameters)
    wanted = build_model(design)
    rng = np.random.default_rng(0)
    wanted.set_weights([rng.random(weight.shape) * 0.4 for weight in wanted.get_weights()])
    examples = rng.normal(size=(3, *design["input_shape"])).astype("float32")
    expected = wanted.predict(examples, verbose=0)
    expected = expected if isinstance(expected, list) else [expected]
    for style in styles():
        for activations in WAYS:
            if why_not(design, style):
                continue
            names: dict[str, Any] = {}
            exec(write_code(design, style, activations), names)
            model = names["model"]
            model.set_weights(wanted.get_weights())
            made = model.predict(examples, verbose=0)
            made = made if isinstance(made, list) else [made]
            for one, other in zip(made, expected, strict=True):
                np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-6)


def test_a_file_runs_by_itself(tmp_path: Path) -> None:
    file = tmp_path / "network.py"
    file.write_text(write_code(Design.from_template("resnet18"), "reuse"))
    check = "import network; print(network.model.count_params(), network.model.compiled)"
    made = subprocess.run(
        [sys.executable, "-c", check], cwd=tmp_path, capture_output=True, text=True, timeout=180
    )
    total = summarize(Design.from_template("resnet18")).total_params
    assert made.stdout.split() == [str(total), "True"], made.stderr
    shown = subprocess.run(
        [sys.executable, file], cwd=tmp_path, capture_output=True, text=True, timeout=180
    )
    assert shown.returncode == 0, shown.stderr
    assert f"{total:,}" in shown.stdout
