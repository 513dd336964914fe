"""The template ``composable``: its patterns, its groups' fields, and what papers publish."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path
from typing import Any

import pytest
from published_networks import (
    MOBILE_NET,
    MOBILE_NET_V2,
    SE_RESNEXT,
    dense_net,
    published,
    residual_net,
)

from designer import Design, DesignError, summarize
from designer.layers import rules
from designer.summary import outline
from designer.templates import blocks, template
from designer.templates.blocks import patterns
from designer.templates.groups import Groups

every_pattern = pytest.mark.parametrize("name", list(patterns()))


def one_group(name: str, **fields: Any) -> Design:
    return Design.from_template("composable", groups=[{"pattern": name, **fields}])


# --- what papers publish ------------------------------------------------------------------

#: Parameters as published: keras.applications counts the moving means and variances of batch
#: normalization, the PyTorch libraries (torchvision, and timm for squeeze-and-excitation) do not.
FIGURES = [
    (MOBILE_NET, "total", 4_253_864),  # keras.applications.MobileNet
    (MOBILE_NET_V2, "total", 3_538_984),  # keras.applications.MobileNetV2
    (MOBILE_NET_V2, "trainable", 3_504_872),  # torchvision mobilenet_v2
    (dense_net(6, 12, 24, 16), "total", 8_062_504),  # keras.applications.DenseNet121
    (dense_net(6, 12, 24, 16), "trainable", 7_978_856),  # torchvision densenet121
    (dense_net(6, 12, 32, 32), "total", 14_307_880),  # keras.applications.DenseNet169
    (dense_net(6, 12, 48, 32), "total", 20_242_984),  # keras.applications.DenseNet201
    (residual_net("resnext", (3, 4, 6, 3), 128), "trainable", 25_028_904),  # resnext50_32x4d
    (residual_net("resnext", (3, 4, 23, 3), 256, expansion=1), "trainable", 88_791_336),
    (residual_net("resnext", (3, 4, 23, 3), 256, expansion=1, cardinality=64), "trainable",
     83_455_272),
    (residual_net("squeeze_excitation", (3, 4, 6, 3), 64), "trainable", 28_088_024),
    (residual_net("squeeze_excitation", (3, 4, 23, 3), 64), "trainable", 49_326_872),
    (residual_net("squeeze_excitation", (3, 8, 36, 3), 64), "trainable", 66_821_848),
    (residual_net("squeeze_excitation", (3, 4, 6, 3), **SE_RESNEXT), "trainable", 27_559_896),
    (residual_net("squeeze_excitation", (3, 4, 23, 3), **SE_RESNEXT), "trainable", 48_955_416),
    # Without biases, ResNet50 v1.5 is torchvision's.
    (residual_net("bottleneck", (3, 4, 6, 3), 64, version="v1.5"), "trainable", 25_557_032),
    (residual_net("residual", (2, 2, 2, 2), 64), "trainable", 11_689_512),
]  # fmt: skip


@pytest.mark.parametrize(("choices", "which", "count"), FIGURES)
def test_parameters_are_the_published_ones(choices: dict[str, Any], which: str, count: int) -> None:
    summary = summarize(published(choices))
    assert getattr(summary, f"{which}_params") == count


#: Multiply-adds in millions, as the papers print them, and the unit of their last digit.
MULTIPLY_ADDS = [
    (MOBILE_NET, 569, 1),  # arXiv:1704.04861, table 4
    (MOBILE_NET_V2, 300, 1),  # arXiv:1801.04381, table 4
    (residual_net("resnext", (3, 4, 6, 3), 128), 4200, 100),  # arXiv:1611.05431, table 1
    (residual_net("squeeze_excitation", (3, 4, 6, 3), 64), 3870, 10),  # arXiv:1709.01507, table 2
]


@pytest.mark.parametrize(("choices", "printed", "unit"), MULTIPLY_ADDS)
def test_multiply_adds_are_those_of_the_papers(
    choices: dict[str, Any], printed: int, unit: int
) -> None:
    counted = summarize(published(choices)).multiply_adds / 1e6
    assert abs(counted - printed) < unit


# --- patterns -----------------------------------------------------------------------------


def test_the_patterns_of_the_book_and_the_papers_are_there() -> None:
    assert list(patterns()) == [
        "plain", "residual", "residual_transition", "bottleneck", "pre_activation", "resnext",
        "squeeze_excitation", "separable", "inverted_residual", "dense",
    ]  # fmt: skip


@every_pattern
def test_a_pattern_says_what_it_is(name: str) -> None:
    pattern = patterns()[name]
    assert pattern.label[0].isupper()
    assert pattern.teaches.endswith(".")
    assert 40 < len(pattern.teaches) <= 100, "one line"
    assert (pattern.__doc__ or "") or sys.modules[type(pattern).__module__].__doc__


@every_pattern
def test_a_group_of_each_pattern_is_a_network_at_once(name: str) -> None:
    design = one_group(name)
    assert summarize(design).layers[-1].output_shape == (None, 10)
    deeper = Design.from_template(
        "composable",
        input_shape=[64, 48, 3],
        groups=[{"pattern": name, "filters": 8, "blocks": 2}, {}, {"strides": 2}],
    )
    summary = summarize(deeper)
    assert {layer.class_name for layer in summary.layers} <= set(rules())
    assert [group["pattern"] for group in deeper["groups"]] == [name] * 3


@every_pattern
def test_strides_of_2_halve_the_maps_in_every_pattern(name: str) -> None:
    def maps(strides: int) -> tuple[int | None, ...]:
        own = {"pooling": "none"} if name == "plain" else {}
        shapes = [
            layer.output_shape
            for layer in summarize(one_group(name, strides=strides, blocks=2, **own)).layers
            if layer.path.startswith("learner")
        ]
        assert shapes[-1] is not None
        return shapes[-1][1:3]

    assert maps(1) == (32, 32)
    assert maps(2) == (16, 16)


@every_pattern
@pytest.mark.parametrize("other", list(patterns()))
def test_any_pattern_follows_any_other(name: str, other: str) -> None:
    groups = [{"pattern": name, "filters": 8}, {"pattern": other, "filters": 12}]
    summary = summarize(Design.from_template("composable", groups=groups))
    before, after = patterns()[name], patterns()[other]
    closes = [layer.name for layer in summary.layers if layer.name == "group1_batch_norm"]
    # What leaves its maps open is closed before a pattern that takes them as they are.
    assert bool(closes) == (before.pre_activated and not after.pre_activated)
    final = [layer.name for layer in summary.layers if layer.path == "learner"]
    assert final == (["batch_norm", "activation"] if after.pre_activated else [])


def test_the_identity_link_of_inverted_residuals_stands_only_where_shapes_agree() -> None:
    layers = published(MOBILE_NET_V2).graph.layers
    assert sum(layer.class_name == "Add" for layer in layers) == 10  # as in the paper's table 2
    assert not [layer for layer in layers if layer.name == "group1_block1_expand"]


def test_a_transition_of_a_dense_group_keeps_half_the_maps() -> None:
    shapes = {
        layer.name: layer.output_shape
        for layer in summarize(published(dense_net(6, 12, 24, 16))).layers
    }
    assert shapes["group1_block6_concatenate"] == (None, 56, 56, 256)  # 64 + 6 × 32
    assert shapes["group2_transition_conv"] == (None, 56, 56, 128)
    assert shapes["group2_transition_pool"] == (None, 28, 28, 128)
    assert shapes["group4_block16_concatenate"] == (None, 7, 7, 1024)


def test_squeezed_maps_are_one_number_each() -> None:
    layers = {layer.name: layer for layer in summarize(one_group("squeeze_excitation")).layers}
    assert layers["group1_block1_squeeze"].output_shape == (None, 1, 1, 64)
    assert layers["group1_block1_excite1"].output_shape == (None, 1, 1, 4)
    assert layers["group1_block1_scale"].output_shape == (None, 32, 32, 64)


def test_a_pattern_is_added_by_adding_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "twice.py").write_text(
        '''
"""Two pointwise convolutions."""
from designer.templates import shared_layers
from designer.templates.blocks.pattern import Maps, Pattern
from designer.templates.parameters import Integer


class TwicePattern(Pattern):
    name, label, teaches, order = "twice", "Twice", "Two of them, for the test.", 99
    fields = (Integer(name="times", label="Times", help="How often.", default=2),)

    def add_group(self, g, x, p, *, first):
        layer = x.layer
        for number in range(p["times"]):
            layer = shared_layers.convolution(g, layer, f"conv{number}", p["filters"], 1)
        return Maps(layer, p["filters"])
'''
    )
    monkeypatch.setattr(blocks, "__path__", [*blocks.__path__, str(tmp_path)])
    patterns.cache_clear()
    try:
        assert "twice" in patterns()
        module = importlib.import_module("designer.templates.composable")
        fields = {field.name: field for field in module.group_fields()}
        chosen = {"pattern": "twice", "previous": None, "usual": {}, "index": 0}
        assert fields["times"].applies(chosen)
        assert fields["times"].default_for(chosen) == 2
        assert not fields["kernel_size"].applies(chosen)
        assert "twice" in fields["pattern"].options  # type: ignore[attr-defined]
    finally:
        monkeypatch.undo()
        patterns.cache_clear()
    assert {module.name for module in pkgutil.iter_modules(blocks.__path__)} >= {"plain", "dense"}


# --- groups and their fields --------------------------------------------------------------


def test_the_first_design_has_three_ideas_and_is_small() -> None:
    design = Design.from_template("composable")
    assert [group["pattern"] for group in design["groups"]] == [
        "plain", "residual", "squeeze_excitation",
    ]  # fmt: skip
    assert summarize(design).total_params < 200_000
    assert dict(design.choices) == {}


@every_pattern
def test_a_group_has_the_fields_of_its_pattern_and_no_others(name: str) -> None:
    group = one_group(name, strides=2)["groups"][0]
    own = {field.name for field in patterns()[name].fields}
    if name == "plain":
        own.discard("pool_size")  # with strides of 2 it does not pool by default
    assert set(group) == {"pattern", "filters", "blocks"} | own


def test_fields_of_one_name_are_the_same_but_for_their_default() -> None:
    known: dict[str, Any] = {}
    for pattern in patterns().values():
        for field in pattern.fields:
            first = known.setdefault(field.name, field)
            assert (type(first), first.label, first.unit) == (
                type(field), field.label, field.unit,
            )  # fmt: skip


@pytest.mark.parametrize(
    ("group", "field", "when"),
    [
        ({"pattern": "residual", "expansion": 4}, "expansion", "pattern is bottleneck,"),
        ({"pattern": "separable", "cardinality": 2}, "cardinality", "pattern is plain,"),
        ({"pattern": "plain", "pooling": "none", "pool_size": 2}, "pool_size",
         "pattern is plain and pooling is max or average"),
        ({"pattern": "dense", "strides": 1, "reduction": 0.3}, "reduction",
         "pattern is dense and strides are more than 1"),
    ],
)  # fmt: skip
def test_a_field_without_meaning_is_refused_in_words(
    group: dict[str, Any], field: str, when: str
) -> None:
    with pytest.raises(DesignError) as caught:
        Design.from_template("composable", groups=[{}, group])
    assert caught.value.field == f"groups[1].{field}"
    assert f"received {group[field]!r}, but it has a meaning only when" in str(caught.value)
    assert when in str(caught.value)


def test_a_link_loses_only_the_fields_without_meaning_and_says_so() -> None:
    design, notes = Design.from_query(
        {
            "template": "composable",
            "groups": '[{"pattern":"residual","filters":8,"expansion":4,"ratio":2},{"ratio":3}]',
        }
    )
    assert [group["filters"] for group in design["groups"]] == [8, 16]
    assert len(notes) == 1
    assert "groups[0].expansion: received 4" in notes[0]
    assert "and 2 more like it" in notes[0]


def test_a_changed_pattern_leaves_behind_what_came_along() -> None:
    """The panel sends whole groups: what had a meaning before, nobody chose anew."""
    design = Design.from_template("composable")
    groups = [dict(group) for group in design["groups"]]
    groups[2]["pattern"] = "dense"
    changed = design.replace(groups=groups)
    assert changed["groups"][2]["filters"] == 32
    assert changed["groups"][2]["expansion"] == 4
    assert "ratio" not in changed["groups"][2]
    assert changed["groups"][2]["reduction"] == 0.5
    with pytest.raises(DesignError, match=r"groups\[2\].ratio: received 5"):
        design.replace(groups=[*groups[:2], {**groups[2], "ratio": 5}])


def test_a_network_s_own_choice_is_dropped_when_no_group_takes_it() -> None:
    design = Design.from_template("composable", identity_link=False)
    plain = design.replace(groups=[{"pattern": "plain"}])
    assert plain["identity_link"] is True
    assert "identity_link" not in plain.choices


def test_groups_follow_the_one_before_where_they_are_of_its_kind() -> None:
    groups = Design.from_template(
        "composable",
        groups=[
            {"pattern": "bottleneck", "expansion": 2, "version": "v1.5"},
            {},
            {"pattern": "squeeze_excitation"},
        ],
    )["groups"]
    assert [group["expansion"] for group in groups] == [2, 2, 4]
    assert [group["version"] for group in groups] == ["v1.5", "v1.5", "v1"]
    assert [group["strides"] for group in groups] == [1, 2, 2]


@pytest.mark.parametrize(("filters", "cardinality"), [(128, 32), (48, 16), (20, 4), (7, 1)])
def test_resnext_has_32_paths_or_as_many_as_divide_its_filters(
    filters: int, cardinality: int
) -> None:
    design = one_group("resnext", filters=filters)
    assert design["groups"][0]["cardinality"] == cardinality
    assert outline(design).fault is None


def test_a_fault_names_the_field_of_the_pattern() -> None:
    parameters = {
        "input_shape": [4, 4, 3],
        "groups": [{"pattern": "dense"}, {}, {}, {}, {}],
    }
    fault = outline(Design.from_template("composable", **parameters)).fault
    assert fault is not None
    assert fault.layer == "group4_transition_pool"
    assert fault.field == "groups[3].strides", "the pool of a transition is the group's strides"
    fault = outline(one_group("resnext", filters=24, cardinality=5)).fault
    assert fault is not None
    assert fault.field == "groups[0].cardinality"


def test_conditional_fields_are_part_of_the_parameter() -> None:
    groups: Any = template("composable").parameter("groups")
    assert isinstance(groups, Groups)
    shortest = groups.without_defaults(
        Design.from_template("composable")["groups"], {"stem": "none"}
    )
    assert shortest == [{}, {}, {}]
