"""Every mend mends, and there always is one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from designer import Design
from designer.mending import MOST_MENDS, builds, mends
from designer.summary import outline
from designer.templates import templates
from tests.designer.random_designs import designs


def labels(name: str, **parameters: Any) -> list[str]:
    return [mend.label for mend in checked(Design.from_template(name, **parameters))]


def checked(design: Design) -> tuple[Any, ...]:
    found = mends(outline(design))
    assert 1 <= len(found) <= MOST_MENDS
    for mend in found:
        mended = design.replace(**mend.changes)
        assert outline(mended).fault is None, mend
        assert mended != design
    assert len({mend.label for mend in found}) == len(found)
    return found


def test_a_design_that_builds_needs_none() -> None:
    assert mends(outline(Design.from_template("resnet50"))) == ()


def test_a_cardinality_that_does_not_divide() -> None:
    groups = [{"filters": 32, "cardinality": 1}, {"filters": 48, "cardinality": 9}]
    found = labels("cnn", groups=groups)
    assert found[0] == "Cardinality 8 in group 2"


def test_maps_that_are_used_up() -> None:
    groups = [{"filters": 8, "strides": 2}] * 4
    found = labels("cnn", input_shape=[16, 16, 1], groups=groups)
    assert found == ["Strides 1", "Pooling: none", "Input 256 × 256", "Remove groups 3 to 4"]


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
