"""Parameters by themselves: defaults that depend on others, and their one canonical form."""

from __future__ import annotations

from typing import Any

import pytest

from designer.errors import DesignError
from designer.templates.groups import Groups
from designer.templates.parameters import (
    Choice,
    Classes,
    Flag,
    InputShape,
    Integer,
    IntegerList,
    Number,
    Parameter,
    PerHeadChoice,
    show,
)


def made(kind: type[Parameter], **changes: Any) -> Any:
    return kind(name="it", label="It", help="It.", **changes)


def test_defaults_may_depend_on_what_was_chosen_before() -> None:
    parameter = made(Integer, default=lambda chosen: 2 * chosen["other"], maximum=10)
    assert parameter.default_for({"other": 4}) == 8
    with pytest.raises(DesignError):
        parameter.default_for({"other": 40})


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        (made(Integer, default=1, maximum=9), 7),
        (made(Number, default=0.0), 0.25),
        (made(Flag, default=True), False),
        (made(Choice, default="a", options={"a": "A", "b": "B"}), "b"),
        (made(IntegerList, default=(), item=made(Integer, default=1)), (1, 2)),
        (made(InputShape, default=(1,), axes=(("features",),)), (5,)),
        (made(Classes, default=2), 4),
    ],
)
def test_the_canonical_form_is_its_own_and_the_shortest(parameter: Parameter, value: Any) -> None:
    assert parameter.clean(value, {}) == value
    assert parameter.without_defaults(value, {}) == value


@pytest.mark.parametrize(
    ("parameter", "chosen", "works"),
    [
        (made(Integer, default=1, maximum=9, unit="pixels"), {},
         "a whole number from 1 to 9 pixels"),
        (made(Number, default=0.0, maximum=0.5), {}, "a number from 0 to 0.5"),
        (made(Flag, default=True), {}, "true or false"),
        (made(Choice, default="a", options={"a": "A", "b": "B"}), {}, "one of a, b"),
        (made(Choice, default="a", options=lambda chosen: chosen), {"x": "X"}, "one of x"),
        (made(Classes, default=2), {"task": "multilabel"}, "a whole number from 1 to 100,000"),
    ],
)  # fmt: skip
def test_what_works_in_words(parameter: Parameter, chosen: dict[str, Any], works: str) -> None:
    assert parameter.works(chosen) == works
    with pytest.raises(DesignError) as caught:
        parameter.clean(None, chosen, "groups[3].it")
    assert str(caught.value) == f"groups[3].it: received None; {works} works."
    assert caught.value.field == "groups[3].it"


def test_a_choice_a_head() -> None:
    parameter = made(
        PerHeadChoice, default="a", options={"a": "A", "b": "B"}, heads=lambda chosen: chosen["n"]
    )
    assert parameter.clean("b", {"n": 3}) == ("b", "b", "b")
    assert parameter.clean(["b"], {"n": 1}) == "b"
    assert parameter.clean(("b", "a"), {"n": 2}) == ("b", "a")
    with pytest.raises(DesignError, match="1 for 2 heads"):
        parameter.clean(["b"], {"n": 2})


def test_fields_of_groups_see_their_place_and_the_group_before() -> None:
    def default(chosen: dict[str, Any]) -> int:
        before = chosen["previous"]["it"] if chosen["previous"] else 0
        return 100 * chosen["count"] + 10 * chosen["index"] + before % 10 + 1

    groups = Groups(
        name="groups", label="", help="", default=({}, {"it": 5}),
        fields=(made(Integer, default=default),),
    )  # fmt: skip
    assert [group["it"] for group in groups.default_for({})] == [201, 5]
    cleaned = groups.clean([{}, {}, {"it": 7}], {})
    assert [group["it"] for group in cleaned] == [301, 312, 7]
    assert groups.without_defaults(cleaned, {}) == [{}, {}, {"it": 7}]
    assert groups.clean(groups.without_defaults(cleaned, {}), {}) == cleaned


def test_values_are_shown_short_whatever_they_are() -> None:
    assert show((1, 2)) == "[1, 2]"
    assert len(show("x" * 1000)) <= 60
    assert show(10**5000) == "something too large to show"
    deep: list[Any] = []
    for _ in range(10_000):
        deep = [deep]
    assert show(deep) == "something too large to show"
