"""The design that a network is, proven: it is expanded again and compared, layer by layer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from designer.design import Design, plain
from designer.errors import DesignError
from designer.graph import Layer
from designer.importing.recognising.composed import COMPOSABLE, compositions
from designer.importing.recognising.folding import foldings
from designer.importing.recognising.matching import Finder, GaveUp, Guesses, Known, Steps, solutions
from designer.importing.recognising.penalty import without_penalty
from designer.importing.recognising.target import Target, TargetLayer, kind_of
from designer.importing.recognising.values import network_values
from designer.templates import Template, template, templates

#: Templates that are a kind of network, whatever their groups; the others are named after one.
GENERAL = (COMPOSABLE, "cnn", "dnn", "image_dnn")


@dataclass(frozen=True)
class Recognised:
    """A network found among our designs, or not.

    Attributes:
        design: the one whose layers it has; ``None`` if there is none.
        notes: which of its layers a design says by an argument, in words.
        gave_up: whether it was left at that before everything was tried.
        strange: the first layer with which no design of ours goes on, where it was understood
            up to there.
    """

    design: Design | None
    notes: tuple[str, ...] = ()
    gave_up: bool = False
    strange: str = ""


def recognise(target: Target, compiled: Mapping[str, Any]) -> Recognised:
    """Return the design whose layers are those of a network, if one of ours is.

    Of several designs, it is the one that is said in the fewest words: a ``vgg16`` without a
    change before a ``composable`` with five groups. Plain convolutions come before residual
    blocks whose links are left out.

    Args:
        compiled: loss, optimizer and metric, as far as they are known, by parameter.
    """
    bare, factor = without_penalty(target)
    if factor is None:
        note = "Its layers have different penalties (L2); a design has one for all of them."
        return Recognised(None, (note,))
    steps = Steps()
    strange = ""
    for folded in foldings(bare):
        steps.farthest = 0
        design = _recognise(folded.target, compiled, steps)
        if design is not None and factor:
            design = _fitting(design.template, {**design.parameters, "l2": factor})
        if design is not None:
            return Recognised(design, folded.notes)
        layers = folded.target.layers
        if 0 < steps.farthest < len(layers) - 1:
            strange = layers[steps.farthest + 1].name
    return Recognised(None, gave_up=steps.left < 0, strange=strange)


def _recognise(target: Target, compiled: Mapping[str, Any], steps: Steps) -> Design | None:
    found: list[Design] = []
    for one in _designs(target, steps):
        design = _with(one, compiled)
        if same_layers(design, target):
            found.append(design)
    order = list(templates())
    return min(found, key=lambda one: (_words(one), order.index(one.template)), default=None)


def _words(design: Design) -> tuple[bool, int]:
    """Return how roundabout a design is said."""
    without_links = not design.parameters.get("identity_link", True)
    return without_links, len(json.dumps(plain(design.choices)))


def _designs(target: Target, steps: Steps) -> Iterator[Design]:
    for one in templates().values():
        if one.as_composable is None and one.name != COMPOSABLE:
            yield from _without_groups(one, target, steps)
    for known in compositions(target, steps):
        design = _fitting(COMPOSABLE, known)
        if design is None:
            continue
        yield design
        for one in templates().values():
            if one.as_composable is not None:
                yield from _said_as(one, design)


def _with(design: Design, compiled: Mapping[str, Any]) -> Design:
    """Return a design with what is known of its compile step, as far as its task has it."""
    for name, value in compiled.items():
        try:
            design = design.replace(**{name: value})
        except DesignError:
            continue
    return design


def _fitting(name: str, known: Mapping[str, Any]) -> Design | None:
    """Return the design with these parameters, without those that have no meaning in it."""
    given: Known = {}
    chosen: Known = {}
    try:
        for parameter in template(name).parameters:
            value = parameter.default_for(chosen)
            if parameter.name in known and parameter.applies(chosen):
                value = parameter.clean(known[parameter.name], chosen)
                given[parameter.name] = known[parameter.name]
            chosen[parameter.name] = value
        return Design.from_template(name, **given)
    except DesignError:
        return None  # a network of ours has no such sizes


# --- templates without groups -------------------------------------------------------------


def _without_groups(one: Template, target: Target, steps: Steps) -> Iterator[Design]:
    """Yield the designs of a dense template: its own expansion is held against the network."""
    always = frozenset(parameter.name for parameter in one.parameters)
    values = network_values(target)
    shape = target.shapes[target.layers[0].name]

    def run(g: Finder, p: Guesses) -> tuple[str, ...]:
        return one.expand(g, p)

    ways = solutions(
        run, target, steps, {"input_shape": shape}, lambda name, _: values.get(name, ()), always, {}
    )
    try:
        for outputs, known, taken in ways:
            if outputs == target.outputs and len(taken) == len(target.layers):
                design = _fitting(one.name, known)
                if design is not None:
                    yield design
                    return
    except GaveUp:
        return


# --- templates that say themselves as composable ------------------------------------------


def _said_as(one: Template, composed: Design) -> Iterator[Design]:
    """Yield the designs of a template that are the same network as a composable one."""
    for shared in _shared(one, composed):
        design = _fitting(one.name, shared)
        if design is None or (one.name not in GENERAL and "groups" in design.choices):
            continue
        if _same_composition(design.as_composable(), composed):
            yield design


def _same_composition(one: Design, other: Design) -> bool:
    return one.graph.layers == other.graph.layers


def _shared(one: Template, composed: Design) -> Iterator[Known]:
    """Yield what a template's parameters may be: those it shares with ``composable``, those that
    its groups have in common, and any of its own choices."""
    groups = composed["groups"]
    shared: Known = {}
    open_choices: dict[str, Sequence[Any]] = {}
    group_fields = {field.name for field in _group_fields(one)}
    for parameter in one.parameters:
        name = parameter.name
        if name == "groups":
            shared[name] = [
                {key: value for key, value in group.items() if key in group_fields}
                for group in groups
            ]
        elif name in _RENAMED.get(one.name, {}):
            shared[name] = composed[_RENAMED[one.name][name]]
        elif name in composed.parameters:
            shared[name] = composed[name]
        elif len({group.get(name) for group in groups}) == 1 and name in groups[0]:
            shared[name] = groups[0][name]
        elif hasattr(parameter, "options") and not callable(parameter.options):
            open_choices[name] = list(parameter.options)
    ways: list[Known] = [shared]
    for name, options in open_choices.items():
        ways = [{**way, name: option} for way in ways for option in options]
    yield from ways


def _group_fields(one: Template) -> Sequence[Any]:
    fields: Sequence[Any] = getattr(one.parameter("groups"), "fields", ())
    return fields


#: A template's parameter → composable's, where one name means two things.
_RENAMED = {
    "cnn": {"dropout": "group_dropout"},
    "vgg16": {"dropout": "hidden_dropout"},
    "vgg19": {"dropout": "hidden_dropout"},
}


# --- the proof ----------------------------------------------------------------------------


def same_layers(design: Design, target: Target) -> bool:
    """Return whether a design expands to the network: the same layers, fed by the same, with the
    same outputs in the same order, and none beside them. Names and order may differ."""
    numbers: dict[Any, int] = {}

    def counted(layers: Iterable[Layer | TargetLayer], outputs: Iterable[str]) -> Any:
        kinds: dict[str, int] = {}
        for layer in layers:
            feeds = [f"{kinds[name]:09}" for name in layer.inputs]
            kind = kind_of(layer.class_name, layer.config, feeds)
            kinds[layer.name] = numbers.setdefault(kind, len(numbers))
        return sorted(kinds.values()), [kinds[name] for name in outputs]

    graph = design.graph
    return bool(counted(graph.layers, graph.outputs) == counted(target.layers, target.outputs))
