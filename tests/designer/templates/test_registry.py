"""What holds for every template: found, described, and every parameter fit for a control."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from designer import Design, DesignError, summarize
from designer.tasks import ACTIVATIONS, LOSSES, TASKS, USUAL_OPTIMIZER
from designer.templates import template, templates
from designer.templates.groups import Groups
from designer.templates.parameters import Choice, Integer, IntegerList, Number, Parameter

every_template = pytest.mark.parametrize("name", list(templates()))


def parameters_of(name: str) -> Iterator[Parameter]:
    for parameter in template(name).parameters:
        yield parameter
        if isinstance(parameter, Groups):
            yield from parameter.fields
        if isinstance(parameter, IntegerList):
            yield parameter.item


def test_the_templates_of_the_book_are_there_in_order() -> None:
    assert list(templates()) == [
        "dnn", "image_dnn", "cnn", "vgg16", "vgg19", "resnet18", "resnet34", "resnet50",
        "resnet101", "resnet152", "composable",
    ]  # fmt: skip


@every_template
def test_a_template_says_what_it_is(name: str) -> None:
    known = template(name)
    assert known.name == name
    assert known.title
    assert known.summary.endswith(".")
    assert known.source
    assert known.parameter("task").name == "task"
    with pytest.raises(KeyError):
        known.parameter("nothing")


@every_template
def test_every_parameter_can_become_a_control(name: str) -> None:
    for parameter in parameters_of(name):
        assert parameter.label, parameter.name
        assert parameter.help.endswith("."), parameter.name
        assert "\n" not in parameter.help
        assert parameter.section in {"input", "stem", "learner", "task", "compile"}
        if isinstance(parameter, Integer):
            low, high = parameter.slider or (parameter.minimum, parameter.maximum)
            assert parameter.minimum <= low < high <= parameter.maximum
            assert parameter.step >= 1
            assert parameter.unit, parameter.name
        if isinstance(parameter, Number):
            assert parameter.minimum < parameter.maximum
            assert parameter.step > 0
        if isinstance(parameter, Choice) and not callable(parameter.options):
            assert all(parameter.options.values())


@every_template
def test_every_choice_of_every_parameter_makes_a_design(name: str) -> None:
    design = Design.from_template(name)
    for parameter in template(name).parameters:
        if not isinstance(parameter, Choice) or not parameter.applies(design.parameters):
            continue
        for option in parameter.options_for(design.parameters):
            changed = design.replace(**{parameter.name: option})
            assert changed[parameter.name] == option
            assert summarize(changed).layers


@every_template
@pytest.mark.parametrize("task", list(TASKS))
def test_every_task_ends_in_its_heads_and_compiles_as_the_book_does(name: str, task: str) -> None:
    design = Design.from_template(name, task=task)
    heads = [design.graph.layers[-1]]
    if task == "multitask":
        heads = [layer for layer in design.graph.layers if layer.name in design.graph.outputs]
        assert [layer.name for layer in heads] == ["outputs1", "outputs2"]
        assert [layer.config["units"] for layer in heads] == list(design["classes"])
        assert design["loss"] == (LOSSES[task][0],) * 2
    else:
        assert design.graph.outputs == ("outputs",)
        assert design["loss"] == LOSSES[task][0]
    for head in heads:
        assert head.class_name == "Dense"
        assert head.config.get("activation", "linear") == ACTIVATIONS[task]
    assert design["optimizer"] == USUAL_OPTIMIZER[task]


def test_a_template_by_a_wrong_name_is_refused() -> None:
    with pytest.raises(DesignError, match="Did you mean 'vgg16'"):
        template("vgg-16")
