"""Every template brought to every data set: a design that can be trained, or a reason in words."""

from __future__ import annotations

import pytest

from designer import Design, memory, summarize
from designer.adapting import adapt, adaptation, notes, problems
from designer.datasets import CATALOGUE, dataset_info
from designer.errors import DatasetError, DesignError
from designer.templates import template, templates
from designer.training import TrainingSettings, check_run


def takes_tables(name: str) -> bool:
    return len(Design.from_template(name)["input_shape"]) == 1


@pytest.mark.parametrize("dataset", list(CATALOGUE))
@pytest.mark.parametrize("name", list(templates()))
def test_every_template_meets_every_data_set(
    monkeypatch: pytest.MonkeyPatch, name: str, dataset: str
) -> None:
    # Whether VGG16 fits into the memory of the machine that runs the tests is not asked here.
    monkeypatch.setattr(memory, "available_bytes", lambda: 10**12)
    design, info = Design.from_template(name), dataset_info(dataset)
    if info.kind == "table" and not takes_tables(name):
        with pytest.raises(DatasetError, match=r"is a table: .* such as dnn"):
            adapt(design, info)
        return
    adapted = adapt(design, info)
    assert adapted.template == name
    assert problems(adapted, info) == ()
    assert adapted["task"] in info.task_names
    summarize(adapted)
    check_run(adapted, TrainingSettings(dataset, batch_size=1))
    assert adapt(adapted, info) == adapted, "once is enough"


@pytest.mark.parametrize("dataset", ["iris", "body_measurements", "breast_cancer"])
def test_a_task_that_the_data_offer_is_kept(dataset: str) -> None:
    info = dataset_info(dataset)
    for task in info.task_names:
        adapted = adapt(Design.from_template("dnn", task=task), info)
        assert adapted["task"] == task
        assert check_run(adapted, TrainingSettings(dataset))
    assert adapt(Design.from_template("dnn"), info)["task"] == info.task_names[0]


def test_what_was_set_on_purpose_stays() -> None:
    info = dataset_info("mnist_5k")
    design = Design.from_template("cnn", input_shape=[64, 64, 3])
    adapted = adapt(design, info, keep={"input_shape"})
    assert adapted["input_shape"] == (64, 64, 3)
    assert adapted["classes"] == 10
    assert notes(adapted, info) == (
        "Grey is repeated as red, green and blue.",
        "Pictures are resized from 28 × 28 to 64 × 64.",
    )
    kept = adapt(Design.from_template("cnn", classes=12), info, keep={"classes"})
    assert problems(kept, info) != ()


def test_a_task_set_on_purpose_is_refused_if_the_data_have_none() -> None:
    with pytest.raises(DatasetError, match="has no task 'regression'"):
        adapt(Design.from_template("dnn"), dataset_info("iris"), keep={"task"})


def test_pictures_grow_until_the_network_can_be_built() -> None:
    digits = dataset_info("digits")
    groups = [{"filters": 8}] * 3
    adapted = adapt(Design.from_template("cnn", groups=groups), digits)
    assert adapted["input_shape"] == (48, 48, 1)
    summarize(adapted)
    assert any("resized from 8 × 8" in note for note in notes(adapted, digits))


def test_a_network_that_no_size_helps_says_which_layer() -> None:
    design = Design.from_template("cnn", groups=[{"filters": 4}] * 12, padding="valid")
    with pytest.raises(DesignError, match="cannot be built"):
        adapt(design, dataset_info("digits"))


def test_colours_are_taken_where_the_template_can() -> None:
    cifar = dataset_info("cifar10")
    assert adapt(Design.from_template("cnn"), cifar)["input_shape"] == (32, 32, 3)
    flat = adapt(Design.from_template("dnn"), cifar)
    assert flat["input_shape"] == (32 * 32 * 3,)


def test_the_changes_are_told() -> None:
    before = Design.from_template("dnn")
    assert adaptation(before, before) == ()
    iris = adapt(before, dataset_info("iris"))
    assert adaptation(before, iris) == (
        "task: regression → multiclass",
        "input_shape: [13] → [4]",
        f"classes: {before['classes']} → 3",
    )
    housing = adapt(before, dataset_info("diabetes"))
    assert adaptation(before, housing) == ("input_shape: [13] → [10]",)


def test_other_choices_survive() -> None:
    design = Design.from_template("cnn", activation="elu", groups=[{"filters": 5}], dropout=0.25)
    adapted = adapt(design, dataset_info("mnist_5k"))
    for name in ("activation", "dropout", "groups"):
        assert adapted[name] == design[name]
    assert {parameter.name for parameter in template("cnn").parameters} == set(adapted.parameters)
