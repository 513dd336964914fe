"""A control for every parameter of every template, made from what the parameter says of itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from components.control_panel import SECTIONS, panel_data
from designer import Design, DesignError
from designer.templates import template, templates


def designs() -> Iterator[Any]:
    for name, known in templates().items():
        yield pytest.param(Design.from_template(name), id=name)
        for parameter in known.parameters:
            options = getattr(parameter, "options", ())
            for option in () if callable(options) else options:
                try:
                    design = Design.from_template(name, **{parameter.name: option})
                except DesignError:  # it has a meaning only after another choice
                    continue
                yield pytest.param(design, id=f"{name}-{parameter.name}={option}")


def fields_of(data: dict[str, Any]) -> list[dict[str, Any]]:
    return [field for section in data["sections"] for field in section["fields"]]


def panel(design: Design) -> dict[str, Any]:
    return panel_data(design, errors={}, ack=0)


@pytest.mark.parametrize("design", list(designs()))
def test_every_parameter_that_applies_has_a_sensible_control(design: Design) -> None:
    data = panel(design)
    json.dumps(data, allow_nan=False)  # it travels to the browser
    applicable, before = [], {}
    for parameter in template(design.template).parameters:
        if parameter.applies(before):
            applicable.append(parameter.name)
        before[parameter.name] = design[parameter.name]
    fields = fields_of(data)
    assert sorted(field["name"] for field in fields) == sorted(applicable)
    for field in fields:
        check_field(field, field["value"])


def check_field(field: dict[str, Any], value: Any) -> None:
    """A control says what it is, and can show the value it stands for."""
    assert field["label"][0].isupper(), field
    assert len(field["help"]) > 15, field
    assert field["help"].endswith("."), field
    assert "\n" not in field["help"]
    match field["type"]:
        case "integer" | "number":
            assert field["minimum"] < field["maximum"]
            assert value is None or field["minimum"] <= value <= field["maximum"]
            if field["slider"]:
                low, high = field["slider"]
                assert field["minimum"] <= low < high <= field["maximum"]
                assert field["step"] != "any"
                assert 0 < field["step"] <= (high - low) / 2
        case "choice":
            names = [name for name, label in field["options"] if label]
            assert len(names) == len(set(names)) >= 2
            assert value is None or value in names
        case "choices":
            assert set(value) <= {name for name, _ in field["options"]}
        case "flag":
            assert value in (True, False, None)
        case "shape":
            assert len(field["axes"]) == len(value)
            assert all(1 <= side <= field["maximum"] for side in value)
        case "list":
            assert field["minimum_length"] <= len(value) <= field["maximum_length"]
            assert field["item"]["each"]
            assert field["item"]["default"] >= field["item"]["minimum"]
        case "groups":
            assert 1 <= field["minimum_length"] <= len(value) <= field["maximum_length"]
            for group in value:
                names = [part["name"] for part in field["fields"]]
                assert list(group) == [name for name in names if name in group]
                for part in field["fields"]:
                    if part["name"] in group:
                        check_field(part, group[part["name"]])
        case other:
            raise AssertionError(f"the panel's script knows no control {other!r}")


def test_sections_come_in_the_order_of_a_network() -> None:
    names = [section["name"] for section in panel(Design.from_template("resnet50"))["sections"]]
    assert names == list(SECTIONS)
    assert "stem" not in [s["name"] for s in panel(Design.from_template("dnn"))["sections"]]


def test_what_was_changed_is_marked_and_counted() -> None:
    chosen = {"hidden": [5], "activation": "tanh", "task": "multiclass", "classes": 3}
    data = panel(Design.from_template("dnn", **chosen))
    changed = {field["name"] for field in fields_of(data) if field["changed"]}
    assert changed == {"hidden", "activation", "task", "classes"}
    assert data["changed"] == 4
    notes = {section["name"]: section["note"] for section in data["sections"]}
    assert notes["learner"] == "2 changed"
    assert notes["input"] == ""


def test_the_number_of_classes_follows_the_task() -> None:
    def classes(task: str) -> dict[str, Any]:
        data = panel(Design.from_template("dnn", task=task))
        return next(field for field in fields_of(data) if field["name"] == "classes")

    assert classes("multiclass")["minimum"] == 2
    assert classes("multilabel")["minimum"] == 1
    assert classes("multitask")["type"] == "list"
    with pytest.raises(StopIteration):
        classes("regression")


def test_the_weight_penalty_goes_in_steps_that_are_useful() -> None:
    field = next(f for f in fields_of(panel(Design.from_template("vgg16"))) if f["name"] == "l2")
    assert (field["type"], field["step"], field["slider"]) == ("number", 0.0001, [0.0, 0.01])
    assert (field["minimum"], field["maximum"], field["value"]) == (0.0, 0.1, 0.0)
    for paper in ("0.0005", "0.0001"):
        assert paper in field["help"]


def test_messages_and_acknowledgement_go_along() -> None:
    data = panel_data(Design.from_template("dnn"), errors={"hidden": "no"}, ack=7)
    assert data["errors"] == {"hidden": "no"}
    assert data["ack"] == 7


def groups_field(design: Design) -> dict[str, Any]:
    return next(field for field in fields_of(panel(design)) if field["type"] == "groups")


def test_a_group_s_pattern_comes_with_a_line_about_each() -> None:
    pattern = groups_field(Design.from_template("composable"))["fields"][0]
    assert pattern["name"] == "pattern"
    assert set(pattern["teaches"]) == {name for name, _ in pattern["options"]}


def test_the_panel_is_told_what_a_click_on_a_group_means() -> None:
    field = groups_field(Design.from_template("composable"))
    assert field["halving"] == {"strides": 2}
    assert [list(kept) for kept in field["kept"]] == [
        ["filters", "blocks"],  # it pools
        ["filters", "blocks", "strides"],
        ["filters", "blocks", "strides"],
    ]
