"""Ways out of a design that cannot be built: small changes, each tried before it is offered.

Nothing here knows a template. Parameters near the layer at fault are changed one at a time, from
what they say of themselves, and a change is a mend only if the design then builds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from designer.design import Design, plain
from designer.errors import DesignError
from designer.layers import LayerFault, Shape, rule_for
from designer.summary import LayerSummary, Summary
from designer.templates import template
from designer.templates.groups import Groups
from designer.templates.parameters import Choice, Flag, InputShape, Integer, Parameter
from designer.wording import group_context, write_value

#: The most mends that are offered.
MOST_MENDS = 4

#: How many changes are tried: what bounds the time.
_MOST_TRIALS = 60

#: Numbers whose smallest value takes least from the maps.
_SHRINKING = ("strides", "pool_size", "kernel_size")


@dataclass(frozen=True)
class Mend:
    """A change after which a design can be built.

    Attributes:
        label: what it does, in plain words: ``Strides 1 in group 5``.
        changes: for ``Design.replace``.
    """

    label: str
    changes: Mapping[str, Any]


def mends(summary: Summary) -> tuple[Mend, ...]:
    """Return changes that make a design build, those that change least first; none if it builds.

    There is always at least one: in the end, the template's defaults.
    """
    fault = next((layer for layer in summary.layers if layer.fault), None)
    if fault is None:
        return ()
    design, found = summary.design, dict[str, Mend]()
    results: list[Design] = []
    for trial, mend in enumerate(_candidates(design, fault)):
        if trial >= _MOST_TRIALS or len(found) == MOST_MENDS:
            break
        if _kind(mend) in found:
            continue  # one value of each thing is enough: the nearest that works
        mended = _after(design, mend)
        if mended is not None and mended not in results:
            found[_kind(mend)] = mend
            results.append(mended)
    return tuple(found.values()) or (_defaults(design),)


def builds(design: Design) -> bool:
    """Return whether every layer of a design can be built; stops at the first that cannot."""
    shapes: dict[str, Shape] = {}
    try:
        for layer in design.graph.layers:
            inputs = [shapes[name] for name in layer.inputs]
            shapes[layer.name] = rule_for(layer.class_name).output_shape(layer.config, inputs)
    except LayerFault:
        return False
    return True


def _kind(mend: Mend) -> str:
    """Return what a mend changes, whatever the value: its label without its numbers."""
    words = mend.label.split()
    return " ".join(w for i, w in enumerate(words) if not w[0].isdigit() or words[i - 1] == "group")


def _after(design: Design, mend: Mend) -> Design | None:
    try:
        mended = design.replace(**mend.changes)
    except DesignError:
        return None
    return mended if builds(mended) else None


# --- what is tried, the nearest and smallest first --------------------------------------------


def _candidates(design: Design, fault: LayerSummary) -> Iterator[Mend]:
    known = template(design.template).parameters
    groups = next((one for one in known if isinstance(one, Groups)), None)
    number = _group_of(fault)
    if groups and number:
        yield from _in_group(design, groups, number - 1, fault)
    yield from _alone(design, fault)
    if groups:
        for index in range((number or len(design[groups.name]) + 1) - 2, -1, -1):
            yield from _shrinking_less(design, groups, index)
    yield from _larger_inputs(design)
    if groups and number:
        yield from _fewer_groups(design, groups, number - 1)
    yield from _resets(design)


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
            yield _in(design, groups, index, field, value)


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
            yield _in(design, groups, index, field, 1)
        elif isinstance(field, Choice) and group[field.name] != "none":
            options = field.options_for(group_context(design, groups.name, index))
            if "none" in options:
                yield _in(design, groups, index, field, "none")


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
                yield _one(design, one, one.minimum)
            case Flag():
                yield _one(design, one, not now)
            case Choice(name="padding" | "pooling" | "stem_pooling" | "variant" | "flattening"):
                options = [o for o in one.options_for(design.parameters) if o != now]
                for option in sorted(options, key=lambda o: o != "none"):
                    yield _one(design, one, option)
            case Choice() if one.name.endswith("strides"):
                for option in one.options_for(design.parameters):
                    if option != now:
                        yield _one(design, one, option)


def _larger_inputs(design: Design) -> Iterator[Mend]:
    """Yield larger pictures, twice as large each time."""
    one = next(p for p in template(design.template).parameters if p.name == "input_shape")
    shape = design["input_shape"]
    if not isinstance(one, InputShape) or len(shape) != 3:
        return
    height, width, channels = shape
    while max(height, width) < one.maximum:
        height, width = (min(2 * size, one.maximum) for size in (height, width))
        yield Mend(f"Input {height} × {width}", {"input_shape": (height, width, channels)})


def _fewer_groups(design: Design, groups: Groups, index: int) -> Iterator[Mend]:
    """Yield the design without the group at fault, and without all from there on."""
    now = plain(design[groups.name])
    if len(now) > groups.minimum_length:
        without = {groups.name: [*now[:index], *now[index + 1 :]]}
        yield Mend(f"Remove group {index + 1}", without)
    if groups.minimum_length <= index < len(now) - 1:
        yield Mend(f"Remove groups {index + 1} to {len(now)}", {groups.name: now[:index]})


def _resets(design: Design) -> Iterator[Mend]:
    """Yield defaults: of one parameter, and of all that shape the maps."""
    for name in design.choices:
        label = template(design.template).parameter(name).label
        yield Mend(f"Default for: {label}", {name: design.reset(name)[name]})


def _defaults(design: Design) -> Mend:
    """Return the mend that never fails: as much of the design as builds, the rest by default."""
    kept = dict(design.choices)
    reset = design.reset()
    for name in sorted(kept, key=lambda name: name not in {"groups", "input_shape"}):
        label = template(design.template).parameter(name).label
        reset = design.reset(*[n for n in design.choices if n not in kept or n == name])
        del kept[name]
        if builds(reset):
            break
    names = [name for name in design.choices if name not in kept]
    label = " and ".join(template(design.template).parameter(n).label for n in names[:2])
    more = f" and {len(names) - 2} more" if len(names) > 2 else ""
    return Mend(f"Defaults for: {label}{more}", {name: reset[name] for name in names})


def _one(design: Design, parameter: Parameter, value: Any) -> Mend:
    words = _words(parameter, value, design.parameters)
    return Mend(words, {parameter.name: value})


def _in(design: Design, groups: Groups, index: int, field: Parameter, value: Any) -> Mend:
    changed = plain(design[groups.name])
    changed[index][field.name] = value
    words = _words(field, value, group_context(design, groups.name, index))
    return Mend(f"{words} in group {index + 1}", {groups.name: changed})


def _words(parameter: Parameter, value: Any, chosen: Mapping[str, Any]) -> str:
    text = write_value(parameter, value, chosen)
    if isinstance(parameter, Choice):
        text = text[0].lower() + text[1:] if text[1:].islower() else text
        return f"{parameter.label}: {text}"
    return f"{parameter.label} {text}"
