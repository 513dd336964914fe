"""One more group that halves the maps, and what a group keeps with another pattern."""

from __future__ import annotations

from typing import Any

import pytest

from designer import Design, summarize
from designer.group_changes import halving, kept_fields
from designer.templates import templates
from designer.templates.blocks import patterns


def last_maps(design: Design) -> tuple[Any, ...]:
    """Return height, width and channels of what the last group puts out."""
    shapes = [
        layer.output_shape
        for layer in summarize(design).layers
        if layer.path.startswith(f"learner/group{len(design['groups'])}")
    ]
    assert shapes[-1] is not None
    return shapes[-1][1:]


def doubled(design: Design) -> Design:
    """Do what the panel's button does."""
    more = halving(design)
    assert more is not None
    last = dict(design["groups"][-1])
    return design.replace(
        groups=[*design["groups"], {**last, **more, "filters": 2 * last["filters"]}]
    )


CASES: list[tuple[str, dict[str, Any]]] = [
    *((name, {}) for name in templates() if name not in {"dnn", "image_dnn"}),
    ("cnn", {"pooling": "none"}),
    ("cnn", {"groups": [{"pool_size": 1}]}),
    ("cnn", {"groups": [{"pool_size": 4, "strides": 3}]}),
    ("vgg16", {"pooling": "none"}),
    ("resnet34", {"variant": "paper"}),
    ("resnet50", {"version": "v2"}),
    *(("composable", {"groups": [{"pattern": name, "filters": 8}]}) for name in patterns()),
    ("composable", {"groups": [{"pattern": "plain", "pooling": "none"}]}),
]


@pytest.mark.parametrize(("name", "parameters"), CASES)
def test_one_more_group_doubles_the_filters_and_halves_the_maps(
    name: str, parameters: dict[str, Any]
) -> None:
    side = 512 if name.startswith(("vgg", "resnet")) else 128
    design = Design.from_template(name, **parameters, input_shape=[side, side, 4])
    after = doubled(design)
    assert after["groups"][-1]["filters"] == 2 * design["groups"][-1]["filters"]
    height, width, channels = last_maps(design)
    new_height, new_width, new_channels = last_maps(after)
    assert (new_height, new_width) == (height // 2, width // 2)
    dense = design["groups"][-1].get("pattern") == "dense"  # there, the growth is doubled
    assert dense or new_channels == 2 * channels
    # The groups before are as they were.
    assert after["groups"][: len(design["groups"])] == design["groups"]


def test_a_network_without_groups_has_none_to_double() -> None:
    assert halving(Design.from_template("dnn")) is None


@pytest.mark.parametrize("name", list(patterns()))
@pytest.mark.parametrize("other", list(patterns()))
def test_another_pattern_keeps_the_size_and_still_shrinks_the_maps_as_much(
    name: str, other: str
) -> None:
    first = {"pattern": "residual", "filters": 24}
    design = Design.from_template(
        "composable", groups=[first, {"pattern": name, "filters": 24, "blocks": 2}]
    )
    group = design["groups"][1]
    kept = {field: group[field] for field in kept_fields(design, group)}
    changed = design.replace(groups=[design["groups"][0], {"pattern": other, **kept}])
    assert changed["groups"][1]["pattern"] == other
    assert changed["groups"][1]["filters"] == 24
    assert changed["groups"][1]["blocks"] == 2
    assert last_maps(changed)[:2] == last_maps(design)[:2] == (16, 16)
