"""Who holds which share."""

from __future__ import annotations

import pytest

from designer import Design
from designer.places import nearest
from designer.shares import SLIVER, Row, shares
from designer.summary import Summary, outline
from designer.templates import templates


def rows_of(summary: Summary) -> dict[str, Row]:
    return {row.name: row for row in shares(summary)}


@pytest.mark.parametrize("name", templates())
def test_the_pieces_are_the_whole(name: str) -> None:
    summary = outline(Design.from_template(name))
    rows = rows_of(summary)
    assert rows["parameters"].total == summary.total_params
    assert rows["multiply_adds"].total == summary.multiply_adds
    assert rows["activations"].total == summary.activation_bytes
    for row in rows.values():
        assert sum(piece.amount for piece in row.sections) == row.total
        assert sum(piece.share for piece in row.sections) == pytest.approx(1)
        for section in row.sections:
            assert sum(piece.amount for piece in section.inside) == section.amount
            for piece in section.inside:
                place = nearest(summary.sections, piece.key)
                assert place is not None
                assert place.key == piece.key
                if piece.together:
                    assert piece.key == section.key


def test_vgg16_and_its_first_dense_layer() -> None:
    row = rows_of(outline(Design.from_template("vgg16")))["parameters"]
    assert row.sentence == "hidden1 holds 74% of all parameters: 102,764,544 of 138,357,544."
    task = row.sections[-1]
    assert (task.title, round(task.share, 2)) == ("Task", 0.89)
    assert max(task.inside, key=lambda piece: piece.amount).key == "hidden1"


def test_resnet50_and_its_last_group() -> None:
    rows = rows_of(outline(Design.from_template("resnet50")))
    assert rows["parameters"].sentence.startswith("Group 4 holds 59% of all parameters")
    assert rows["activations"].sentence == "Group 1 holds 40% of the memory of all outputs."


def test_slivers_are_put_together_and_large_networks_stay_light() -> None:
    found = 0
    for row in shares(outline(Design.from_template("resnet152"))):
        pieces = [piece for section in row.sections for piece in section.inside]
        assert len(pieces) < 80
        for piece in pieces:
            if piece.together:
                assert piece.together > 1
                assert piece.amount < piece.together * SLIVER * row.total
                found += piece.together
    assert found > 10


def test_a_design_without_costs_has_no_bars() -> None:
    summary = outline(Design.from_template("cnn", input_shape=[2, 2, 1]))
    row = rows_of(summary)["parameters"]
    assert sum(piece.amount for piece in row.sections) == summary.total_params
    empty = rows_of(Summary(summary.design, summary.layers[:1]))["parameters"]
    assert (empty.total, empty.sections) == (0, ())
    assert empty.sentence == "No part of it has parameters."
