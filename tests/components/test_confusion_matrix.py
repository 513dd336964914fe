"""What the page of the matrix is sent, and which cell it shows."""

from __future__ import annotations

from components.confusion_matrix import chosen_cell, matrix_data
from designer.evaluating import confusion
from tests.designer.evaluating.made import head


def test_the_cell_is_the_one_chosen_or_the_most_frequent_confusion() -> None:
    made = confusion(head([0, 0, 1, 1, 2], [0, 0, 2, 2, 1]))
    assert chosen_cell(None, made) == (1, 2)
    sent = {"cell": {"head": "kind", "truth": 0, "said": 0}}
    assert chosen_cell(sent, made) == (0, 0)
    of_another_head = {"cell": {"head": "other", "truth": 0, "said": 0}}
    assert chosen_cell(of_another_head, made) == (1, 2)
    for wrong in (3, -1, "0", None):
        assert chosen_cell({"cell": {"head": "kind", "truth": wrong, "said": 0}}, made) == (1, 2)
    perfect = confusion(head([0, 1, 2], [0, 1, 2]))
    assert chosen_cell(None, perfect) is None


def test_what_is_drawn() -> None:
    made = confusion(head([0, 0, 1], [0, 1, 1]))
    data = matrix_data(made, (0, 1))
    assert data["counts"] == [[1, 1, 0], [0, 1, 0], [0, 0, 0]]
    assert data["words"] == "Of 2 examples of “a”, 1 was taken for “b”."
    assert matrix_data(made, None)["cell"] is None
