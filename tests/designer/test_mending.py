"""Every mend mends, and there always is one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from designer import Design, memory
from designer.mending import MOST_MENDS, builds, mends, search
from designer.mending.search import first_that_mend
from designer.summary import outline
from designer.templates import templates
from tests.designer.random_designs import designs


def labels(name: str, **parameters: Any) -> list[str]:
    return [mend.label for mend in checked(Design.from_template(name, **parameters))]


def checked(design: Design) -> tuple[Any, ...]:
    before = outline(design)
    found = mends(before)
    assert 1 <= len(found) <= MOST_MENDS
    sizes = []
    for mend in found:
        mended = design.replace(**mend.changes)
        after = outline(mended)
        assert after.fault is None, mend
        assert mended != design
        sizes.append(after.total_params)
    fitting = [size <= memory.MOST_PARAMETERS for size in sizes]
    # A layer that fits again may show that the whole is too large: that is mended next.
    assert all(fitting) or (before.fault is not None and not any(fitting))
    assert len({mend.label for mend in found}) == len(found)
    return found


def test_a_design_that_builds_needs_none() -> None:
    assert mends(outline(Design.from_template("resnet50"))) == ()


def test_what_mends_keeps_the_weight_penalty() -> None:
    design = Design.from_template("cnn", input_shape=[2, 2, 1], l2=0.0005)
    for mend in checked(design):
        assert design.replace(**mend.changes)["l2"] == 0.0005, mend


def test_a_cardinality_that_does_not_divide() -> None:
    groups = [{"filters": 32, "cardinality": 1}, {"filters": 48, "cardinality": 9}]
    found = labels("cnn", groups=groups)
    assert found[0] == "Cardinality 8 in group 2"


def test_maps_that_are_used_up() -> None:
    groups = [{"filters": 8, "strides": 2}] * 4
    found = labels("cnn", input_shape=[16, 16, 1], groups=groups)
    assert found == [
        "Strides 1 in every group",
        "Pooling: none in every group",
        "Input 256 × 256",
        "Remove groups 3 to 4",
    ]


def test_a_window_that_is_too_wide() -> None:
    found = labels("cnn", padding="valid", input_shape=[9, 9, 1], kernel_size=11, strides=1)
    assert "Kernel size 9 in group 1" in found or "Kernel size 1 in group 1" in found


def test_a_tiny_input_is_made_larger() -> None:
    found = labels("vgg16", input_shape=[16, 16, 3])
    assert "Input 32 × 32" in found


@pytest.mark.parametrize("name", list(templates()))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_there_always_is_a_mend_and_it_mends(name: str, data: st.DataObject) -> None:
    design = data.draw(designs(name, small=True))
    summary = outline(design)
    assert builds(design) == (summary.fault is None)
    if summary.fault is not None:
        checked(design)


@pytest.mark.parametrize("name", list(templates()))
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_designs_of_any_size_are_mended(name: str, data: st.DataObject) -> None:
    design = data.draw(designs(name))
    for _ in range(2):  # first a layer that does not fit, then the size
        summary = outline(design)
        if summary.fault is None and summary.total_params <= memory.MOST_PARAMETERS:
            break
        design = design.replace(**checked(design)[0].changes)
    else:
        assert not memory.too_many_parameters(outline(design))


@pytest.mark.parametrize("name", list(templates()))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_last_resort_never_fails(name: str, data: st.DataObject) -> None:
    design = data.draw(designs(name, small=data.draw(st.booleans())))
    summary = outline(design)
    if summary.fault or memory.too_many_parameters(summary):
        (mend,) = first_that_mend(design, (), memory.MOST_PARAMETERS)
        assert mend.label.startswith("Back to the template's ")
        after = outline(design.replace(**mend.changes))
        assert after.fault is None
        assert summary.fault or after.total_params <= memory.MOST_PARAMETERS


def test_the_last_resort_keeps_what_it_can() -> None:
    groups = [{"filters": 8, "strides": 2}] * 4
    design = Design.from_template("cnn", input_shape=[16, 16, 1], groups=groups, classes=5)
    (mend,) = first_that_mend(design, (), memory.MOST_PARAMETERS)
    assert mend.label == "Back to the template's groups"
    assert design.replace(**mend.changes)["classes"] == 5
    valid = Design.from_template("cnn", input_shape=[2, 2, 1], kernel_size=5, padding="valid")
    (mend,) = first_that_mend(valid, (), memory.MOST_PARAMETERS)
    assert mend.label == "Back to the template's input"


def test_a_group_with_a_value_of_its_own_keeps_it() -> None:
    groups = [{"filters": 8, "strides": 1}, {"filters": 8}, {"filters": 8}]
    found = labels("cnn", input_shape=[8, 8, 1], groups=groups)
    assert "Strides 1 where a group has none of its own" in found
    assert not any(label == "Strides 1" for label in found)


TOO_LARGE: list[tuple[str, dict[str, Any], str]] = [
    ("dnn", {"hidden": [1_000_000] * 2}, "Hidden layers of at most 16,384 units"),
    ("vgg16", {"input_shape": [512, 512, 3]}, "Flattening: global average pooling"),
    ("cnn", {"input_shape": [2048, 2048, 3]}, "Flattening: global average pooling"),
    ("image_dnn", {"input_shape": [16_384, 8192, 3]}, "Input 512 × 256"),
    ("resnet34", {"groups": [{"filters": 65_536}] * 4}, "At most 1,024 filters in every group"),
    ("resnet152", {"groups": [{"blocks": 250}] * 4}, "At most 64 blocks in every group"),
]


@pytest.mark.parametrize(("name", "given", "first"), TOO_LARGE)
def test_a_design_that_is_too_large_is_made_smaller(
    name: str, given: dict[str, Any], first: str
) -> None:
    design = Design.from_template(name, **given)
    assert memory.too_many_parameters(outline(design))
    found = checked(design)
    assert found[0].label == first


def test_where_even_the_defaults_are_too_large_there_is_no_mend(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(memory.LIMIT_VARIABLE, "10")
    assert mends(outline(Design.from_template("dnn"))) == ()


VERY_LARGE: list[tuple[str, dict[str, Any]]] = [
    ("composable", {"groups": [{"pattern": "residual", "filters": 16, "strides": 2}] * 498
                    + [{"pattern": "plain", "filters": 16, "padding": "valid"}] * 2}),
    ("composable", {"groups": [{"pattern": "bottleneck", "filters": 16_384, "blocks": 2}] * 500}),
    ("cnn", {"groups": [{"filters": 8, "strides": 2}] * 500}),
    ("resnet152", {"groups": [{"blocks": 1000, "cardinality": 7}]}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "given"), VERY_LARGE)
def test_the_search_is_bounded_for_very_large_designs(
    monkeypatch: pytest.MonkeyPatch, name: str, given: dict[str, Any]
) -> None:
    design = Design.from_template(name, **given)
    summary = outline(design)
    walked: list[int] = []
    count = search._parameters

    def counting(tried: Design) -> int | None:
        walked.append(len(tried.graph.layers))
        return count(tried)

    monkeypatch.setattr(search, "_parameters", counting)
    assert mends(summary)
    # The design itself, what the bound allows, one change beyond it, and the last resort.
    assert sum(walked) <= 4 * len(summary.layers) + search._MOST_LAYERS
    assert len(walked) <= 20
