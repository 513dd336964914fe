"""What is wrong with a design, and the buttons that mend it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from components import fault_bar, studio
from designer import Design
from designer.mending import mends
from designer.summary import outline
from tests.components.sessions import session_of

BROKEN = Design.from_template("cnn", input_shape=[2, 2, 1])


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    return session_of(monkeypatch, studio, fault_bar)


def test_the_reason_the_layer_and_the_mends_are_shown() -> None:
    summary = outline(BROKEN)
    data = fault_bar.bar_data(summary, mends(summary))
    assert "group1_pool" in data["reason"]
    assert "cannot be built" in data["reason"]
    assert data["layer"] == "group1_pool"
    assert "Pooling: none in group 1" in data["mends"]
    assert fault_bar.bar_data(summary, None)["mends"] is None


def test_a_mend_mends_and_can_be_undone(session: SimpleNamespace) -> None:
    studio.set_design(BROKEN)
    fault_bar.apply_mend("Pooling: none in group 1")
    assert outline(studio.current_design()).fault is None
    assert studio.undoes() == "Pooling: none in group 1"
    studio.undo()
    assert studio.current_design() == BROKEN


@pytest.mark.parametrize("label", [None, 7, [], {}, "Format the disk", "x" * 10_000])
def test_what_is_no_mend_changes_nothing(session: SimpleNamespace, label: Any) -> None:
    studio.set_design(BROKEN)
    fault_bar.apply_mend(label)
    assert studio.current_design() == BROKEN


def test_a_design_that_is_too_large_is_told_and_mended(session: SimpleNamespace) -> None:
    design = Design.from_template("vgg16", input_shape=[512, 512, 3])
    summary = outline(design)
    assert summary.fault is None
    data = fault_bar.bar_data(summary, mends(summary))
    assert "572,468,008 parameters" in data["reason"]
    assert "At most 500,000,000 are built here" in data["reason"]
    assert data["layer"] == "hidden1"
    studio.set_design(design)
    fault_bar.apply_mend(data["mends"][0])
    assert fault_bar.trouble(outline(studio.current_design())) is None
    assert fault_bar.trouble(outline(Design.from_template("vgg19"))) is None
