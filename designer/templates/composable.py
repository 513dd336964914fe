"""The book's design pattern as a template: any stem, any groups, each by its own block pattern."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from designer.templates import shared_layers, shared_parameters, shared_tasks
from designer.templates.blocks import Pattern, patterns
from designer.templates.composing import compose
from designer.templates.groups import Groups
from designer.templates.parameters import Choice, Chosen, Flag, Number, Parameter
from designer.templates.resnet_parts import epsilon_parameter, stem_parameters
from designer.templates.template import Template

#: The network one finds at first: small, and three ideas one after the other.
GROUPS: tuple[dict[str, Any], ...] = (
    {"pattern": "plain", "filters": 16, "blocks": 2},
    {"pattern": "residual", "filters": 32, "blocks": 2},
    {"pattern": "squeeze_excitation", "filters": 32, "blocks": 2},
)

STEMS = {
    "convolution": "Convolution",
    "padded": "Convolution with zero padding (Keras's ResNets)",
    "none": "None: the first group sees the picture",
}


# --- what a group is ----------------------------------------------------------------------


def _usual(chosen: Chosen) -> Mapping[str, Any]:
    """Return the template's own group at this place, if it and the one before are still so."""
    usual, previous = chosen["usual"], chosen["previous"]
    if not usual or chosen.get("pattern", usual["pattern"]) != usual["pattern"]:
        return {}
    before = GROUPS[chosen["index"] - 1] if previous else {}
    return usual if all(previous[name] == value for name, value in before.items()) else {}


def _pattern(chosen: Chosen) -> str:
    previous = chosen["previous"]
    return _usual(chosen).get("pattern") or (previous["pattern"] if previous else "plain")


def _filters(chosen: Chosen) -> int:
    usual, previous = _usual(chosen), chosen["previous"]
    if usual or not previous:
        return usual.get("filters", 16)
    grows = chosen["pattern"] == previous["pattern"] == "dense"  # there, filters are the growth
    return previous["filters"] if grows else min(2 * previous["filters"], 65_536)


def _blocks(chosen: Chosen) -> int:
    previous = chosen["previous"]
    return _usual(chosen).get("blocks") or (previous["blocks"] if previous else 1)


def _field(name: str) -> Parameter:
    """Return the field that the patterns share by this name, for groups of any pattern."""
    owners = {
        pattern.name: field
        for pattern in patterns().values()
        for field in pattern.fields
        if field.name == name
    }
    first = next(iter(owners.values()))

    def applies(chosen: Chosen) -> bool:
        own = owners.get(chosen["pattern"])
        return own is not None and own.applies(chosen)

    def default(chosen: Chosen) -> Any:
        own, usual, previous = owners[chosen["pattern"]], _usual(chosen), chosen["previous"]
        if name in usual:
            return usual[name]
        if callable(own.default):
            return own.default(chosen)
        if previous and previous["pattern"] == chosen["pattern"] and name in previous:
            return previous[name]
        return own.default

    when = f"the group's pattern is {_or(list(owners))}"
    if first.applies_when:
        when = f"{when} and {first.applies_when}"
    return replace(first, applies=applies, applies_when=when, default=default)


def _or(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def group_fields() -> tuple[Parameter, ...]:
    """Return the fields of a group: its pattern, its size, and whatever its pattern can choose."""
    names = dict.fromkeys(field.name for one in patterns().values() for field in one.fields)
    return (
        Choice(
            name="pattern",
            label="Pattern",
            help="How the blocks of this group are built.",
            default=_pattern,
            options={name: one.label for name, one in patterns().items()},
            teaches={name: one.teaches for name, one in patterns().items()},
        ),
        replace(shared_parameters.filters_field(), default=_filters),
        replace(shared_parameters.blocks_field(), default=_blocks),
        *(_field(name) for name in names),
    )


# --- the parameters -----------------------------------------------------------------------


def _kinds(chosen: Chosen) -> list[Pattern]:
    return [patterns()[group["pattern"]] for group in chosen["groups"]]


def _with_stem(chosen: Chosen) -> bool:
    return chosen["stem"] != "none"


def _with_hidden(chosen: Chosen) -> bool:
    return bool(chosen["hidden"])


def _normalizes_by_choice(chosen: Chosen) -> bool:
    by_choice = any(kind.normalizes_by_choice for kind in _kinds(chosen))
    return by_choice or chosen["stem"] == "convolution"


def _links(chosen: Chosen) -> bool:
    return any(kind.links for kind in _kinds(chosen))


def _stem() -> tuple[Parameter, ...]:
    small = {
        "stem_filters": 16,
        "stem_kernel_size": 3,
        "stem_strides": 1,
        "stem_pooling": "none",
    }
    sizes = (
        replace(one, default=small[one.name], applies=_with_stem, applies_when="stem is not none")
        for one in stem_parameters()
    )
    return (
        *sizes,
        Flag(
            name="stem_activation",
            label="Stem activation",
            help="Whether the first convolution is activated; pre-activation groups do it instead.",
            default=lambda chosen: chosen["groups"][0]["pattern"] != "pre_activation",
            section="stem",
            applies=_with_stem,
            applies_when="stem is not none",
        ),
    )


def _hidden_only(parameter: Callable[..., Parameter], **changes: Any) -> Parameter:
    return parameter(
        section="task", applies=_with_hidden, applies_when="there are hidden layers", **changes
    )


TEMPLATES = (
    Template(
        name="composable",
        title="Composable",
        summary="Any stem, any groups, each with a block pattern of its own, any task.",
        source="Book: the macro- and micro-architecture of a network; a paper a pattern",
        order=70,
        parameters=(
            shared_parameters.image_input(32, 32, 3),
            Choice(
                name="stem",
                label="Stem",
                help="What sees the picture first, before the groups.",
                default="convolution",
                options=STEMS,
                section="stem",
            ),
            Groups(
                name="groups",
                label="Groups",
                help="Groups of blocks, each with a pattern of its own, from coarse to fine.",
                default=GROUPS,
                fields=group_fields(),
            ),
            replace(
                shared_parameters.identity_link_parameter(),
                applies=_links,
                applies_when="a group's blocks have one (residual, bottleneck and their kin)",
            ),
            shared_parameters.activation_parameter(),
            shared_parameters.batch_normalization_parameter(
                default="before",
                help="Of the stem's and plain groups' convolutions; other patterns have their own.",
                applies=_normalizes_by_choice,
                applies_when="stem is convolution or a group's pattern is plain or"
                " residual_transition",
            ),
            Flag(
                name="use_bias",
                label="Biases",
                help="Whether convolutions have one; batch normalization after them replaces it.",
                default=lambda chosen: chosen["batch_normalization"] != "before",
            ),
            epsilon_parameter(default=shared_layers.KERAS_EPSILON),
            # With Keras's 0.99 a small network predicts at random for its first thousand steps,
            # however well it has learned: what it measured lags behind what it became.
            Number(
                name="momentum",
                label="Batch norm momentum",
                help="How slowly the measured mean and spread follow while training; Keras: 0.99.",
                default=0.9,
                maximum=0.9999,
                slider=(0.5, 0.99),
                step=0.01,
            ),
            shared_parameters.dropout_parameter(
                name="group_dropout",
                label="Dropout of groups",
                help="The share of numbers silenced after each group; 0 adds no layer.",
            ),
            shared_parameters.l2_parameter(),
            *_stem(),
            shared_parameters.flattening_parameter("global_average"),
            shared_parameters.hidden_parameter(()),
            _hidden_only(
                shared_parameters.batch_normalization_parameter,
                name="hidden_batch_normalization",
                label="Batch norm of hidden layers",
                help="Where it stands at each hidden layer, if anywhere.",
            ),
            _hidden_only(
                shared_parameters.dropout_parameter,
                name="hidden_dropout",
                label="Dropout of hidden layers",
                help="The share of numbers silenced after each hidden layer; 0 adds no layer.",
            ),
            shared_parameters.dropout_parameter(
                section="task",
                help="The share of numbers silenced before the outputs; 0 adds no layer.",
            ),
            *shared_tasks.task_parameters(classes=10),
        ),
        expand=compose,
    ),
)
