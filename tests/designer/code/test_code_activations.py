"""Activations as arguments or as layers: the same function of the same weights."""

from __future__ import annotations

from types import MappingProxyType

from designer import Design
from designer.code.activations import names_in, with_activations
from designer.graph import Layer, LayerGraph


def graph_of(*layers: tuple[str, str, dict, tuple[str, ...]], outputs: tuple[str, ...]):
    made = [
        Layer(name, class_name, MappingProxyType(config), inputs, "learner")
        for name, class_name, config, inputs in layers
    ]
    return LayerGraph(tuple(made), outputs)


def kinds(graph: LayerGraph) -> list[tuple[str, str, object]]:
    return [(one.name, one.class_name, one.config.get("activation")) for one in graph.layers]


def test_arguments_become_layers_and_back() -> None:
    design = Design.from_template("dnn", task="multiclass")
    unfolded = with_activations(design.graph, "layer")
    assert kinds(unfolded)[1:] == [
        ("hidden1", "Dense", None),
        ("hidden1_activation", "ReLU", None),
        ("hidden2", "Dense", None),
        ("hidden2_activation", "ReLU", None),
        ("outputs", "Dense", None),
        ("outputs_activation", "Activation", "softmax"),
    ]
    assert unfolded.outputs == ("outputs_activation",)
    assert kinds(with_activations(unfolded, "argument")) == kinds(design.graph)


def test_what_something_else_needs_is_not_folded() -> None:
    graph = graph_of(
        ("inputs", "InputLayer", {"shape": (4,)}, ()),
        ("dense", "Dense", {"units": 4}, ("inputs",)),
        ("relu", "ReLU", {}, ("dense",)),
        ("add", "Add", {}, ("dense", "relu")),
        outputs=("add",),
    )
    assert with_activations(graph, "argument") == graph


def test_only_what_directly_follows_weights_is_folded() -> None:
    design = Design.from_template("resnet50")
    assert with_activations(design.graph, "argument").layers == design.graph.layers


def test_a_relu_with_a_ceiling_keeps_it() -> None:
    graph = graph_of(
        ("inputs", "InputLayer", {"shape": (4,)}, ()),
        ("one", "Dense", {"units": 4}, ("inputs",)),
        ("relu6", "ReLU", {"max_value": 6}, ("one",)),
        ("two", "Dense", {"units": 4}, ("relu6",)),
        ("relu5", "ReLU", {"max_value": 5}, ("two",)),
        outputs=("relu5",),
    )
    folded = with_activations(graph, "argument")
    assert kinds(folded)[1:] == [
        ("one", "Dense", "relu6"), ("two", "Dense", None), ("relu5", "ReLU", None),
    ]  # fmt: skip
    unfolded = with_activations(folded, "layer")
    assert unfolded.layers[2].config == {"max_value": 6}


def test_new_names_are_not_taken() -> None:
    graph = graph_of(
        ("inputs", "InputLayer", {"shape": (4,)}, ()),
        ("a", "Dense", {"units": 4, "activation": "tanh"}, ("inputs",)),
        ("a_activation", "Dense", {"units": 4}, ("a",)),
        outputs=("a_activation",),
    )
    names = [layer.name for layer in with_activations(graph, "layer").layers]
    assert len(names) == len(set(names)) == 4


def test_a_layer_is_found_in_the_one_it_became_an_argument_of() -> None:
    graph = graph_of(
        ("inputs", "InputLayer", {"shape": (4,)}, ()),
        ("dense", "Dense", {"units": 4}, ("inputs",)),
        ("relu", "ReLU", {}, ("dense",)),
        ("ends", "Dense", {"units": 4, "activation": "tanh"}, ("relu",)),
        outputs=("ends",),
    )
    assert names_in(graph, graph, {"relu"}) == {"relu"}
    assert names_in(with_activations(graph, "argument"), graph, {"relu"}) == {"dense"}
    unfolded = with_activations(graph, "layer")
    assert names_in(unfolded, graph, {"ends"}) == {"ends", "ends_activation"}
    assert names_in(unfolded, graph, {"relu"}) == {"relu"}
