"""Collecting layers: names, paths, and the layers nobody can want."""

from __future__ import annotations

import time

import pytest

from designer import Design, summarize
from designer.errors import DesignError
from designer.graph import MOST_LAYERS, GraphBuilder


def test_scopes_give_paths_and_names() -> None:
    g = GraphBuilder()
    with g.scope("stem", prefix=False):
        x = g.add("InputLayer", "inputs", shape=(3,))
    with g.scope("learner", prefix=False), g.scope("group1"):
        with g.scope("block2"):
            x = g.add("ReLU", "conv", x)
        y = g.add("Add", "add", (x, "inputs"))
    graph = g.graph([y])
    assert [(layer.name, layer.path, layer.inputs) for layer in graph.layers] == [
        ("inputs", "stem", ()),
        ("group1_block2_conv", "learner/group1/block2", ("inputs",)),
        ("group1_add", "learner/group1", ("group1_block2_conv", "inputs")),
    ]
    assert graph.outputs == ("group1_add",)
    assert graph.layers[0].config == {"shape": (3,)}


def test_a_scope_ends_with_an_error_too() -> None:
    g = GraphBuilder()
    with pytest.raises(RuntimeError), g.scope("group1"):
        raise RuntimeError
    assert g.add("ReLU", "last") == "last"


def test_a_layer_cannot_be_changed() -> None:
    g = GraphBuilder()
    g.add("Dense", "hidden", units=3)
    with pytest.raises(TypeError):
        g.layers[0].config["units"] = 4  # type: ignore[index]
    with pytest.raises(AttributeError):
        g.layers[0].name = "other"  # type: ignore[misc]


def test_a_name_twice_is_a_template_s_mistake() -> None:
    g = GraphBuilder()
    g.add("ReLU", "a")
    with pytest.raises(AssertionError, match="'a' twice"):
        g.add("ReLU", "a")


def test_more_layers_than_a_page_can_bear_are_refused_soon() -> None:
    start = time.perf_counter()
    with pytest.raises(DesignError, match="received 500,000 blocks in all; up to 1,000 work"):
        Design.from_template("cnn", groups=[{"blocks": 1000}] * 500)
    summarize(Design.from_template("cnn", strides=1, pooling="none", groups=[{"blocks": 1000}]))
    assert time.perf_counter() - start < 5


def test_a_template_may_not_add_layers_without_end() -> None:
    g = GraphBuilder()
    for number in range(MOST_LAYERS):
        g.add("ReLU", f"layer{number}")
    with pytest.raises(DesignError, match="more than 20,000 layers; fewer groups or blocks work"):
        g.add("ReLU", "one_more")
