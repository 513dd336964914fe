"""Whatever a person or a program hands in: a design, or an error in words, and soon."""

from __future__ import annotations

import copy
import json
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from designer import Design, DesignError
from designer.drawing import draw
from designer.mending import mends
from designer.summary import outline
from designer.templates import template, templates
from designer.templates.blocks import patterns
from tests.designer.random_designs import choices

FIELDS = [one.name for one in template("composable").parameter("groups").fields]  # type: ignore[attr-defined]

EASY = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))

HUGE = 10**400
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([HUGE, -HUGE, 2**63, 65_536, 16_384, 1000, 0, -1])
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(["\x00", "\ud800", "ﷺ", "../..", "__class__", "NaN", "none", "same"])
)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=15,
)


def understood(make: Any) -> Design | None:
    """Return the design, every view of which works, or ``None`` after an error in words."""
    begun = time.perf_counter()
    try:
        design = make()
    except DesignError as error:
        words = str(error)
        design = None
    if design is None:
        assert 10 < len(words) < 2000
        return None
    summary = outline(design)
    draw(summary)
    assert design.to_json()
    if summary.fault:
        assert mends(summary)
    assert time.perf_counter() - begun < 10
    return design


@EASY
@given(JSON)
def test_any_json_as_a_design_file(data: Any) -> None:
    understood(lambda: Design.from_json(json.dumps(data)))
    understood(lambda: Design.from_dict(data))


@EASY
@given(st.binary(max_size=80) | st.text(max_size=80).map(lambda t: t.encode("utf-8", "replace")))
def test_any_bytes_as_a_design_file(data: bytes) -> None:
    understood(lambda: Design.from_json(data))


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to everything inside a JSON value."""
    if not isinstance(value, dict | list):
        return [path]
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    return [path, *(p for key, item in inside for p in places(item, (*path, key)))][:400]


def mutate(data: Any, path: tuple[Any, ...], how: str, value: Any) -> Any:
    """Return a copy with something at one place deleted, repeated or replaced."""
    changed = copy.deepcopy(data)
    if not path:
        return value
    holder = changed
    for key in path[:-1]:
        holder = holder[key]
    if how == "delete":
        del holder[path[-1]]
    elif how == "repeat" and isinstance(holder, list):
        holder.extend(copy.deepcopy(holder[path[-1]]) for _ in range(len(holder) * 2))
    elif how == "add" and isinstance(holder, dict):
        holder[str(value)[:20]] = value
    else:
        holder[path[-1]] = value
    return changed


@pytest.mark.parametrize("name", list(templates()))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_files_that_were_edited_by_hand(name: str, data: st.DataObject) -> None:
    edited: Any = json.loads(Design.from_template(name).to_json())
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(places(edited)))
        how = data.draw(st.sampled_from(["delete", "replace", "repeat", "add"]))
        edited = mutate(edited, path, how, data.draw(JSON))
    understood(lambda: Design.from_dict(edited))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_patterns_with_fields_that_are_not_theirs(data: st.DataObject) -> None:
    # Every field of a group has a meaning in some patterns only, and so may its value.
    edited: Any = data.draw(choices("composable", small=True))
    for group in edited["groups"]:
        for name in data.draw(st.lists(st.sampled_from(FIELDS), max_size=3)):
            group[name] = data.draw(st.sampled_from([*patterns()]) | st.integers(0, 9) | LEAVES)
    design = understood(lambda: Design.from_template("composable", **edited))
    opened, notes = Design.mended("composable", edited)
    understood(lambda: opened)
    assert design is None or (opened == design and not notes)
    assert design is not None or notes


@EASY
@given(
    st.sampled_from(list(templates())),
    st.dictionaries(
        st.sampled_from(["groups", "input_shape", "hidden", "task", "classes", "packed", "x.y[0]"])
        | st.text(max_size=10),
        st.text(max_size=30) | JSON.map(json.dumps),
        max_size=5,
    ),
)
def test_any_link_opens_its_template(name: str, query: dict[str, str]) -> None:
    design = understood(lambda: Design.from_query({**query, "template": name})[0])
    assert design is None or design.template == name
    if "packed" not in query:
        assert design is not None


@pytest.mark.parametrize("nested", ["[" * 100_000, '{"a":' * 50_000, "[" * 500 + "]" * 500])
def test_deep_nesting(nested: str) -> None:
    understood(lambda: Design.from_json(nested))
    assert understood(lambda: Design.from_query({"template": "cnn", "groups": nested})[0])


ABSURD: list[tuple[str, dict[str, Any]]] = [
    ("cnn", {"input_shape": [16_384, 16_384, 16_384]}),
    ("cnn", {"groups": [{"filters": 65_536, "blocks": 2, "strides": 1}] * 500}),
    ("cnn", {"groups": [{"filters": 8, "strides": 2}] * 500}),
    ("cnn", {"groups": [{"filters": 48, "cardinality": 4095}] * 500}),
    ("cnn", {"groups": [{"filters": 1, "blocks": 1000}]}),
    ("cnn", {"hidden": [1_000_000] * 500}),
    ("resnet34", {"groups": [{"filters": 65_536, "blocks": 1000}]}),
    ("resnet152", {"groups": [{"filters": 64, "blocks": 1000, "cardinality": 63}]}),
    ("resnet152", {"input_shape": [16_384, 1, 1]}),
    ("vgg19", {"input_shape": [1, 16_384, 16_384]}),
    ("vgg19", {"input_shape": [16_384, 31, 3], "groups": [{"blocks": 2}] * 500}),
]


@pytest.mark.parametrize(("name", "absurd"), ABSURD)
def test_absurd_sizes_take_no_absurd_time(name: str, absurd: dict[str, Any]) -> None:
    assert understood(lambda: Design.from_template(name, **absurd))
    with pytest.raises(DesignError):
        Design.from_template("cnn", groups=[{"filters": 8}] * 501)
    with pytest.raises(DesignError):
        Design.from_template("cnn", groups=[{"blocks": 501}] * 2)
