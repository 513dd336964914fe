"""What a comparison says, of designs a person would compare and of random ones."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from designer import Design
from designer.comparing import Comparison, compare
from designer.comparing.phrases import write
from designer.comparing.totals import BATCH_SIZE, depth
from designer.design import plain
from designer.summary import outline
from designer.templates import templates
from tests.designer.random_designs import designs

NAMES = sorted(templates())


def design(name: str, **parameters: Any) -> Design:
    return Design.from_template(name, **parameters)


def words(a: Design, b: Design) -> list[str]:
    return list(compare(a, b).words)


def regrouped(base: Design, *groups: dict[str, Any]) -> Design:
    return base.replace(groups=list(groups))


RESNET = design("resnet50")
G1, G2, G3, G4 = plain(RESNET["groups"])
VGG = design("vgg16")


# --- the same template: what an engineer would say --------------------------------------------


@pytest.mark.parametrize(
    ("b", "said"),
    [
        (
            RESNET.replace(version="v1.5"),
            ["version v1 → v1.5: the stride moves to the 3 × 3 convolution"],
        ),
        (regrouped(RESNET, G1, G2, {**G3, "blocks": 4}, G4), ["group 3: 6 → 4 blocks"]),
        (regrouped(RESNET, G1, {**G2, "filters": 96}, G3, G4), ["group 2: filters 128 → 96"]),
        (
            regrouped(RESNET, G1, {**G2, "filters": 96, "blocks": 5}, G3, G4),
            ["group 2: filters 128 → 96 and 4 → 5 blocks"],
        ),
        (regrouped(RESNET, G1, G3, G4), ["group 2 removed (4 blocks of 128 filters)"]),
        (RESNET.replace(l2=0.0001), ["weight penalty (L2) 0 → 0.0001"]),
        (regrouped(RESNET, G1, G2, G3), ["group 4 removed (3 blocks of 512 filters)"]),
        (
            regrouped(RESNET, G1, G2, {**G2, "filters": 192, "blocks": 1}, G3, G4),
            ["group 3 inserted (1 block of 192 filters)"],
        ),
        (
            regrouped(RESNET, G1, G2, G3, G4, {**G4, "filters": 1024}),
            ["group 5 added (3 blocks of 1,024 filters)"],
        ),
        (
            regrouped(RESNET, G1, {**G3, "blocks": 2}, G4),
            [
                "group 2 removed (4 blocks of 128 filters)",
                "group 3 (now group 2): 6 → 2 blocks",
            ],
        ),
        (
            regrouped(RESNET, *({**g, "filters": 2 * g["filters"]} for g in (G1, G2, G3, G4))),
            ["every group: filters × 2 (64, 128, 256, 512 → 128, 256, 512, 1,024)"],
        ),
        (
            regrouped(RESNET, *({**g, "kernel_size": 5} for g in (G1, G2, G3, G4))),
            ["every group: kernel size 3 → 5"],
        ),
        (
            regrouped(RESNET, G1, *({**g, "kernel_size": 5} for g in (G2, G3, G4))),
            ["groups 2–4: kernel size 3 → 5"],
        ),
        (RESNET.replace(strides=1), ["strides 2 → 1 in groups 2–4"]),
        (RESNET.replace(input_shape=[64, 64, 1]), ["input 224 × 224 × 3 → 64 × 64 × 1"]),
        (RESNET.replace(stem_filters=32), ["stem filters 64 → 32"]),
        (RESNET.replace(identity_link=False), ["identity link: on → off"]),
        (RESNET.replace(activation="gelu"), ["activation: ReLU → GELU"]),
        (RESNET.replace(classes=10), ["classes 1,000 → 10"]),
        (RESNET.replace(optimizer="sgd"), ["optimizer: Adam → SGD"]),
        (
            RESNET.replace(task="regression"),
            ["task: multi-class → regression (loss, optimizer and metric follow)"],
        ),
        (RESNET.replace(hidden=[64]), ["a hidden layer of 64 units added"]),
    ],
)
def test_a_change_is_said_as_an_engineer_would(b: Design, said: list[str]) -> None:
    assert words(RESNET, b) == said


@pytest.mark.parametrize(
    ("hidden", "said"),
    [
        ([4096], "a hidden layer of 4,096 units removed"),
        ([], "2 hidden layers of 4,096 and 4,096 units removed"),
        ([4096, 512], "hidden layer 2: 4,096 → 512 units"),
        ([512, 512], "hidden layers 1 and 2: 4,096 → 512 units"),
        ([512, 256], "hidden layers: 4,096 and 4,096 → 512 and 256 units"),
        ([512], "hidden layers: 4,096 and 4,096 → 512 units"),
    ],
)
def test_hidden_layers_are_said_one_by_one_where_that_is_shorter(
    hidden: list[int], said: str
) -> None:
    assert words(VGG, VGG.replace(hidden=hidden)) == [said]


def test_a_choice_that_has_no_effect_is_said_to_have_none() -> None:
    a = design("image_dnn")
    compared = compare(a, a.replace(dropout_position="after"))
    assert compared.words[0].endswith(": no layer changes")
    assert compared.is_same_network
    assert not compared.is_same_design


def test_normalization_that_moves_is_said_from_the_layers() -> None:
    assert words(RESNET, RESNET.replace(version="v2"))[0] == (
        "version v1 → v2: the normalization moves before each convolution"
    )
    paper = words(design("resnet34"), design("resnet34", variant="paper"))
    assert paper[0] == "variant book → paper: normalization after each convolution"


def test_removing_a_group_keeps_the_others_matched() -> None:
    compared = compare(RESNET, regrouped(RESNET, G1, G3, G4))
    lonely = [pair for pair in compared.layers if pair.status == "only_a"]
    assert {pair.section for pair in lonely} == {"Group 2"}
    assert {pair.section for pair in compared.layers} >= {"Group 3 → Group 2"}
    assert not any(pair.status == "only_b" for pair in compared.layers)


# --- other templates --------------------------------------------------------------------------


def test_other_templates_are_compared_by_what_they_are_made_of() -> None:
    assert words(design("resnet34"), RESNET) == [
        "template: ResNet34 → ResNet50",
        "blocks a group: 2, 3, 5, 2 → 3, 4, 6, 3",
        "maps out of each group: 64, 128, 256, 512 → 256, 512, 1,024, 2,048",
        "a block: two 3 × 3 convolutions, with an identity link → 1 × 1, 3 × 3 and 1 × 1"
        " convolutions, each normalized, with an identity link",
    ]
    said = words(VGG, RESNET)
    assert "flattening: flatten → global average pooling" in said
    assert "hidden layers: 4,096 and 4,096 units → none" in said
    assert "groups: none → 5" in words(design("dnn"), VGG)


def test_a_twin_of_another_template_is_the_same_network() -> None:
    """ResNet101 with ResNet50's blocks is ResNet50: the same layers under another name."""
    twin = design("resnet101", groups=plain(RESNET["groups"]))
    compared = compare(RESNET, twin)
    assert compared.is_same_network
    assert compared.words == (
        "the same network, 177 layers alike",
        "template: ResNet50 → ResNet101",
    )
    assert compared.headline() == "The same network: 177 layers alike."
    assert compared.counts == {"same": 177, "changed": 0, "only_a": 0, "only_b": 0}
    assert words(RESNET, twin.replace(optimizer="sgd"))[-1] == "optimizer: Adam → SGD"


# --- layers -----------------------------------------------------------------------------------


def test_changed_settings_are_named_with_both_values() -> None:
    compared = compare(RESNET, RESNET.replace(version="v1.5"))
    pair = next(p for p in compared.layers if p.a and p.a.name == "group2_block1_conv2")
    assert [change.to_dict() for change in pair.changes] == [
        {"name": "strides", "a": [1, 1], "b": [2, 2]}
    ]
    assert compared.counts == {"same": 165, "changed": 12, "only_a": 0, "only_b": 0}


def test_a_weight_penalty_is_a_change_of_every_kernel_and_of_no_total() -> None:
    compared = compare(VGG, VGG.replace(l2=0.0005))
    changed = [pair for pair in compared.layers if pair.status == "changed"]
    assert len(changed) == 16
    for pair in changed:
        assert [(one.name, write(one.a), write(one.b)) for one in pair.changes] == [
            ("kernel_regularizer", "none", "L2(0.0005)")
        ]
    assert all(total.to_dict()["difference"] == 0 for total in compared.totals)
    assert not compared.is_same_network
    json.dumps(compared.to_dict())
    twin = VGG.replace(l2=0.0005).as_composable()
    assert compare(VGG.replace(l2=0.0005), twin).is_same_network
    said = words(VGG, design("vgg19", l2=0.0005))
    assert "weight penalty (L2): 0 → 0.0005" in said


def test_a_deeper_network_holds_the_shallower_one() -> None:
    counts = compare(RESNET, design("resnet152")).counts
    assert counts == {"same": 177, "changed": 0, "only_a": 0, "only_b": 340}


# --- totals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "parameters", "deep"),
    [
        ("vgg16", {}, 16),
        ("vgg19", {}, 19),
        ("resnet18", {"variant": "paper"}, 18),
        ("resnet34", {"variant": "paper"}, 34),
        ("resnet50", {}, 50),
        ("resnet101", {}, 101),
        ("resnet152", {"version": "v2"}, 152),
    ],
)
def test_the_depth_is_the_number_in_a_networks_name(
    name: str, parameters: dict[str, Any], deep: int
) -> None:
    assert depth(outline(design(name, **parameters))) == deep


def test_a_difference_is_written_with_a_sign_and_a_word() -> None:
    totals = {one.total.name: one.words for one in compare(design("resnet34"), RESNET).totals}
    assert totals["total_params"] == "▲ 4,094,336 more (+19.0%)"
    assert totals["layers"] == "▲ 130 more (+276.6%)"
    back = {one.total.name: one.words for one in compare(RESNET, design("resnet34")).totals}
    assert back["total_params"] == "▼ 4,094,336 less (−16.0%)"
    assert {one.words for one in compare(RESNET, RESNET).totals} == {"= the same"}


def test_a_design_that_cannot_be_built_is_compared_as_far_as_it_goes() -> None:
    broken = VGG.replace(input_shape=[16, 16, 3])
    compared = compare(VGG, broken)
    assert compared.words == ("input 224 × 224 × 3 → 16 × 16 × 3",)
    (note,) = compared.notes
    assert note.startswith("B cannot be built, so its totals end at the layer 'group5_pool'.")
    totals = {one.total.name: one.words for one in compared.totals}
    assert totals["total_params"] == "not to be compared"
    assert totals["depth"] == "= the same"


# --- any two designs --------------------------------------------------------------------------

one_design = st.sampled_from(NAMES).flatmap(lambda name: designs(name, small=True))
two_designs = st.one_of(
    st.tuples(one_design, one_design),
    st.sampled_from(NAMES).flatmap(
        lambda name: st.tuples(designs(name, small=True), designs(name, small=True))
    ),
)


def seen(compared: Comparison, side: str) -> list[str]:
    return [layer.name for pair in compared.layers if (layer := getattr(pair, side))]


@given(one_design)
@settings(max_examples=60, deadline=None)
def test_a_design_does_not_differ_from_itself(one: Design) -> None:
    compared = compare(one, one)
    assert compared.is_same_design
    assert compared.is_same_network
    assert compared.words == ()
    assert compared.headline() == "The same design."
    assert {pair.status for pair in compared.layers} == {"same"}
    assert all(total.difference == 0 for total in compared.totals)


@given(two_designs)
@settings(max_examples=150, deadline=None)
def test_any_two_designs(both: tuple[Design, Design]) -> None:
    a, b = both
    compared = compare(a, b)

    # Every layer stands in the comparison exactly once.
    assert Counter(seen(compared, "a")) == Counter(layer.name for layer in a.graph.layers)
    assert Counter(seen(compared, "b")) == Counter(layer.name for layer in b.graph.layers)

    for pair in compared.layers:
        if pair.a and pair.b:
            assert pair.a.class_name == pair.b.class_name
            alike = (
                pair.a.layer.config == pair.b.layer.config
                and pair.a.output_shape == pair.b.output_shape
                and pair.a.params == pair.b.params
            )
            assert (pair.status == "same") <= alike

    left, right = outline(a), outline(b)
    totals = {one.total.name: one.difference for one in compared.totals}
    assert totals["total_params"] == right.total_params - left.total_params
    assert totals["trainable_params"] == right.trainable_params - left.trainable_params
    assert totals["multiply_adds"] == right.multiply_adds - left.multiply_adds
    assert totals["activation_bytes"] == right.activation_bytes - left.activation_bytes
    assert totals["training_bytes"] == (
        right.training_bytes(BATCH_SIZE) - left.training_bytes(BATCH_SIZE)
    )
    assert totals["layers"] == len(right.layers) - len(left.layers)

    assert bool(compared.words) == (a != b)
    assert all(text.strip() == text and text for text in compared.words)
    if compared.is_same_network:
        assert left.total_params == right.total_params

    json.dumps(compared.to_dict(), allow_nan=False)

    # The same layers match from the other side.
    turned = compare(b, a)
    assert turned.is_same_network == compared.is_same_network
    assert {(p.a and p.a.name, p.b and p.b.name, p.status == "same") for p in compared.layers} == {
        (p.b and p.b.name, p.a and p.a.name, p.status == "same") for p in turned.layers
    }


@given(st.sampled_from(NAMES).flatmap(lambda name: st.tuples(designs(name), designs(name))))
@settings(max_examples=40, deadline=None)
def test_words_hold_for_designs_of_any_size(both: tuple[Design, Design]) -> None:
    a, b = both
    if max(sum(g.get("blocks", 1) for g in d.parameters.get("groups", ())) for d in both) > 150:
        return  # thousands of layers say nothing new here
    assert bool(compare(a, b).words) == (a != b)
