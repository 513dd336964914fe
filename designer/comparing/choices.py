"""Two designs of one template in words: a sentence for what a person chose otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from designer.comparing.effects import effects
from designer.comparing.groups import group_words, lower, short_label
from designer.comparing.phrases import joined, listed, ranges, write
from designer.comparing.sections import align_groups
from designer.design import Design
from designer.errors import DesignError
from designer.summary import Summary, outline
from designer.templates import template
from designer.templates.groups import Groups
from designer.templates.parameters import Choice, Flag, IntegerList, Parameter, PerHeadChoice

#: Larger networks are not built a second time to see what one choice does.
MOST_LAYERS_PROBED = 3_000

#: What follows the task unless it is chosen.
_FOLLOWERS = ("classes", "outputs", "loss", "optimizer", "metric")


def choice_words(a: Summary, b: Summary) -> list[str]:
    """Return a sentence for every parameter in which two designs of one template differ."""
    known = template(a.design.template)
    changed = {
        parameter.name: parameter
        for parameter in known.parameters
        if a.design[parameter.name] != b.design[parameter.name]
    }
    follow = {name: (a.design[name], b.design[name]) for name in changed}
    sentences: list[str] = []
    for name, parameter in changed.items():
        if not _applies(parameter, a.design, b.design):
            continue
        if isinstance(parameter, Groups):
            sentences += group_words(
                parameter, a.design[name], b.design[name], align_groups(a, b), follow
            )
        elif name == "task":
            sentences.append(_task(a.design, b.design, changed))
        elif name in _FOLLOWERS and "task" in changed and not _chosen(name, a.design, b.design):
            continue  # said with the task
        else:
            sentences.append(_sentence(parameter, a, b))
    return sentences or [f"{lower(parameter.label)} differs" for parameter in changed.values()]


def choice_between(name: str, a: Design, b: Design) -> str:
    """Return the sentence for one parameter that two designs, of any templates, both have."""
    parameter = template(a.template).parameter(name)
    return f"{lower(parameter.label)}: {_value(parameter, a)} → {_value(parameter, b)}"


def _applies(parameter: Parameter, a: Design, b: Design) -> bool:
    return parameter.applies(a.parameters) or parameter.applies(b.parameters)


def _chosen(name: str, a: Design, b: Design) -> bool:
    return name in a.choices or name in b.choices


def _task(a: Design, b: Design, changed: Mapping[str, Parameter]) -> str:
    follow = [
        lower(changed[name].label)
        for name in _FOLLOWERS
        if name in changed and not _chosen(name, a, b) and _applies(changed[name], a, b)
    ]
    text = choice_between("task", a, b)
    return f"{text} ({joined(follow)} follow{'s' * (len(follow) == 1)})" if follow else text


def _sentence(parameter: Parameter, a: Summary, b: Summary) -> str:
    label = lower(parameter.label)
    if isinstance(parameter, IntegerList):
        return _numbers(parameter, a.design[parameter.name], b.design[parameter.name])
    before, after = _value(parameter, a.design), _value(parameter, b.design)
    if not isinstance(parameter, (Choice, Flag)):
        return f"{label} {before} → {after}{_where(parameter, a, b)}"
    means = [text for text in _meaning(parameter, a, b) if label.split()[-1] not in text]
    if means:
        return f"{label} {before} → {after}{_where(parameter, a, b)}: {joined(means)}"
    return f"{label}: {before} → {after}{_where(parameter, a, b)}"


def _where(parameter: Parameter, a: Summary, b: Summary) -> str:
    """Say which groups take a choice of the whole network over, where they could have their own."""
    name = parameter.name
    left, right = (summary.design.parameters.get("groups", ()) for summary in (a, b))
    if parameter.section != "learner" or not any(name in group for group in right):
        return ""
    change = a.design[name], b.design[name]
    places = [
        j + 1
        for i, j in align_groups(a, b)
        if i is not None and j is not None and (left[i].get(name), right[j].get(name)) == change
    ]
    if not places:
        return " (every group has its own)"
    if len(places) == len(right):
        return " in every group" if len(places) > 1 else ""
    return f" in group{'s' * (len(places) > 1)} {ranges(places)}"


def _meaning(parameter: Parameter, a: Summary, b: Summary) -> list[str]:
    """Return what a choice means for the layers: the same design, but for that one choice."""
    if parameter.section == "compile" or len(a.layers) > MOST_LAYERS_PROBED:
        return []
    try:
        probe = outline(a.design.replace(**{parameter.name: b.design[parameter.name]}))
    except DesignError:
        return []
    if probe.design == b.design:
        probe = b
    return effects(a, probe)


def _value(parameter: Parameter, design: Design) -> str:
    value = design[parameter.name]
    if isinstance(parameter, Choice):
        options = parameter.options_for(design.parameters)
        if isinstance(parameter, PerHeadChoice) and not isinstance(value, str):
            return joined([short_label(options[name]) for name in value])
        # Optimizers have names of their own: Adam stays Adam.
        return options[value] if parameter.name == "optimizer" else short_label(options[value])
    if isinstance(value, Sequence) and parameter.name != "input_shape":
        return joined([write(item) for item in value])
    return write(value)


def _numbers(parameter: IntegerList, a: Sequence[int], b: Sequence[int]) -> str:
    """Say how a list of layers changed: one of them, or the whole list."""
    unit = parameter.item.unit or "units"
    if len(a) == len(b):
        different = [place for place, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
        if len({(a[place], b[place]) for place in different}) == 1:
            where = f"hidden layer{'s' * (len(different) > 1)} "
            where += ranges([place + 1 for place in different])
            return f"{where}: {write(a[different[0]])} → {write(b[different[0]])} {unit}"
    if len(a) < len(b) and tuple(b[: len(a)]) == tuple(a):
        return _more(b[len(a) :], unit, "added")
    if len(b) < len(a) and tuple(a[: len(b)]) == tuple(b):
        return _more(a[len(b) :], unit, "removed")
    return f"{lower(parameter.label)}: {listed(a)} → {listed(b)} {unit}"


def _more(items: Sequence[int], unit: str, verb: str) -> str:
    if len(items) == 1:
        return f"a hidden layer of {write(items[0])} {unit} {verb}"
    return f"{len(items)} hidden layers of {listed(items)} {unit} {verb}"
