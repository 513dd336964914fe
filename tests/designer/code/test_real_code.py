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
from designer.templates.blocks import patterns

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
    ("dnn", {"l2": 0.0005, "dropout": 0.5}),
    ("composable", {"l2": 1e-5, "groups": [
        {"pattern": "inverted_residual", "filters": 8}, {"pattern": "squeeze_excitation"},
    ]}),
]  # fmt: skip


def small(template: str, **parameters: Any) -> Design:
    """Return a template's design with small sizes: its default groups and hidden layers, each with
    few filters, blocks and units, so that it is quick to compute with. Two groups keep enough
    blocks for a loop; the others have one."""
    design = Design.from_template(template, **parameters)
    sizes: dict[str, Any] = {}
    if len(design["input_shape"]) > 1:
        sides = {2: [8, 8], 3: [32, 32]}[len(design["input_shape"])]
        sizes["input_shape"] = [*sides, *design["input_shape"][2:]]
    if "groups" in design.parameters:
        sizes["groups"] = [
            {
                **group,
                "filters": 4 * 2 ** min(place, 2),
                "blocks": min(group["blocks"], 3 if place < 2 else 1),
                **({"cardinality": min(group["cardinality"], 2)} if "cardinality" in group else {}),
            }
            for place, group in enumerate(design["groups"])
        ]
    if "stem_filters" in design.parameters:
        sizes["stem_filters"] = 4
    sizes["hidden"] = [min(units, 9 + place) for place, units in enumerate(design["hidden"])]
    if "classes" not in parameters and design["task"] == "multiclass":
        sizes["classes"] = 5
    return design.replace(**sizes)


def one_of_each_pattern() -> list[dict[str, Any]]:
    return [
        {"pattern": name, "filters": 8, "blocks": 2, **({"strides": 1} if place else {})}
        for place, name in enumerate(patterns())
    ]


#: Every template, and what differs in structure: small enough to be given weights.
SMALL: list[tuple[str, dict[str, Any]]] = [
    *((name, {}) for name in templates()),
    *((name, {"identity_link": False}) for name in templates()
      if "identity_link" in Design.from_template(name).parameters),
    ("dnn", {"task": "multitask"}),
    ("image_dnn", {"dropout": 0.2, "batch_normalization": "after"}),
    ("cnn", {"groups": [
        {"filters": 4, "blocks": 2}, {"filters": 8, "blocks": 3, "cardinality": 2},
    ], "batch_normalization": "before", "activation": "gelu"}),
    ("resnet18", {"variant": "paper"}),
    ("resnet50", {"version": "v1.5"}),
    ("resnet50", {"version": "v2"}),
    ("composable", {"groups": one_of_each_pattern()}),
    ("composable", {"groups": [
        {"pattern": "plain", "filters": 8, "blocks": 2}, {"pattern": "separable", "blocks": 2},
    ], "activation": "relu6"}),
    *(("composable", {"groups": [{"pattern": name, "filters": 8, "blocks": 2}, {"blocks": 1}]})
      for name in patterns()),
]  # fmt: skip

#: Kin of ResNet50 with more of the same blocks, which take as long as all others together.
DEEPER = ("resnet101", "resnet152")


def sweep(template: str) -> list[Any]:
    """Return the marks of a test of a template: the deepest are for the sweeps."""
    return [pytest.mark.exhaustive] if template in DEEPER else []


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
    [
        pytest.param(
            name,
            parameters,
            id="-".join(map(str, (name, *parameters.values()))),
            marks=sweep(name),
        )
        for name, parameters in [*((name, {}) for name in templates()), *MORE]
    ],
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


def outputs_of(model: Any, examples: Any) -> list[Any]:
    made = model(examples, training=False)
    return [tensor.numpy() for tensor in (made if isinstance(made, list) else [made])]


@pytest.mark.parametrize(
    ("template", "parameters"),
    [
        pytest.param(
            name,
            parameters,
            id=f"{place}-{name}",
            marks=sweep(name),
        )
        for place, (name, parameters) in enumerate(SMALL)
    ],
)
def test_the_same_weights_predict_the_same(template: str, parameters: dict[str, Any]) -> None:
    design = small(template, **parameters)
    wanted = build_model(design)
    rng = np.random.default_rng(0)
    weights = {}  # by layer: where ways fork, Keras orders layers by their depth
    for layer in wanted.layers:
        own = [rng.uniform(-0.3, 0.5, weight.shape) for weight in layer.get_weights()]
        own = [np.abs(one) + 0.5 if one.ndim == 1 else one for one in own]  # variances
        layer.set_weights(own)
        weights[layer.name] = own
    examples = rng.normal(size=(3, *design["input_shape"])).astype("float32")
    expected = outputs_of(wanted, examples)
    assert all(np.isfinite(one).all() and len(np.unique(one)) > 1 for one in expected)
    shapes = [layer.output.shape for layer in wanted.layers]
    names = [layer.name for layer in wanted.layers]
    for style in styles():
        for activations in WAYS:
            if why_not(design, style):
                continue
            source: dict[str, Any] = {}
            exec(write_code(design, style, activations), source)
            model = source["model"]
            assert model.count_params() == wanted.count_params()
            if activations is None and style in {"functional", "reuse"}:
                assert [layer.name for layer in model.layers] == names
                assert [layer.output.shape for layer in model.layers] == shapes
            for layer in model.layers:  # an activation of its own has none
                layer.set_weights(weights.get(layer.name, []))
            for one, other in zip(outputs_of(model, examples), expected, strict=True):
                np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


def test_every_style_is_executed_for_every_template_that_has_words_for_it() -> None:
    """By the two tests above, which leave out what a style cannot express."""
    designs = [small(*one[:1], **one[1]) for one in SMALL]
    for style in ("functional", "reuse"):
        assert not any(why_not(design, style) for design in designs)
    for style in ("add", "list"):
        covered = {design.template for design in designs if why_not(design, style) is None}
        assert covered == set(templates())


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
