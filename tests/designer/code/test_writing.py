"""Source of every style: what it holds, how it reads, why a style has no words for a design."""

from __future__ import annotations

import ast

import pytest
from code_checks import check_source
from recording import as_read, record

from designer import Design
from designer.code import CodeError, can_express, layer_line, styles, why_not, write_code
from designer.code.activations import with_activations
from designer.templates import template, templates
from designer.templates.parameters import Choice

WAYS = (None, "argument", "layer")
DEEP = 200


def every_design() -> list[Design]:
    """Every template with every value of every choice it has; of the deepest the default alone."""
    made = []
    for name in templates():
        made.append(Design.from_template(name))
        if len(made[-1].graph.layers) > DEEP:
            continue
        for parameter in template(name).parameters:
            # What the compile step is given changes no layer.
            if not isinstance(parameter, Choice) or parameter.section == "compile":
                continue
            for value in parameter.options_for(made[-1].parameters):
                try:
                    made.append(Design.from_template(name, **{parameter.name: value}))
                except ValueError:
                    continue  # has a meaning only beside another choice
    return made


@pytest.mark.parametrize("style", list(styles()))
def test_every_template_and_choice_is_the_same_graph(style: str) -> None:
    written = 0
    for number, design in enumerate(every_design()):
        for activations in WAYS if not design.choices else [WAYS[number % len(WAYS)]]:
            if not can_express(design, style):
                continue
            source = write_code(design, style, activations)
            check_source(source)
            layers, outputs = as_read(with_activations(design.graph, activations))
            read, ends = record(source)
            assert read == layers
            assert list(read) == list(layers)
            assert ends == outputs
            written += 1
    assert written > 30


def test_resnet50_is_written_as_a_good_engineer_would() -> None:
    source = write_code(Design.from_template("resnet50"), "reuse")
    assert source.count("\n") < 90  # as wc -l counts
    tree = ast.parse(source)
    functions = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert functions == [
        "projection_block", "identity_block", "group", "stem", "learner", "task",
    ]  # fmt: skip
    assert "    dict(filters=128, blocks=4, strides=(2, 2))," in source
    assert "layers.Conv2D(4 * filters, (1, 1)" in source
    assert "for number in range(2, blocks + 1):" in source
    assert "outputs = task(learner(stem(inputs)))" in source


@pytest.mark.parametrize("version", ["v1", "v1.5"])
def test_resnet50_is_shorter_than_90_lines(version: str) -> None:
    design = Design.from_template("resnet50", version=version)
    for activations in WAYS:
        assert write_code(design, "reuse", activations).count("\n") < 90


def test_what_a_block_is_made_of_has_its_own_number_in_the_table() -> None:
    """In a DenseNet a group's transition is as wide as what comes in; its blocks never change."""
    groups = [{"pattern": "dense", "filters": 8, "blocks": 2}, {"blocks": 3}, {"blocks": 4}]
    source = write_code(Design.from_template("composable", groups=groups), "reuse")
    assert "    dict(filters=8, blocks=2)," in source
    assert "    dict(filters=8, transition_filters=16, blocks=3)," in source
    assert "NORM = dict(momentum=0.9)" in source
    assert "layers.BatchNormalization(**NORM, name=" in source


def test_several_outputs_have_their_names() -> None:
    source = write_code(Design.from_template("dnn", task="multitask"), "reuse")
    assert "    return outputs1, outputs2\n" in source
    assert "outputs1, outputs2 = task(learner(inputs))\n" in source


def test_a_table_of_one_group_waits_for_another() -> None:
    source = write_code(Design.from_template("cnn"), "reuse")
    assert "for number, settings in enumerate(GROUPS, 1):" in source


def test_a_function_says_what_it_makes() -> None:
    mobile = {"pattern": "separable", "filters": 8, "blocks": 3}
    groups = [mobile, {**mobile, "filters": 16}, {"pattern": "squeeze_excitation", "blocks": 2}]
    source = write_code(Design.from_template("composable", groups=groups), "reuse")
    assert '"""A depthwise and a 1 × 1 convolution."""' in source
    assert '"""Three convolutions, squeeze and excitation, added to what came in."""' in source


def test_a_long_docstring_is_broken() -> None:
    """Blocks of two kinds, one with another kernel: the names of both are long."""
    design = Design.from_template("resnet50", version="v2", groups=[{}, {"kernel_size": 2}, {}])
    source = write_code(design, "reuse")
    check_source(source)
    start = source.index('"""A bottleneck projection block')
    said = " ".join(source[start:].split('"""')[1].split())
    assert said.startswith("A bottleneck projection block, then bottleneck identity blocks, then")
    assert said.endswith("a bottleneck pooled block.")


def test_hidden_layers_are_a_loop_over_their_units() -> None:
    source = write_code(Design.from_template("dnn", hidden=[64, 32, 16]), "reuse")
    assert "HIDDEN = [64, 32, 16]" in source
    assert "for number, units in enumerate(HIDDEN, 1):" in source


@pytest.mark.parametrize("style", ["add", "list", "functional", "reuse"])
def test_a_weight_penalty_stands_once_at_the_top(style: str) -> None:
    source = write_code(Design.from_template("cnn", l2=0.0005), style)
    check_source(source)
    assert (
        "\nimport keras\nfrom keras import layers, regularizers\n\nL2 = regularizers.L2(0.0005)\n"
        in (source)
    )
    assert source.count("0.0005") == 2  # and in the heading
    layers = source.count("layers.Conv2D(") + source.count("layers.Dense(")
    assert source.count("kernel_regularizer=L2") == layers == 3
    without = write_code(Design.from_template("cnn"), style)
    assert "regularizer" not in without
    assert "from keras import layers\n" in without


def test_resnet152_is_no_longer_than_resnet50() -> None:
    long, short = (
        write_code(Design.from_template(name), "reuse") for name in ("resnet152", "resnet50")
    )
    assert len(long.splitlines()) == len(short.splitlines())


@pytest.mark.parametrize("style", ["add", "list"])
def test_a_style_says_why_it_cannot(style: str) -> None:
    resnet = Design.from_template("resnet50")
    assert not can_express(resnet, style)
    with pytest.raises(CodeError) as caught:
        write_code(resnet, style)
    assert str(caught.value) == (
        "Sequential is one chain of layers: 'group1_block1_add' takes two inputs."
        " The functional or reuse style can express it."
    )
    assert caught.value.layer == "group1_block1_add"
    assert caught.value.works == ("functional", "reuse")
    heads = why_not(Design.from_template("dnn", task="multitask"), style)
    assert heads is not None
    assert "2 outputs" in str(heads)


def test_without_identity_links_a_resnet_is_a_chain() -> None:
    assert can_express(Design.from_template("resnet50", identity_link=False), "list")


def test_unknown_names() -> None:
    design = Design.from_template("cnn")
    with pytest.raises(CodeError, match="Did you mean 'functional'"):
        write_code(design, "function")
    with pytest.raises(CodeError, match="argument, layer"):
        write_code(design, "add", "none")


def test_the_header_says_what_it_is() -> None:
    source = write_code(Design.from_template("resnet50", version="v2"))
    assert source.startswith(
        "# ResNet50 in Keras, functional style: 25,613,800 parameters.\n"
        '# Changed: version = "v2".\n'
    )


def test_a_design_that_cannot_be_built_says_so_in_its_source() -> None:
    source = write_code(Design.from_template("cnn", input_shape=[1, 1, 1]))
    assert "cannot be built" in source
    check_source(source)


def test_one_line_of_a_layer_says_its_penalty_in_full() -> None:
    layer = Design.from_template("dnn", l2=0.0005).graph.layers[1]
    assert layer_line(layer) == (
        'layers.Dense(10, activation="relu", kernel_regularizer=regularizers.L2(0.0005),'
        ' name="hidden1")(inputs)'
    )


def test_one_line_a_layer() -> None:
    for name in templates():
        for layer in Design.from_template(name).graph.layers:
            line = layer_line(layer)
            assert "\n" not in line
            ast.parse(line)
            assert f'name="{layer.name}"' in line


def test_every_style_introduces_itself() -> None:
    assert list(styles()) == ["add", "list", "functional", "reuse"]
    for one in styles().values():
        assert one.title
        assert one.teaches.endswith(".")
