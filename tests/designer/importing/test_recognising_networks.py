"""Networks found among our designs: our own as Keras writes them, those of keras.applications."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import model_files as files
import published_networks as published
import pytest
import random_designs
from hypothesis import given, settings
from hypothesis import strategies as st
from lazily import Lazily

from designer import Design
from designer.errors import DesignError
from designer.importing import open_file
from designer.importing.recognising import recognise, same_layers
from designer.importing.recognising.target import Target, TargetLayer
from designer.summary import outline, summarize
from designer.templates import templates
from designer.templates.blocks import patterns

keras = Lazily("keras")
keras_model = Lazily("designer.keras_model")
real_models = Lazily("real_models")


def target_of(design: Design) -> Target:
    """Return a design as a network to look for, without its names and its order."""
    layers = outline(design).layers
    new = {layer.name: f"layer_{number * 7 % 10_007}" for number, layer in enumerate(layers)}
    return Target(
        [
            TargetLayer(
                new[one.name], one.class_name, one.layer.config, [new[feed] for feed in one.inputs]
            )
            for one in layers
        ],
        [new[name] for name in design.graph.outputs],
        {new[one.name]: one.cost.shape for one in layers if one.cost.shape is not None},
    )


def compiled_of(design: Design) -> dict[str, Any]:
    return {name: design[name] for name in ("loss", "optimizer", "metric")}


# --- by our own arithmetic --------------------------------------------------------------------


@pytest.mark.parametrize("name", list(templates()))
def test_every_template_is_recognised_as_itself(name: str) -> None:
    design = Design.from_template(name)
    assert recognise(target_of(design), compiled_of(design)).design == design


@pytest.mark.parametrize("pattern", list(patterns()))
def test_every_pattern_is_recognised_as_itself(pattern: str) -> None:
    groups = [
        {"pattern": pattern, "filters": filters, "blocks": blocks}
        for filters, blocks in ((16, 2), (24, 3))
    ]
    design = Design.from_template("composable", groups=groups, optimizer="sgd")
    found = recognise(target_of(design), compiled_of(design)).design
    assert found is not None
    assert same_layers(found, target_of(design))
    assert [group["pattern"] for group in found.as_composable()["groups"]] == [pattern, pattern]


@pytest.mark.parametrize("version", ["v1.5", "v2"])
def test_versions_of_resnet50(version: str) -> None:
    design = Design.from_template("resnet50", version=version)
    assert recognise(target_of(design), {}).design == design


def small_designs() -> st.SearchStrategy[Design]:
    return st.sampled_from(list(templates())).flatmap(
        lambda name: random_designs.designs(name, small=True)
    )


def check_recognised(design: Design) -> None:
    try:
        summarize(design)
    except DesignError:
        return  # Keras would not build it
    target = target_of(design)
    found = recognise(target, compiled_of(design)).design
    assert found is not None
    assert same_layers(found, target)
    assert len(found.graph.layers) == len(design.graph.layers)
    assert summarize(found).total_params == summarize(design).total_params


@settings(max_examples=12)
@given(design=small_designs())
def test_random_designs_are_recognised(design: Design) -> None:
    check_recognised(design)


@pytest.mark.exhaustive
@settings(max_examples=1500)
@given(design=small_designs())
def test_very_many_random_designs_are_recognised(design: Design) -> None:
    check_recognised(design)


def test_one_number_less_is_another_network() -> None:
    design = Design.from_template("composable")
    other = design.replace(classes=design["classes"] + 1)
    assert not same_layers(other, target_of(design))
    assert same_layers(design, target_of(design))
    swapped = Design.from_template("dnn", task="multitask", classes=[5, 2])
    target = target_of(swapped)
    assert not same_layers(Design.from_template("dnn", task="multitask", classes=[2, 5]), target)


# --- as Keras writes them ---------------------------------------------------------------------


def opened(model: Any, folder: Path, name: str = "model.json") -> Any:
    return open_file(files.written(folder, model.to_json().encode(), name))


def check_through_keras(design: Design, folder: Path) -> None:
    try:
        model = keras_model.build_structure(design)
    except DesignError:
        return
    imported = opened(model, folder)
    assert imported.design is not None, imported.notes
    found = imported.design.replace(**compiled_of(design))
    assert found == design or same_layers(found, target_of(design))
    assert imported.summary.total_params == model.count_params()


@pytest.mark.keras
@pytest.mark.parametrize("name", ["dnn", "image_dnn", "cnn", "resnet18", "composable"])
def test_a_design_through_keras_is_the_same_design(name: str, tmp_path: Path) -> None:
    design = Design.from_template(name)
    imported = opened(keras_model.build_structure(design), tmp_path)
    assert imported.design == design


@pytest.mark.keras
@settings(max_examples=6)
@given(design=small_designs())
def test_random_designs_through_keras(
    design: Design, tmp_path_factory: pytest.TempPathFactory
) -> None:
    check_through_keras(design, tmp_path_factory.getbasetemp())


@pytest.mark.keras
@pytest.mark.exhaustive
@settings(max_examples=300)
@given(design=small_designs())
def test_very_many_random_designs_through_keras(
    design: Design, tmp_path_factory: pytest.TempPathFactory
) -> None:
    check_through_keras(design, tmp_path_factory.getbasetemp())


@pytest.mark.keras
@pytest.mark.exhaustive
@pytest.mark.parametrize("name", list(templates()))
def test_every_template_through_keras(name: str, tmp_path: Path) -> None:
    design = Design.from_template(name)
    assert opened(keras_model.build_structure(design), tmp_path).design == design


#: Network of keras.applications → the design it comes back as.
APPLICATIONS = {
    "VGG16": Design.from_template("vgg16"),
    "VGG19": Design.from_template("vgg19"),
    "ResNet50": Design.from_template("resnet50"),
    "ResNet50V2": Design.from_template("resnet50", version="v2"),
    "ResNet101": Design.from_template("resnet101"),
    "MobileNetV2": published.published({**published.MOBILE_NET_V2, "momentum": 0.999}),
    "DenseNet121": published.published({**published.dense_net(6, 12, 24, 16), "momentum": 0.99}),
}
OFTEN = ("VGG16", "ResNet50V2", "MobileNetV2", "DenseNet121")


def check_application(name: str, folder: Path) -> None:
    with real_models.no_weights():
        model = getattr(keras.applications, name)(weights=None)
    imported = opened(model, folder)
    assert imported.design == APPLICATIONS[name]
    assert imported.summary.total_params == model.count_params()


@pytest.mark.keras
@pytest.mark.parametrize("name", OFTEN)
def test_networks_of_keras_come_back_as_designs(name: str, tmp_path: Path) -> None:
    check_application(name, tmp_path)


@pytest.mark.keras
@pytest.mark.exhaustive
@pytest.mark.parametrize("name", [name for name in APPLICATIONS if name not in OFTEN])
def test_more_networks_of_keras_come_back_as_designs(name: str, tmp_path: Path) -> None:
    check_application(name, tmp_path)


@pytest.mark.keras
@pytest.mark.exhaustive
@pytest.mark.parametrize("name", ["MobileNet", "EfficientNetB0", "InceptionV3", "Xception"])
def test_other_networks_of_keras_can_be_looked_at(name: str, tmp_path: Path) -> None:
    with real_models.no_weights():
        model = getattr(keras.applications, name)(weights=None)
    imported = opened(model, tmp_path)
    assert imported.design is None
    assert [row.name for row in imported.summary.layers if row.output_shape is None] == []


@pytest.mark.keras
def test_a_real_keras_file_from_elsewhere(tmp_path: Path) -> None:
    """With weights, compiled, with a layer of one's own: saved by Keras, looked at by us."""
    layers = keras.layers
    inputs = keras.Input((12, 12, 3))
    x = layers.SeparableConv2D(8, 3, name="separable")(inputs)
    x = layers.LayerNormalization(name="normal")(x)
    x = layers.Lambda(lambda value: value * 2, name="twice")(x)
    x = layers.GlobalAveragePooling2D(name="pool")(x + x)
    model = keras.Model(inputs, layers.Dense(4, activation="softmax", name="answers")(x))
    model.compile("adam", "categorical_crossentropy")
    model.save(tmp_path / "theirs.keras")
    imported = open_file(tmp_path / "theirs.keras")
    assert imported.design is None
    rows = {row.name: row for row in imported.summary.layers}
    assert rows["answers"].params == 8 * 4 + 4
    assert rows["pool"].output_shape == (None, 8)
    assert set(imported.to_dict()["not_edited"]) == {"separable", "normal", "twice", "add"}


@pytest.mark.keras
def test_a_keras_file_that_we_exported_is_the_same_design(tmp_path: Path) -> None:
    """Export → open: the design in the file, and what Keras would load is compared with it."""
    from designer.exports.how import How
    from designer.exports.keras_format import KerasFile

    design = Design.from_template(
        "composable", input_shape=[16, 16, 3], classes=4, optimizer="lion", dropout=0.25
    )
    path = tmp_path / "ours.keras"
    KerasFile().write(keras_model.build_model(design), design, path, How())
    imported = open_file(path)
    assert imported.design == design
    assert imported.kind == "package"
    assert any("was compared" in note for note in imported.notes)


@pytest.mark.keras
def test_a_penalty_comes_back_through_keras(tmp_path: Path) -> None:
    design = Design.from_template("cnn", input_shape=[28, 28, 1], l2=0.0005)
    imported = opened(keras_model.build_structure(design), tmp_path)
    assert imported.design == design
