"""What is tried for a design with a layer that does not fit: the nearest and smallest first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from designer.design import Design, plain
from designer.mending.mend import Mend, change_in_group, change_of, groups_of
from designer.mending.search import VERY_LARGE, resets
from designer.summary import LayerSummary
from designer.templates import template
from designer.templates.groups import Groups
from designer.templates.parameters import Choice, Flag, InputShape, Integer, Parameter
from designer.wording import group_context

#: Numbers whose smallest value takes least from the maps.
_SHRINKING = ("strides", "pool_size", "kernel_size")


def candidates(design: Design, fault: LayerSummary) -> Iterator[Mend]:
    """Yield changes near a layer at fault, the nearest and smallest first."""
    groups = groups_of(design)
    number = _group_of(fault)
    fewer = _fewer_groups(design, groups, number - 1) if groups and number else []
    if len(design.graph.layers) > VERY_LARGE:  # few changes can be tried: what likely works
        yield from reversed(fewer)
    if groups and number:
        yield from _in_group(design, groups, number - 1, fault)
    yield from _alone(design, fault)
    if groups:
        for index in range((number or len(design[groups.name]) + 1) - 2, -1, -1):
            yield from _shrinking_less(design, groups, index)
    yield from _larger_inputs(design)
    yield from fewer
    yield from resets(design)


def _group_of(layer: LayerSummary) -> int:
    step = next((part for part in layer.path.split("/") if part.startswith("group")), "group0")
    return int(step.removeprefix("group"))


def _in_group(design: Design, groups: Groups, index: int, fault: LayerSummary) -> Iterator[Mend]:
    """Yield changes of the group at fault: what its fault is about first."""
    argument = fault.fault.argument if fault.fault else None
    named = {"groups": "cardinality"}.get(argument or "", argument)
    fields = sorted(groups.fields, key=lambda field: field.name != named)
    for field in fields:
        for value in _values(field, design, groups, index, fault):
            yield change_in_group(design, groups, index, field, value)


def _values(
    field: Parameter, design: Design, groups: Groups, index: int, fault: LayerSummary
) -> Iterator[Any]:
    group = design[groups.name][index]
    if field.name not in group:  # its pattern has no use for it
        return
    now = group[field.name]
    match field:
        case Integer(name="cardinality"):
            yield from (n for n in range(now - 1, 0, -1) if group.get("filters", 0) % n == 0)
        case Integer(name="kernel_size" | "pool_size"):
            sides = [size for shape in fault.input_shapes for size in shape[:2]]
            yield from (n for n in {min(sides, default=1): 0, 1: 0} if n < now)
        case Integer(name="filters"):
            parts = group.get("cardinality", 1)
            near = {now - now % parts: 0, now + -now % parts: 0}
            yield from (n for n in near if n != now)
            yield from _channels_before(fault, now)
        case Integer(name="strides") if now > 1:
            yield 1
        case Choice():
            options = field.options_for(group_context(design, groups.name, index))
            # What does nothing fits everywhere.
            yield from sorted((o for o in options if o != now), key=lambda o: o != "none")
        case Flag():
            yield not now


def _channels_before(fault: LayerSummary, now: int) -> Iterator[int]:
    """Yield the filters that an addition at fault meets on its other way."""
    if fault.class_name == "Add":
        yield from (shape[-1] for shape in fault.input_shapes if shape[-1] != now)


def _shrinking_less(design: Design, groups: Groups, index: int) -> Iterator[Mend]:
    """Yield changes after which a group leaves more of its maps to those behind it."""
    group = design[groups.name][index]
    for field in (one for one in groups.fields if one.name in group):
        if isinstance(field, Integer) and field.name in _SHRINKING and group[field.name] > 1:
            yield change_in_group(design, groups, index, field, 1)
        elif isinstance(field, Choice) and group[field.name] != "none":
            options = field.options_for(group_context(design, groups.name, index))
            if "none" in options:
                yield change_in_group(design, groups, index, field, "none")


def _alone(design: Design, fault: LayerSummary) -> Iterator[Mend]:
    """Yield changes of parameters outside the groups; those of the stem last, but for its own."""
    parameters = [
        one
        for one in template(design.template).parameters
        if one.section in {"stem", "learner"} or one.name == "flattening"
    ]
    in_stem = fault.path.startswith("stem")
    for one in sorted(parameters, key=lambda one: (one.section == "stem") != in_stem):
        if not one.applies(design.parameters):
            continue
        now = design[one.name]
        match one:
            case Integer() if now > one.minimum and one.name.endswith(_SHRINKING):
                yield change_of(design, one, one.minimum)
            case Flag():
                yield change_of(design, one, not now)
            case Choice(name="padding" | "pooling" | "stem_pooling" | "variant" | "flattening"):
                options = [o for o in one.options_for(design.parameters) if o != now]
                for option in sorted(options, key=lambda o: o != "none"):
                    yield change_of(design, one, option)
            case Choice() if one.name.endswith("strides"):
                for option in one.options_for(design.parameters):
                    if option != now:
                        yield change_of(design, one, option)


def _larger_inputs(design: Design) -> Iterator[Mend]:
    """Yield larger pictures, twice as large each time."""
    one = next(p for p in template(design.template).parameters if p.name == "input_shape")
    shape = design["input_shape"]
    if not isinstance(one, InputShape) or len(shape) != 3:
        return
    height, width, channels = shape
    while max(height, width) < one.maximum:
        height, width = (min(2 * size, one.maximum) for size in (height, width))
        changes = {"input_shape": (height, width, channels)}
        yield Mend(f"Input {height} × {width}", changes, ("input_shape",))


def _fewer_groups(design: Design, groups: Groups, index: int) -> list[Mend]:
    """Return the design without the group at fault, and without all from there on."""
    now, found = plain(design[groups.name]), []
    if len(now) > groups.minimum_length:
        without = [*now[:index], *now[index + 1 :]]
        words = f"Remove group {index + 1}"
        found.append(Mend(words, {groups.name: without}, (groups.name, "without")))
    if groups.minimum_length <= index < len(now) - 1:
        words = f"Remove groups {index + 1} to {len(now)}"
        found.append(Mend(words, {groups.name: now[:index]}, (groups.name, "until")))
    return found
