"""Designs as values: what they take and refuse, files and links, changes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_designs import choices, designs

from designer import Design
from designer.design import FILE_FORMAT, FILE_VERSION, parse_settings, parse_value, plain
from designer.errors import DesignError
from designer.templates import template, templates

every_template = pytest.mark.parametrize("name", list(templates()))


def refusal(name: str, /, **parameters: Any) -> DesignError:
    with pytest.raises(DesignError) as caught:
        Design.from_template(name, **parameters)
    return caught.value


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


# --- values -------------------------------------------------------------------------------


def test_a_design_is_a_value() -> None:
    one = Design.from_template("cnn", classes=5, groups=[{"filters": 8}])
    same = Design.from_template("cnn", groups=({"filters": 8, "blocks": 1},), classes=5)
    assert one == same
    assert hash(one) == hash(same)
    assert len({one, same, one.replace(classes=6)}) == 2
    assert one != one.replace(classes=6)
    assert one != "cnn"
    assert Design.from_template("vgg16") != Design.from_template("vgg19")


def test_a_design_cannot_be_changed() -> None:
    design = Design.from_template("cnn")
    with pytest.raises(AttributeError):
        design.template = "dnn"  # type: ignore[misc]
    with pytest.raises(TypeError):
        design.parameters["classes"] = 3  # type: ignore[index]
    with pytest.raises(TypeError):
        design["groups"][0]["filters"] = 3
    with pytest.raises(TypeError):
        design.choices["classes"] = 3  # type: ignore[index]


def test_what_was_given_can_be_changed_afterwards_without_changing_the_design() -> None:
    groups = [{"filters": 8}]
    design = Design.from_template("cnn", groups=groups)
    before = design.to_json()
    groups[0]["filters"] = 99
    groups.append({})
    assert design.to_json() == before


def test_minus_zero_is_zero() -> None:
    minus, plus = Design.from_template("dnn", dropout=-0.0), Design.from_template("dnn")
    assert minus == plus
    assert hash(minus) == hash(plus)


@every_template
def test_the_default_design_has_no_choices(name: str) -> None:
    design = Design.from_template(name)
    assert design.choices == {}
    assert design.to_query() == {"template": name}
    assert list(design.parameters) == [one.name for one in template(name).parameters]


def test_choices_hold_only_what_differs() -> None:
    design = Design.from_template(
        "resnet50",
        version="v1",
        classes=10,
        groups=[{"filters": 64, "blocks": 3, "strides": 1}, {"filters": 128, "blocks": 2}],
    )
    assert plain(design.choices) == {"groups": [{}, {"blocks": 2}], "classes": 10}


def test_getting_an_unknown_parameter_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        Design.from_template("dnn")["classses"]


@every_template
def test_choices_files_and_links_give_the_same_design_back(name: str) -> None:
    @settings(max_examples=30)
    @given(designs(name))
    def check(design: Design) -> None:
        assert Design.from_template(name, **design.choices) == design
        assert Design.from_template(name, **design.parameters) == design
        assert Design.from_dict(design.to_dict()) == design
        assert Design.from_dict(json.loads(json.dumps(design.to_dict()))) == design
        assert Design.from_json(design.to_json()) == design
        assert Design.from_json(design.to_json().encode()) == design
        query = design.to_query()
        assert all(isinstance(text, str) for text in query.values())
        assert Design.from_query(query) == (design, ())
        assert Design.mended(name, design.parameters) == (design, ())
        given_as_text = [f"{n}={text}" for n, text in query.items() if n != "template"]
        assert Design.from_template(name, **parse_settings(given_as_text)) == design
        assert hash(Design.from_json(design.to_json())) == hash(design)
        # No choice can be left out without changing the design.
        for left_out in design.choices:
            fewer = {n: value for n, value in design.choices.items() if n != left_out}
            assert Design.mended(name, fewer)[0] != design

    check()


@every_template
def test_one_change_and_back_gives_an_equal_design(name: str) -> None:
    @settings(max_examples=20)
    @given(designs(name))
    def check(design: Design) -> None:
        assert design.replace() == design
        assert design.replace(**design.parameters) == design

    check()


# --- changing -----------------------------------------------------------------------------


def test_replace_follows_the_task() -> None:
    design = Design.from_template("dnn", task="multiclass", classes=9, loss="kl_divergence")
    regression = design.replace(task="regression")
    assert regression.choices == {}
    assert regression["loss"] == "mse"
    assert regression["optimizer"] == "rmsprop"
    assert design.replace(task="multilabel")["classes"] == 9
    assert design.replace(task="multitask")["classes"] == (5, 2)
    assert design.replace(classes=4).choices == {
        "task": "multiclass", "classes": 4, "loss": "kl_divergence",
    }  # fmt: skip


def test_replace_drops_only_what_lost_its_meaning() -> None:
    design = Design.from_template("resnet34", transition_strides="double", classes=7)
    paper = design.replace(variant="paper")
    assert paper.choices == {"variant": "paper", "classes": 7}
    assert paper["transition_strides"] == "single"


def test_replace_keeps_groups_that_follow_the_design() -> None:
    design = Design.from_template("cnn", groups=[{"filters": 8}, {}, {"strides": 1}])
    assert [group["strides"] for group in design["groups"]] == [2, 2, 1]
    assert [group["strides"] for group in design.replace(strides=3)["groups"]] == [3, 3, 1]
    assert [group["filters"] for group in design["groups"]] == [8, 16, 32]


def test_replace_refuses_what_does_not_work() -> None:
    design = Design.from_template("dnn", task="multiclass")
    with pytest.raises(DesignError) as caught:
        design.replace(task="regression", classes=6)
    assert caught.value.field == "classes"
    assert "task is multiclass" in str(caught.value)
    with pytest.raises(DesignError, match=r"hidden\[1\]: received 0"):
        design.replace(hidden=[1, 0])
    assert design.replace(task="binary")["task"] == "binary"


# --- refusals -----------------------------------------------------------------------------


def test_an_unknown_template_names_the_nearest() -> None:
    for name in ("resnet5", "", None, 5, ["cnn"], {"a": 1}):
        with pytest.raises(DesignError) as caught:
            Design.from_template(name)  # type: ignore[arg-type]
        assert caught.value.field == "template"
    assert "Did you mean 'resnet50'?" in str(refusal("resnet5"))


def test_an_unknown_parameter_is_named_with_those_there_are() -> None:
    error = refusal("dnn", klasses=3)
    assert error.field == "klasses"
    assert str(error).startswith("klasses: the template 'dnn' has no such parameter")
    assert "hidden" in str(error)


@pytest.mark.parametrize(
    ("name", "parameters", "field", "message"),
    [
        ("cnn", {"strides": "two"}, "strides", "received 'two'; a whole number from 1 to 255"),
        ("cnn", {"strides": 0}, "strides", "received 0"),
        ("cnn", {"strides": True}, "strides", "received True"),
        ("cnn", {"strides": 2.5}, "strides", "received 2.5"),
        ("cnn", {"strides": float("nan")}, "strides", "received nan"),
        ("cnn", {"strides": float("inf")}, "strides", "received inf"),
        ("cnn", {"strides": None}, "strides", "received None"),
        ("cnn", {"strides": [2, 3]}, "strides", "received [2, 3]"),
        ("cnn", {"strides": 10**400}, "strides", "received 1000"),
        ("cnn", {"strides": 10**5000}, "strides", "too large to show"),
        ("cnn", {"dropout": "half"}, "dropout", "received 'half'; a number from 0 to 0.95"),
        ("cnn", {"dropout": 1}, "dropout", "received 1"),
        ("cnn", {"dropout": -0.1}, "dropout", "received -0.1"),
        ("cnn", {"dropout": True}, "dropout", "received True"),
        ("cnn", {"dropout": float("nan")}, "dropout", "received nan"),
        ("cnn", {"dropout": float("-inf")}, "dropout", "received -inf"),
        ("cnn", {"dropout": 10**400}, "dropout", "received 1000"),
        ("cnn", {"dropout": 10**5000}, "dropout", "too large to show"),
        ("cnn", {"padding": "Same"}, "padding", "one of same, valid works"),
        ("cnn", {"padding": ["same"]}, "padding", "received ['same']"),
        ("cnn", {"padding": {}}, "padding", "received {}"),
        ("cnn", {"padding": None}, "padding", "received None"),
        ("cnn", {"padding": "x" * 10_000}, "padding", "…; one of"),
        ("resnet50", {"identity_link": 1}, "identity_link", "true or false works"),
        ("resnet50", {"identity_link": "yes"}, "identity_link", "received 'yes'"),
        ("cnn", {"hidden": "512"}, "hidden", "a list of 0 to 500 whole numbers"),
        ("cnn", {"hidden": [512, "a"]}, "hidden[1]", "received 'a'"),
        ("cnn", {"hidden": [512, True]}, "hidden[1]", "received True"),
        ("cnn", {"hidden": [0]}, "hidden[0]", "received 0"),
        ("cnn", {"hidden": [1] * 501}, "hidden", "(501 items)"),
        ("cnn", {"hidden": {"units": 3}}, "hidden", "received {'units': 3}"),
        ("cnn", {"hidden": [nested(600)]}, "hidden[0]", "received [[["),
        ("cnn", {"input_shape": [28, 28]}, "input_shape", "[height, width, channels]"),
        ("cnn", {"input_shape": "28"}, "input_shape", "received '28'"),
        ("cnn", {"input_shape": [28, 28, 0]}, "input_shape", "from 1 to 16,384"),
        ("cnn", {"input_shape": [28, True, 1]}, "input_shape", "received [28, True, 1]"),
        ("cnn", {"input_shape": [28, None, 1]}, "input_shape", "received [28, None, 1]"),
        ("cnn", {"input_shape": [28, 10**9, 1]}, "input_shape", "from 1 to 16,384"),
        ("dnn", {"input_shape": [2, 2]}, "input_shape", "[features] with whole numbers"),
        ("dnn", {"input_shape": []}, "input_shape", "received []"),
        ("cnn", {"classes": 1}, "classes", "a whole number from 2 to 100,000"),
        ("cnn", {"classes": "ten"}, "classes", "received 'ten'"),
        ("cnn", {"classes": 2.0}, "classes", "received 2.0"),
        ("cnn", {"classes": [3, 4]}, "classes", "received [3, 4]"),
        ("cnn", {"task": "multitask", "classes": 5}, "classes", "a list of 1 to 20 numbers"),
        ("cnn", {"task": "multitask", "classes": [5, 1]}, "classes", "each from 2 to"),
        ("cnn", {"task": "multitask", "classes": [2] * 21}, "classes", "1 to 20"),
        ("cnn", {"task": "multitask", "classes": []}, "classes", "1 to 20"),
        ("cnn", {"task": "tell"}, "task", "one of regression, binary"),
        ("dnn", {"outputs": 0}, "outputs", "a whole number from 1 to 100,000 numbers"),
        ("dnn", {"classes": 9}, "classes", "only when task is multiclass"),
        ("dnn", {"classes": nested(600)}, "classes", "only when task is multiclass"),
        ("cnn", {"outputs": 2}, "outputs", "only when task is regression"),
        ("resnet34", {"epsilon": 1e-3}, "epsilon", "only when variant is paper"),
        ("cnn", {"loss": "mae"}, "loss", "one of categorical_crossentropy"),
        ("cnn", {"loss": ["mse", "mse"]}, "loss", "2 for 1 heads"),
        ("cnn", {"task": "multitask", "loss": ["mse", "hinge"]}, "loss[1]", "received 'hinge'"),
        ("cnn", {"optimizer": "sdg"}, "optimizer", "one of adam"),
        ("cnn", {"metric": "mae"}, "metric", "one of accuracy"),
        ("cnn", {"groups": []}, "groups", "(0 groups)"),
        ("cnn", {"groups": [{}] * 501}, "groups", "(501 groups)"),
        ("cnn", {"groups": 3}, "groups", "a list of 1 to 500 groups"),
        ("cnn", {"groups": "16"}, "groups", "received '16'"),
        ("cnn", {"groups": [16]}, "groups[0]", "an object with any of filters, blocks"),
        ("cnn", {"groups": [{}, None]}, "groups[1]", "received None"),
        ("cnn", {"groups": [{"filter": 1}]}, "groups[0].filter", "received the field 'filter'"),
        ("cnn", {"groups": [{}, {"filters": "a"}]}, "groups[1].filters", "received 'a'"),
        ("cnn", {"groups": [{"filters": [[1]]}]}, "groups[0].filters", "received [[1]]"),
        ("cnn", {"groups": [{"blocks": 10**9}]}, "groups[0].blocks", "1 to 1,000 blocks"),
        ("cnn", {"groups": [{"blocks": 600}, {"blocks": 401}]}, "groups", "1,001 blocks in all"),
        ("cnn", {"groups": [{"pooling": 2}]}, "groups[0].pooling", "one of max, average, none"),
        ("cnn", {"groups": [{1: 2}]}, "groups[0].1", "received the field 1"),
    ],
)  # fmt: skip
def test_a_refusal_names_field_received_and_works(
    name: str, parameters: dict[str, Any], field: str, message: str
) -> None:
    error = refusal(name, **parameters)
    assert error.field == field
    assert message in str(error)
    assert str(error).startswith(field.removesuffix(".filter").removesuffix(".1"))
    assert len(str(error)) < 400


@pytest.mark.parametrize(
    ("name", "given", "resolved"),
    [
        ("cnn", {"strides": [3, 3]}, {"strides": 3}),  # as Keras writes a pair
        ("cnn", {"strides": 3.0}, {"strides": 3}),
        ("cnn", {"hidden": 64}, {"hidden": (64,)}),
        ("cnn", {"hidden": []}, {"hidden": ()}),
        ("cnn", {"classes": [4]}, {"classes": 4}),
        ("cnn", {"dropout": 0}, {"dropout": 0.0}),
        ("dnn", {"input_shape": 7}, {"input_shape": (7,)}),
        ("dnn", {"classes": 5}, {"classes": 5}),  # without a meaning here, but the default
        ("resnet50", {"identity_link": "False"}, {"identity_link": False}),
        ("cnn", {"task": "multitask", "loss": "mse"}, {"loss": ("mse", "mse")}),
        ("cnn", {"task": "multitask", "classes": [3]}, {"classes": (3,), "loss":
                                                        "categorical_crossentropy"}),
    ],
)  # fmt: skip
def test_other_ways_to_write_a_value_have_one_form(
    name: str, given: dict[str, Any], resolved: dict[str, Any]
) -> None:
    design = Design.from_template(name, **given)
    assert {key: design[key] for key in resolved} == resolved


def test_one_group_may_be_written_without_its_list() -> None:
    design = Design.from_template("cnn", groups={"filters": 8})
    assert len(design["groups"]) == 1
    assert design["groups"][0]["filters"] == 8


# --- files --------------------------------------------------------------------------------


def test_a_file_says_what_it_is_and_holds_every_parameter() -> None:
    data = json.loads(Design.from_template("cnn").to_json())
    assert data["format"] == FILE_FORMAT
    assert data["version"] == FILE_VERSION
    assert data["template"] == "cnn"
    assert data["parameters"]["groups"][0]["kernel_size"] == 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("{'template': 'cnn'}", "not JSON"),
        (b"\xff\xfe\x00", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[" * 900 + "]" * 900, "not a design"),
        ("[]", "received []"),
        ("null", "not a design"),
        ('"cnn"', "not a design"),
        ("{}", "'template' and 'parameters'"),
        ('{"nodes": [], "edges": []}', "not a design"),
        ('{"template": "nasnet"}', "There is no template 'nasnet'"),
        ('{"template": 7}', "There is no template 7"),
        ('{"template": "cnn", "format": "keras"}', "only files that say 'model-designer-design'"),
        ('{"template": "cnn", "format": null}', "format: received None"),
        ('{"template": "cnn", "version": 2}', "made by a newer Model Designer"),
        ('{"template": "cnn", "version": 0}', "version: received 0"),
        ('{"template": "cnn", "version": "1"}', "version: received '1'"),
        ('{"template": "cnn", "version": true}', "version: received True"),
        ('{"template": "cnn", "version": 1e999}', "version: received inf"),
        ('{"template": "cnn", "parameters": []}', "an object of names and values works"),
        ('{"template": "cnn", "parameters": {"strides": NaN}}', "strides: received nan"),
        ('{"template": "cnn", "parameters": {"nodes": 1}}', "nodes: the template 'cnn'"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_design_is_refused(text: str | bytes, message: str) -> None:
    with pytest.raises(DesignError) as caught:
        Design.from_json(text)
    assert message in str(caught.value)


def test_a_file_by_hand_needs_only_the_template() -> None:
    assert Design.from_json('{"template": "cnn"}') == Design.from_template("cnn")


#: What a person may put anywhere: JSON, and the values that only Python has.
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
    | st.sampled_from([10**400, float("nan"), "none", "multitask", "paper", "v2"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["filters", "blocks", "a.b", "x[0]"]) | st.text(max_size=3),
                      inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@every_template
def test_nothing_but_a_design_error_ever_comes_of_a_value(name: str) -> None:
    names = [parameter.name for parameter in template(name).parameters]

    @settings(max_examples=60)
    @given(st.dictionaries(st.sampled_from(names) | st.text(max_size=5), anything, max_size=5))
    def check(parameters: dict[str, Any]) -> None:
        design, notes = Design.mended(name, parameters)
        assert len(notes) <= len(parameters)
        if notes:
            assert str(refusal(name, **parameters)) == notes[0]
        else:
            assert Design.from_template(name, **parameters) == design

    check()


# --- links --------------------------------------------------------------------------------


def test_a_link_is_short() -> None:
    design = Design.from_template("resnet50", version="v2", groups=[{"filters": 32}, {}])
    assert design.to_query() == {
        "template": "resnet50",
        "version": "v2",
        "groups": '[{"filters":32},{}]',
    }


def test_everything_that_works_in_a_link_is_kept() -> None:
    design, notes = Design.from_query(
        {
            "template": "cnn",
            "classes": "7",
            "strides": "lots",
            "groups": '[{"filters": 8}, {"filters": 0}]',
            "a.b": "1",
            "c[0]": "1",
            "": "1",
            "dropout": "1" + "0" * 400,
            "kernel_size": "1" * 5000,
            "hidden": "[" * 900 + "]" * 900,
            "padding": "\ud800",
        }
    )
    assert design == Design.from_template("cnn", classes=7)
    assert len(notes) == 9
    assert any(note.startswith("a.b: the template 'cnn' has no such parameter") for note in notes)
    assert any(note.startswith("groups[1].filters: received 0") for note in notes)


def test_a_link_whose_task_is_broken_keeps_what_fits_the_usual_task() -> None:
    design, notes = Design.from_query(
        {"template": "dnn", "task": "guess", "classes": "[4,4]", "hidden": "[3]"}
    )
    assert design == Design.from_template("dnn", hidden=[3])
    assert len(notes) == 2


@pytest.mark.parametrize("depth", [300, 500, 900, 980, 100_000])
def test_a_deeply_nested_link_is_a_note(depth: int) -> None:
    text = "[" * depth + "1" + "]" * depth
    design, notes = Design.from_query({"template": "dnn", "classes": text})
    assert design == Design.from_template("dnn")
    assert len(notes) == 1


@pytest.mark.parametrize("query", [{}, {"template": "nothing"}, {"template": ""}, {"classes": "3"}])
def test_a_link_to_no_template_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(DesignError, match="There is no template"):
        Design.from_query(query)


def test_a_design_that_no_longer_fits_is_mended_and_says_so() -> None:
    cnn = Design.from_template("cnn", classes=9, dropout=0.3, padding="valid")
    design, notes = Design.mended("vgg16", cnn.choices)
    assert design.choices == {"classes": 9, "dropout": 0.3}
    assert len(notes) == 1
    assert notes[0].startswith("padding:")


# --- texts --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3), ("v2", "v2"), ("[1, 2]", [1, 2]), ('"7"', "7"), ("true", True), ("", ""),
        ('[{"filters": 64, "blocks": 2}]', [{"filters": 64, "blocks": 2}]),
        ("1" * 5000, "1" * 5000),
    ],
)  # fmt: skip
def test_a_value_is_json_where_it_parses_as_json(text: str, value: Any) -> None:
    assert parse_value(text) == value


def test_settings_are_names_and_values() -> None:
    assert parse_settings(["version=v2", "hidden=[3]", "loss=a=b"]) == {
        "version": "v2", "hidden": [3], "loss": "a=b",
    }  # fmt: skip
    for bad in ("version", "=v2", ""):
        with pytest.raises(DesignError, match="NAME=VALUE works"):
            parse_settings([bad])


# --- the graph ----------------------------------------------------------------------------


def _walk(path: str) -> Iterator[str]:
    yield from path.split("/")


@every_template
def test_names_are_unique_and_paths_lead_from_stem_to_task(name: str) -> None:
    @settings(max_examples=25)
    @given(choices(name, small=True))
    def check(parameters: Mapping[str, Any]) -> None:
        design = Design.from_template(name, **parameters)
        layers = design.graph.layers
        names = [layer.name for layer in layers]
        assert len(set(names)) == len(names)
        seen: set[str] = set()
        for layer in layers:
            assert set(layer.inputs) <= seen, "a layer comes after those that feed it"
            seen.add(layer.name)
            part, *inner = _walk(layer.path)
            assert part in {"stem", "learner", "task"}
            if inner:
                assert part == "learner"
                assert inner[0].startswith("group")
                assert layer.name.startswith("_".join(inner) + "_")
                assert len(inner) == 1 or inner[1] == "transition" or inner[1].startswith("block")
        parts = [layer.path.split("/")[0] for layer in layers]
        assert parts == sorted(parts, key=["stem", "learner", "task"].index)
        assert parts[0] == "stem"
        assert parts[-1] == "task"
        assert layers[0].class_name == "InputLayer"
        assert set(design.graph.outputs) <= seen
        blocks = {layer.path for layer in layers if "/block" in layer.path}
        if "groups" in design.parameters:
            wanted = {
                f"learner/group{number}/block{block}"
                for number, group in enumerate(design["groups"], 1)
                for block in range(1, group["blocks"] + 1)
            }
            assert blocks == wanted

    check()
