"""The tiles that say what a design costs."""

from __future__ import annotations

import pytest

from components.totals import totals_data
from designer import Design
from designer.summary import outline
from designer.templates import templates


def tiles(name: str, **parameters: object) -> dict[str, dict[str, str]]:
    data = totals_data(outline(Design.from_template(name, **parameters)))
    return {tile["name"]: tile for tile in data["tiles"]}


def test_the_figures_of_resnet50() -> None:
    found = tiles("resnet50")
    assert found["parameters"]["value"] == "25,636,712"
    assert found["parameters"]["detail"] == "25,583,592 trainable · 53,120 not"
    assert (found["multiply_adds"]["value"], found["multiply_adds"]["unit"]) == ("3.86", "G")
    assert (found["weight_memory"]["value"], found["weight_memory"]["unit"]) == ("98", "MB")
    assert found["training_memory"]["unit"] == "GB"
    assert "batch of 32" in found["training_memory"]["detail"]
    assert found["layers"]["value"] == "177"


def test_small_figures_are_written_out() -> None:
    found = tiles("dnn")
    assert (found["multiply_adds"]["value"], found["multiply_adds"]["unit"]) == ("240", "")
    assert (found["weight_memory"]["value"], found["weight_memory"]["unit"]) == ("1.0", "KB")


@pytest.mark.parametrize("name", list(templates()))
def test_every_tile_says_what_it_is(name: str) -> None:
    for tile in tiles(name).values():
        assert tile["value"]
        assert tile["help"].endswith(".")
        assert tile["detail"]
        assert tile["label"]
