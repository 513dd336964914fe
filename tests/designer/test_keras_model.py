"""Our figures against tf.keras, which is the judge: layer by layer, for every template, its
variants and tasks, and for random designs. Compiling and training are tried here too."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from zlib import crc32

import numpy as np
import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st
from lazily import Lazily
from published_networks import MOBILE_NET_V2, dense_net
from random_designs import choices

from designer import Design, summarize
from designer.checking import compare
from designer.errors import DesignError
from designer.summary import outline
from designer.tasks import LOSSES, METRICS, OPTIMIZER_SLOTS, TASKS, heads
from designer.templates import template, templates
from designer.templates.blocks import patterns

keras = Lazily("keras")
keras_model = Lazily("designer.keras_model")
real_models = Lazily("real_models")

pytestmark = pytest.mark.keras

#: At least this many random designs in a normal run, over all templates together.
NORMAL, EXHAUSTIVE = 240, 3000

COMPARED = ("class_name", "inputs", "output_shape", "params", "trainable_params")


def variants(name: str) -> list[dict[str, Any]]:
    """Return every version or variant of a template, the default first."""
    found: list[dict[str, Any]] = [{}]
    for parameter in template(name).parameters:
        if parameter.name in {"version", "variant", "transition_strides"}:
            options = parameter.options_for({})  # type: ignore[attr-defined]
            found += [{parameter.name: option} for option in list(options)[1:]]
    return found


EVERY_VARIANT = [(name, parameters) for name in templates() for parameters in variants(name)]
DEEP = {"resnet101", "resnet152"}


def hold_against_keras(design: Design, model: Any) -> None:
    """Compare every layer and the totals with what Keras itself says of the model."""
    ours = summarize(design)
    theirs = real_models.read_layers(model)
    assert {layer.name for layer in ours.layers} == set(theirs)
    for layer in ours.layers:
        mine = layer.to_dict()
        assert {key: mine[key] for key in COMPARED} == theirs[layer.name], layer.name
    assert model.count_params() == ours.total_params
    assert [one.name for one in _outputs(model)] == list(design.graph.outputs)
    for layer in model.layers:
        if hasattr(layer, "kernel"):
            names = ("kernel_regularizer", "depthwise_regularizer")
            found = [one for name in names if (one := getattr(layer, name, None)) is not None]
            factors = [one.get_config()["l2"] for one in found]
            assert factors == ([design["l2"]] if design["l2"] else []), layer.name


def _outputs(model: Any) -> list[Any]:
    return [output._keras_history.operation for output in model.outputs]


def hold_both_ways(design: Design) -> bool:
    """Hold a design that may not be buildable against Keras, and say whether it was built.

    What our arithmetic calls faulty Keras must refuse, at the same layer; what it accepts, Keras
    must build, with the same figures.
    """
    fault = outline(design).fault
    model, refused = real_models.build_until_refused(design.graph)
    if fault is not None:
        assert refused == fault.layer, design.choices
        with pytest.raises(DesignError):
            keras_model.build_structure(design)
        return False
    assert model is not None, f"Keras refuses {refused} of {design.choices}"
    hold_against_keras(design, model)
    assert compare(summarize(design).to_dict(), keras_model.describe_model(model, design)) == []
    return True


# --- the templates ------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "parameters"), EVERY_VARIANT)
def test_every_variant_agrees_layer_by_layer(name: str, parameters: dict[str, Any]) -> None:
    design = Design.from_template(name, **parameters)
    model = keras_model.build_structure(design)
    hold_against_keras(design, model)
    assert compare(summarize(design).to_dict(), keras_model.describe_model(model, design)) == []
    # And with what a person reads in model.summary().
    rows, totals = real_models.read_summary(model)
    ours = summarize(design)
    assert totals == {
        "Total": ours.total_params,
        "Trainable": ours.trainable_params,
        "Non-trainable": ours.non_trainable_params,
    }
    by_name = {layer.name: layer for layer in ours.layers}
    assert [row[0] for row in rows] == [row[0] for row in rows if row[0] in by_name]
    assert len(rows) == len(ours.layers)
    for row, class_name, shape, params in rows:
        layer = by_name[row]
        assert (class_name, params) == (layer.class_name, layer.params)
        if layer.class_name != "InputLayer":  # its cell wraps the shape in a list in some versions
            assert shape == str(layer.output_shape)


@pytest.mark.parametrize("task", list(TASKS))
@pytest.mark.parametrize(("name", "parameters"), EVERY_VARIANT)
def test_every_task_agrees_layer_by_layer(name: str, parameters: dict[str, Any], task: str) -> None:
    if name in DEEP:  # the same code as resnet50, many times over
        parameters = {**parameters, "groups": [{"blocks": 2}] * 2}
    design = Design.from_template(name, task=task, **parameters)
    model = keras_model.build_structure(design)
    hold_against_keras(design, model)
    assert compare(summarize(design).to_dict(), keras_model.describe_model(model, design)) == []
    assert [tuple(output.shape) for output in model.outputs] == [
        (None, head.units) for head in heads(design.parameters)
    ]
    assert [one.activation.__name__ for one in _outputs(model)] == [
        head.activation for head in heads(design.parameters)
    ]


@pytest.mark.parametrize(
    ("name", "options"),
    [
        (name, {parameter.name: option})
        for name in ("dnn", "image_dnn", "cnn", "vgg16", "resnet18", "resnet50", "composable")
        for parameter in template(name).parameters
        if parameter.name
        in {"activation", "batch_normalization", "pooling", "padding", "flattening",
            "dropout_position", "stem_pooling", "stem", "hidden_batch_normalization"}
        for option in parameter.options  # type: ignore[attr-defined]
    ],
)  # fmt: skip
def test_every_option_agrees_layer_by_layer(name: str, options: dict[str, Any]) -> None:
    extra: dict[str, Any] = {"dropout": 0.3}
    if "groups" in Design.from_template(name).parameters:
        if "hidden_batch_normalization" in options:
            extra["hidden"] = [5]
        extra |= {
            "groups": [{"filters": 4, "blocks": 1}, {"blocks": 2}],
            "input_shape": [64, 57, 2],
        }
    assert hold_both_ways(Design.from_template(name, **extra, **options))


# --- random designs -----------------------------------------------------------------------


def _random(name: str, count: int) -> tuple[int, int]:
    """Hold ``count`` random designs both ways; return how many were built and refused."""
    tally = {True: 0, False: 0}

    @seed(crc32(name.encode()) + count)  # other designs for each template, the same each time
    @settings(max_examples=count)
    @given(choices(name, small=True))
    def check(parameters: Mapping[str, Any]) -> None:
        tally[hold_both_ways(Design.from_template(name, **parameters))] += 1

    check()
    return tally[True], tally[False]


@pytest.mark.parametrize("name", list(templates()))
def test_random_designs_agree_both_ways(name: str) -> None:
    count = NORMAL // len(templates())
    built, refused = _random(name, count)
    assert built + refused >= 200 / len(templates())
    if name == "cnn":
        assert built > 3, "designs that work must be among them"
        assert refused > 3, "designs that do not work must be among them"


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", list(templates()))
def test_thousands_of_random_designs_agree_both_ways(name: str) -> None:
    count = EXHAUSTIVE // len(templates())
    built, refused = _random(name, count)
    print(f"{name}: {built} built, {refused} refused")
    assert built + refused >= count


# --- multiply-adds ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("dnn", {}),
        ("image_dnn", {}),
        ("cnn", {}),
        ("vgg16", {}),
        ("resnet18", {}),
        ("resnet34", {"variant": "paper"}),
        ("resnet50", {"version": "v1"}),
        ("resnet50", {"version": "v1.5"}),
        ("resnet50", {"version": "v2"}),
        ("cnn", {"input_shape": [40, 61, 4], "padding": "valid",
                 "groups": [{"filters": 8, "cardinality": 4}, {"cardinality": 8}]}),
        ("resnet50", {"input_shape": [64, 48, 3],
                      "groups": [{"filters": 32, "blocks": 2, "cardinality": 8}]}),
        ("dnn", {"task": "multitask"}),
        *(("composable", {"input_shape": [24, 17, 3], "groups": [
            {"pattern": name, "filters": 8, "blocks": 2}, {}]}) for name in patterns()),
        ("composable", MOBILE_NET_V2),
        ("composable", dense_net(6, 12, 24, 16)),
    ],
)  # fmt: skip
def test_multiply_adds_agree_with_tensorflow_s_own_count(
    name: str, parameters: dict[str, Any]
) -> None:
    """How TensorFlow counts is said in ``real_models.count_multiply_adds``."""
    design = Design.from_template(name, **parameters)
    counted = real_models.count_multiply_adds(keras_model.build_structure(design))
    ours = {one.name: one.multiply_adds for one in summarize(design).layers if one.multiply_adds}
    assert counted == ours
    assert sum(counted.values()) == summarize(design).multiply_adds


def _count_random(name: str, count: int) -> None:
    @seed(crc32(name.encode()) + count)  # other designs for each template, the same each time
    @settings(max_examples=count)
    @given(choices(name, small=True))
    def check(parameters: Mapping[str, Any]) -> None:
        design = Design.from_template(name, **parameters)
        summary = outline(design)
        if summary.fault is None:
            counted = real_models.count_multiply_adds(keras_model.build_structure(design))
            assert sum(counted.values()) == summary.multiply_adds
            assert all(counted.get(one.name, 0) == one.multiply_adds for one in summary.layers)

    check()


@pytest.mark.parametrize("name", ["cnn", "resnet18", "resnet50", "composable"])
def test_multiply_adds_of_random_designs(name: str) -> None:
    _count_random(name, 8)


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", list(templates()))
def test_multiply_adds_of_many_random_designs(name: str) -> None:
    _count_random(name, 60)


# --- building -----------------------------------------------------------------------------


def test_a_built_model_has_weights_and_predicts() -> None:
    design = Design.from_template("cnn", input_shape=[16, 16, 1], hidden=[8], classes=3)
    model = keras_model.build_model(design)
    assert model.name == "cnn"
    hold_against_keras(design, model)
    assert compare(summarize(design).to_dict(), keras_model.describe_model(model, design)) == []
    predictions = model(np.zeros((2, 16, 16, 1), "float32")).numpy()
    assert predictions.shape == (2, 3)
    np.testing.assert_allclose(predictions.sum(axis=1), 1, rtol=1e-5)
    assert not getattr(model, "compiled", False)


def test_every_layer_has_our_name_in_keras() -> None:
    design = Design.from_template("resnet50", version="v2")
    names = [layer.name for layer in keras_model.build_structure(design).layers]
    assert set(names) == {layer.name for layer in design.graph.layers}


def test_a_structure_leaves_nothing_behind() -> None:
    """A real model built after structures gets real weights, and only its own."""
    for _ in range(2):
        keras_model.build_structure(Design.from_template("resnet18"))
    with pytest.raises(DesignError):
        keras_model.build_structure(Design.from_template("vgg16", input_shape=[8, 8, 3]))
    model = keras_model.build_model(Design.from_template("dnn"))
    assert np.isfinite(model(np.ones((1, 13), "float32")).numpy()).all()
    assert sum(weight.numpy().size for weight in model.weights) == 261


def test_what_cannot_be_built_is_a_design_error_not_keras_s() -> None:
    design = Design.from_template("cnn", groups=[{"cardinality": 3}])
    for build in (keras_model.build_model, keras_model.build_structure):
        with pytest.raises(DesignError, match=r"groups\[0\]\.cardinality"):
            build(design)


# --- compiling and training ---------------------------------------------------------------


def _tiny(task: str, **parameters: Any) -> Design:
    return Design.from_template("dnn", task=task, input_shape=[6], hidden=[4], **parameters)


def _labels(design: Design, count: int = 8) -> Any:
    """Return labels as the losses of a design want them."""
    random = np.random.default_rng(0)
    losses = design["loss"] if isinstance(design["loss"], tuple) else (design["loss"],)
    labels = []
    for head, loss in zip(heads(design.parameters), losses, strict=True):
        if design["task"] in {"multiclass", "multitask"}:
            integers = random.integers(0, head.units, count)
            one_hot = np.eye(head.units, dtype="float32")[integers]
            labels.append(integers if loss.startswith("sparse_") else one_hot)
        elif design["task"] == "regression":
            labels.append(random.random((count, head.units)).astype("float32"))
        else:
            labels.append(random.integers(0, 2, (count, head.units)).astype("float32"))
    return labels if len(labels) > 1 else labels[0]


def _train(design: Design, **options: Any) -> dict[str, float]:
    keras.utils.set_random_seed(0)
    model = keras_model.build_model(design)
    keras_model.compile_model(model, design, **options)
    before = [weight.copy() for weight in model.get_weights()]
    examples = np.random.default_rng(1).random((8, 6)).astype("float32")
    results = model.train_on_batch(examples, _labels(design), return_dict=True)
    moved = [not np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True)]
    assert any(moved), "a step of training moves the weights"
    for name, value in results.items():
        assert np.isfinite(value).all(), name
    return results


@pytest.mark.parametrize("task", list(TASKS))
def test_every_task_compiles_and_trains(task: str) -> None:
    design = _tiny(task)
    results = _train(design)
    metric = METRICS[task][0]
    if task == "multitask":
        assert set(results) == {
            "loss", "outputs1_loss", "outputs2_loss", f"outputs1_{metric}", f"outputs2_{metric}",
        }  # fmt: skip
    else:
        assert set(results) == {"loss", metric}


#: Each option of each task once, side by side: the 9 optimizers carry the losses and metrics.
OPTIONS = [
    (task, {"loss": losses[at % len(losses)], "optimizer": optimizer,
            "metric": METRICS[task][at % len(METRICS[task])]})
    for task, losses in LOSSES.items()
    for at, optimizer in enumerate(OPTIMIZER_SLOTS)
]  # fmt: skip


def test_the_options_tried_are_all_there_are() -> None:
    for task in TASKS:
        tried = [options for one, options in OPTIONS if one == task]
        assert {options["loss"] for options in tried} == set(LOSSES[task])
        assert {options["metric"] for options in tried} == set(METRICS[task])
        assert {options["optimizer"] for options in tried} == set(OPTIMIZER_SLOTS)


@pytest.mark.parametrize(("task", "options"), OPTIONS)
def test_every_loss_optimizer_and_metric_works(task: str, options: dict[str, Any]) -> None:
    design = _tiny(task, **options)
    results = _train(design, run_eagerly=True)  # a graph each would take most of the time
    metric = options["metric"]
    wanted = {"loss"} if metric == "none" else {"loss", metric}
    if task == "multitask":
        wanted = {re.sub("^(?!loss)", "outputs1_", name) for name in wanted}
        assert wanted | {"outputs2_loss"} <= set(results)
    else:
        assert set(results) == wanted


def test_a_loss_a_head() -> None:
    design = _tiny(
        "multitask", loss=["categorical_crossentropy", "sparse_categorical_crossentropy"]
    )
    results = _train(design, run_eagerly=True)
    assert results["loss"] == pytest.approx(
        results["outputs1_loss"] + results["outputs2_loss"], rel=1e-5
    )


def test_the_learning_rate_can_be_set_and_options_passed() -> None:
    design = _tiny("binary")
    model = keras_model.build_model(design)
    keras_model.compile_model(model, design, learning_rate=0.25, steps_per_execution=3)
    assert float(model.optimizer.learning_rate) == 0.25
    assert isinstance(model.optimizer, keras.optimizers.RMSprop)
    assert int(model.steps_per_execution) == 3


def test_accuracy_of_several_labels_counts_every_label() -> None:
    """Keras's plain "accuracy" would look at the largest output alone."""
    design = _tiny("multilabel", classes=4)
    model = keras_model.build_model(design)
    keras_model.compile_model(model, design, run_eagerly=True)
    weights = [np.zeros_like(weight) for weight in model.get_weights()]
    weights[-1][:] = 9  # every label says yes
    model.set_weights(weights)
    labels = np.array([[1, 1, 0, 0], [1, 0, 0, 0]], "float32")
    results = model.test_on_batch(np.zeros((2, 6), "float32"), labels, return_dict=True)
    assert results["accuracy"] == pytest.approx(3 / 8)


def test_top_5_accuracy_of_fewer_classes_than_5() -> None:
    assert _train(_tiny("multiclass", classes=3, metric="top_5_accuracy"), run_eagerly=True)[
        "top_5_accuracy"
    ] == pytest.approx(1)


@settings(max_examples=5)
@seed(1)
@given(st.sampled_from(["cnn", "resnet18", "resnet50", "composable"]), st.sampled_from(list(TASKS)))
def test_small_networks_of_maps_train_too(name: str, task: str) -> None:
    design = Design.from_template(
        name, task=task, input_shape=[16, 16, 1], groups=[{"filters": 4, "blocks": 1}], hidden=[3]
    )
    model = keras_model.build_model(design)
    keras_model.compile_model(model, design, run_eagerly=True)
    examples = np.random.default_rng(1).random((8, 16, 16, 1)).astype("float32")
    results = model.train_on_batch(examples, _labels(design), return_dict=True)
    assert np.isfinite(results["loss"]).all()


def test_the_first_composable_network_predicts_as_it_has_learned() -> None:
    """After a few dozen steps, not only on the batches it was trained on: what its batch
    normalization measured follows the network (with Keras's momentum this fails)."""
    keras.utils.set_random_seed(0)
    design = Design.from_template("composable", input_shape=[8, 8, 1], classes=2)
    model = keras_model.build_model(design)
    keras_model.compile_model(model, design)
    random = np.random.default_rng(0)
    answers = random.integers(0, 2, 256)
    examples = random.normal(size=(256, 8, 8, 1)) * (0.5 + answers[:, None, None, None])
    model.fit(examples[:192], np.eye(2)[answers[:192]], batch_size=16, epochs=5, verbose=0)
    _, accuracy = model.evaluate(examples[192:], np.eye(2)[answers[192:]], verbose=0)
    assert accuracy > 0.9


@pytest.mark.parametrize("name", list(patterns()))
def test_every_pattern_trains(name: str) -> None:
    """A step moves every trainable weight: no part of a block stands outside the network."""
    design = Design.from_template(
        "composable",
        input_shape=[8, 8, 3],
        groups=[{"pattern": name, "filters": 4, "blocks": 2}, {}],
        activation="tanh",  # none is dead by chance
    )
    keras.utils.set_random_seed(0)
    model = keras_model.build_model(design)
    keras_model.compile_model(model, design, learning_rate=0.1, run_eagerly=True)
    before = {one.path: one.numpy().copy() for one in model.trainable_weights}
    examples = np.random.default_rng(1).normal(size=(8, 8, 8, 3)).astype("float32")
    for _ in range(2):
        results = model.train_on_batch(examples, _labels(design), return_dict=True)
    assert np.isfinite(results["loss"]).all()
    still = [one.path for one in model.trainable_weights
             if np.array_equal(before[one.path], one.numpy())]  # fmt: skip
    assert not still
