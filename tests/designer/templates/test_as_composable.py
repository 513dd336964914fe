"""Every network of groups opened as ``composable``: the same layers, by the same names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from random_designs import choices

from designer import Design, DesignError, summarize
from designer.graph import LayerGraph
from designer.summary import outline
from designer.templates import templates

FAMILIES = [name for name, known in templates().items() if known.as_composable]
DENSE = [name for name in templates() if name not in FAMILIES and name != "composable"]


def graph_of(design: Design) -> LayerGraph | str:
    """Return a design's graph, or why it has none (too many layers)."""
    try:
        return design.graph
    except DesignError as error:
        return str(error)


def hold_together(design: Design) -> None:
    """A design and the same as ``composable``: one graph, one fate."""
    composable = design.as_composable()
    assert composable.template == "composable"
    graph = graph_of(design)
    assert graph_of(composable) == graph
    if isinstance(graph, str):
        return
    assert [list(layer.config) for layer in composable.graph.layers] == [
        list(layer.config) for layer in graph.layers
    ]
    ours, theirs = outline(composable), outline(design)
    assert ours.to_dict() | {"template": ""} == theirs.to_dict() | {"template": ""}
    assert [str(layer.fault) for layer in ours.layers] == [
        str(layer.fault) for layer in theirs.layers
    ]
    assert (ours.fault is None) == (theirs.fault is None)
    if ours.fault and theirs.fault:
        assert ours.fault.layer == theirs.fault.layer
        assert (ours.fault.field or "").startswith(theirs.fault.field or "")
    for name in ("task", "loss", "optimizer", "metric"):
        assert composable[name] == design[name]


def test_the_families_are_all_but_the_dense_ones() -> None:
    assert set(FAMILIES) == {
        "cnn", "vgg16", "vgg19", "resnet18", "resnet34", "resnet50", "resnet101", "resnet152",
    }  # fmt: skip
    assert DENSE == ["dnn", "image_dnn"]


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        *((name, {}) for name in FAMILIES),
        ("resnet34", {"variant": "paper"}),
        ("resnet34", {"transition_strides": "double"}),
        ("resnet50", {"version": "v1.5"}),
        ("resnet152", {"version": "v2"}),
        ("cnn", {"hidden": []}),
        ("vgg16", {"input_shape": [16, 16, 3]}),
    ],
)  # fmt: skip
def test_opened_as_composable_it_is_the_same_network(name: str, parameters: dict[str, Any]) -> None:
    hold_together(Design.from_template(name, **parameters))


def _sweep(name: str, count: int, *, small: bool) -> None:
    @settings(max_examples=count)
    @given(choices(name, small=small))
    def check(parameters: Mapping[str, Any]) -> None:
        hold_together(Design.from_template(name, **parameters))

    check()


@pytest.mark.parametrize("name", FAMILIES)
def test_random_designs_are_the_same_network(name: str) -> None:
    _sweep(name, 25, small=True)
    _sweep(name, 2, small=False)


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", FAMILIES)
def test_thousands_of_random_designs_are_the_same_network(name: str) -> None:
    _sweep(name, 500, small=True)
    _sweep(name, 30, small=False)


@pytest.mark.parametrize("name", FAMILIES)
def test_its_link_and_its_file_restore_it(name: str) -> None:
    composable = Design.from_template(name).as_composable()
    assert Design.from_json(composable.to_json()) == composable
    assert Design.from_query(composable.to_query()) == (composable, ())
    assert sum(len(text) for text in composable.to_query().values()) < 250


def test_a_composable_design_is_itself() -> None:
    design = Design.from_template("composable", classes=4)
    assert design.as_composable() is design


@pytest.mark.parametrize("name", DENSE)
def test_a_dense_network_has_no_groups_to_compose(name: str) -> None:
    with pytest.raises(DesignError, match="has groups of convolutional blocks") as caught:
        Design.from_template(name).as_composable()
    assert "resnet50" in str(caught.value), "those that can are named"


def test_it_can_be_made_one_s_own() -> None:
    """ResNet50 with a squeeze-and-excitation in its last group: a change no other template has."""
    design = Design.from_template("resnet50").as_composable()
    groups = [dict(group) for group in design["groups"]]
    groups[3]["pattern"] = "squeeze_excitation"
    changed = design.replace(groups=groups)
    assert "version" in changed["groups"][3]
    assert changed["groups"][3]["ratio"] == 16
    # A ratio of 16 on 2,048 maps: 2,048 × 128 + 128 and 128 × 2,048 + 2,048, in three blocks.
    more = 3 * (2048 * 128 + 128 + 128 * 2048 + 2048)
    assert summarize(changed).total_params - summarize(design).total_params == more
