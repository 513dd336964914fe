"""Random designs of every template, drawn from what the parameters say of themselves.

A template added tomorrow is drawn too: nothing here names one. ``small`` designs keep every size
low, so that tf.keras builds them in milliseconds; the others use the whole range of each
parameter, for tests that only read and write them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from designer import Design
from designer.templates import template
from designer.templates.groups import MOST_BLOCKS, Groups
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
)

#: The sizes of small designs: many divisors in common, and some that share none.
FILTERS = (1, 2, 3, 4, 6, 8, 12, 16)
#: By parameter, what small designs are drawn from; other whole numbers are 1 to 5.
SMALL: dict[str, tuple[int, ...]] = {
    "filters": FILTERS,
    "stem_filters": FILTERS,
    "blocks": (1, 1, 2, 3),
    "cardinality": (1, 1, 1, 2, 3, 4, 8),
    "strides": (1, 1, 2, 3),
    "stem_strides": (1, 2, 3),
    "kernel_size": (1, 2, 3, 5),
    "stem_kernel_size": (1, 2, 3, 7),
    "pool_size": (1, 2, 3),
    "expansion": (1, 2, 4),
    "ratio": (1, 2, 16),
}
SMALL_SIDES = (1, 5, 8, 16, 21, 32, 40)


def designs(name: str, *, small: bool = False) -> st.SearchStrategy[Design]:
    """Return random designs of a template; some of them cannot be built."""
    return choices(name, small=small).map(lambda given: Design.from_template(name, **given))


@st.composite
def choices(draw: st.DrawFn, name: str, *, small: bool = False) -> dict[str, Any]:
    """Return random choices that a template takes: some of its parameters, or all."""
    given: dict[str, Any] = {}
    chosen: dict[str, Any] = {}
    for parameter in template(name).parameters:
        value = parameter.default_for(chosen)
        # A default picture of 224 x 224 or a hidden layer of 4,096 units is not small.
        big = small and parameter.name in {"input_shape", "groups", "hidden", "classes"}
        if parameter.applies(chosen) and (big or draw(st.booleans())):
            value = draw(values(parameter, chosen, small=small))
            given[parameter.name] = value
            value = parameter.clean(value, chosen)
        chosen[parameter.name] = value
    return given


def values(parameter: Parameter, chosen: Mapping[str, Any], *, small: bool) -> st.SearchStrategy:
    """Return values that ``parameter`` takes, given those before it."""
    if isinstance(parameter, PerHeadChoice):
        one = st.sampled_from(sorted(parameter.options_for(chosen)))
        count = parameter.heads(chosen)
        return one | st.lists(one, min_size=count, max_size=count)
    if isinstance(parameter, Choice):
        return st.sampled_from(sorted(parameter.options_for(chosen)))
    if isinstance(parameter, Flag):
        return st.booleans()
    if isinstance(parameter, Number):
        if small:
            return st.sampled_from((parameter.minimum, 0.05, 0.1))
        return st.floats(parameter.minimum, parameter.maximum)
    if isinstance(parameter, Integer):
        return _integers(parameter, small)
    if isinstance(parameter, IntegerList):
        item = st.integers(1, 24) if small else values(parameter.item, chosen, small=small)
        return st.lists(item, min_size=parameter.minimum_length, max_size=2 if small else 12)
    if isinstance(parameter, Classes):
        return _classes(parameter, chosen, small)
    if isinstance(parameter, InputShape):
        return _shapes(parameter, small)
    if isinstance(parameter, Groups):
        return _groups(parameter, chosen, small)
    raise AssertionError(f"no random values for {type(parameter).__name__}")


def _integers(parameter: Integer, small: bool) -> st.SearchStrategy[int]:
    if not small:
        # Six groups, the most drawn here, stay within the blocks that a design may have in all.
        highest = MOST_BLOCKS // 6 if parameter.name == "blocks" else parameter.maximum
        return st.integers(parameter.minimum, highest)
    few = SMALL.get(parameter.name, range(1, 6))
    return st.sampled_from([n for n in few if parameter.minimum <= n <= parameter.maximum])


def _classes(
    parameter: Classes, chosen: Mapping[str, Any], small: bool
) -> st.SearchStrategy[int | list[int]]:
    count = st.integers(2, 12 if small else parameter.maximum)
    if chosen["task"] == "multitask":
        return st.lists(count, min_size=1, max_size=4)
    return count


@st.composite
def _shapes(draw: st.DrawFn, parameter: InputShape, small: bool) -> list[int]:
    sides = st.sampled_from(SMALL_SIDES) if small else st.integers(1, parameter.maximum)
    shape = []
    for axis in draw(st.sampled_from(parameter.axes)):
        few = small and axis == "channels"
        shape.append(draw(st.sampled_from((1, 3, 4, 6)) if few else sides))
    return shape


@st.composite
def _groups(
    draw: st.DrawFn, parameter: Groups, chosen: Mapping[str, Any], small: bool
) -> list[dict[str, Any]]:
    """Draw groups field by field: what a group is decides what else it can choose."""
    given: list[dict[str, Any]] = []
    for _ in range(draw(st.integers(parameter.minimum_length, 3 if small else 6))):
        group: dict[str, Any] = {}
        for field in parameter.fields:
            if field.name not in parameter.clean([*given, group], chosen)[-1]:
                continue
            needed = small and field.name in {"pattern", "filters", "blocks"}
            if needed or draw(st.booleans()):
                group[field.name] = draw(values(field, chosen, small=small))
        given.append(group)
    return given
