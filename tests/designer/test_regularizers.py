"""The weight penalty: a value, on every kernel of a graph, and on nothing else."""

from __future__ import annotations

import copy
import json
import pickle

import pytest

from designer import Design, summarize
from designer.design import plain
from designer.layers import rule_for
from designer.regularizers import L2, l2_of, with_l2
from designer.templates import template, templates
from designer.templates.blocks import patterns

every_template = pytest.mark.parametrize("name", list(templates()))

#: What Keras calls the penalty on the kernel of each class that has one.
ARGUMENTS = {
    "Dense": "kernel_regularizer",
    "Conv2D": "kernel_regularizer",
    "DepthwiseConv2D": "depthwise_regularizer",
}


def test_a_penalty_is_a_value() -> None:
    penalty = L2(0.0005)
    assert penalty.factor == 0.0005
    assert str(penalty) == "L2(0.0005)"
    assert penalty == L2(0.0005) != L2(0.001)
    assert len({penalty, L2(0.0005), L2(0.001)}) == 2
    written = {"class_name": "L2", "config": {"l2": 0.0005}}  # as Keras writes it
    assert json.loads(json.dumps(penalty)) == written == plain(penalty)
    for made in (pickle.loads(pickle.dumps(penalty)), copy.deepcopy(penalty)):
        assert (type(made), made) == (L2, penalty)


def test_every_rule_with_a_kernel_names_its_penalty() -> None:
    config = {"filters": 2, "units": 2, "kernel_size": (3, 3), "strides": (1, 1)}
    for name, argument in ARGUMENTS.items():
        rule = rule_for(name)
        assert rule.kernel_regularizers == (argument,)
        assert "kernel" in [weight.name for weight in rule.weights(config, [(8, 8, 4)])]
    for name in ("BatchNormalization", "Flatten", "InputLayer", "Add"):
        assert rule_for(name).kernel_regularizers == ()


@every_template
def test_every_template_has_it_and_without_it_nothing_changes(name: str) -> None:
    parameter = template(name).parameter("l2")
    design = Design.from_template(name)
    assert (design["l2"], parameter.section) == (0.0, "learner")
    assert "l2" not in design.choices
    assert "l2" not in design.to_query()
    assert l2_of(design.graph) is None
    assert with_l2(design.graph, 0.0) is design.graph
    assert design == Design.from_template(name, l2=0)
    # A file from before there was one says nothing of it.
    older = design.to_dict()
    del older["parameters"]["l2"]
    assert Design.from_dict(older) == design


@every_template
def test_it_stands_on_every_kernel_and_changes_nothing_else(name: str) -> None:
    before = Design.from_template(name)
    design = before.replace(l2=0.0005)
    assert l2_of(design.graph) == L2(0.0005)
    assert design.graph.outputs == before.graph.outputs
    for old, new in zip(before.graph.layers, design.graph.layers, strict=True):
        assert (old.name, old.class_name, old.inputs, old.path) == (
            new.name, new.class_name, new.inputs, new.path,
        )  # fmt: skip
        added = dict(new.config)
        if argument := ARGUMENTS.get(new.class_name):
            assert added.pop(argument) == L2(0.0005)
        assert added == old.config
    assert summarize(design).to_dict() == summarize(before).to_dict()


def test_every_pattern_gets_it_depthwise_convolutions_and_gates_too() -> None:
    groups = [{"pattern": name, "filters": 8, "blocks": 1} for name in patterns()]
    design = Design.from_template("composable", groups=groups, hidden=[4], l2=0.001)
    seen = set()
    for layer in design.graph.layers:
        with_penalty = [name for name, value in layer.config.items() if isinstance(value, L2)]
        expected = ARGUMENTS.get(layer.class_name)
        assert with_penalty == ([expected] if expected else [])
        seen.add(layer.class_name)
    assert set(ARGUMENTS) < seen


@every_template
def test_links_and_files_carry_it(name: str) -> None:
    design = Design.from_template(name, l2=0.0005)
    assert design.to_query()["l2"] == "0.0005"
    assert Design.from_query(design.to_query()) == (design, ())
    assert Design.from_json(design.to_json()) == design
    if template(name).as_composable:
        assert design.as_composable()["l2"] == 0.0005
        assert design.as_composable().graph == design.graph


def test_what_is_no_penalty_is_refused_in_words() -> None:
    for value in (-0.1, 0.2, "strong", float("nan"), True):
        with pytest.raises(Exception, match=r"l2: received .*; a number from 0 to 0\.1 works"):
            Design.from_template("dnn", l2=value)
