"""The basic convolutional network, from one convolution to many groups (book, "Basic CNN")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from designer.templates import shared_parameters, shared_tasks
from designer.templates.composing import expands_as
from designer.templates.groups import Groups
from designer.templates.parameters import Choice, Integer
from designer.templates.plain_parts import plain_group
from designer.templates.template import Template


def _pool_size_field() -> Integer:
    return Integer(
        name="pool_size",
        label="Pool size",
        help="Side of the pooling window, and how far it moves; 2 drops 75% of the pixels.",
        default=lambda chosen: chosen.get("pool_size", 2),
        maximum=255,
        slider=(1, 6),
        unit="pixels",
    )


def as_composable(p: Mapping[str, Any]) -> dict[str, Any]:
    """Groups of convolutions, each closed by a pooling; flatten; hidden layers; outputs."""
    return {
        "groups": [plain_group(group, padding=p["padding"]) for group in p["groups"]],
        "batch_normalization": p["batch_normalization"],
        "group_dropout": p["dropout"],
        "hidden_batch_normalization": p["batch_normalization"],
        "hidden_dropout": p["hidden_dropout"],
    }


TEMPLATES = (
    Template(
        name="cnn",
        title="CNN",
        summary="Convolutions find features, pooling shrinks them, dense layers decide.",
        source="Book, chapter 2: Basic CNN (the sign-letter network)",
        order=30,
        parameters=(
            shared_parameters.image_input(128, 128, 1),
            shared_parameters.strides_parameter(
                2, help="Strides of each group's first convolution, unless the group has its own."
            ),
            shared_parameters.kernel_size_parameter(
                help="Side of the filters, unless a group has its own; 3 is the most common."
            ),
            Choice(
                name="padding",
                label="Padding",
                help="Whether windows may reach over the border of the maps.",
                default="same",
                options=shared_parameters.PADDING,
            ),
            Choice(
                name="pooling",
                label="Pooling",
                help="How each group makes its maps smaller at its end.",
                default="max",
                options=shared_parameters.POOLING_OPTIONS,
            ),
            Groups(
                name="groups",
                label="Groups",
                help="Groups of convolutions, from coarse features to fine ones.",
                default=({"filters": 16, "blocks": 1},),
                fields=(
                    shared_parameters.filters_field(),
                    shared_parameters.blocks_field("How many convolutions this group has."),
                    shared_parameters.kernel_size_parameter(lambda chosen: chosen["kernel_size"]),
                    shared_parameters.strides_parameter(
                        lambda chosen: chosen["strides"],
                        help="Strides of the group's first convolution; 2 halves each side.",
                    ),
                    shared_parameters.cardinality_field(),
                    Choice(
                        name="pooling",
                        label="Pooling",
                        help="How the group makes its maps smaller at its end.",
                        default=lambda chosen: chosen["pooling"],
                        options=shared_parameters.POOLING_OPTIONS,
                    ),
                    _pool_size_field(),
                ),
            ),
            shared_parameters.activation_parameter(),
            shared_parameters.batch_normalization_parameter(),
            shared_parameters.dropout_parameter(
                help="The share of numbers silenced after each group; 0 adds no layer."
            ),
            shared_parameters.l2_parameter(),
            shared_parameters.flattening_parameter("flatten"),
            shared_parameters.hidden_parameter((512,)),
            shared_parameters.dropout_parameter(
                name="hidden_dropout",
                label="Dropout of hidden layers",
                help="The share of numbers silenced after each hidden layer; 0 adds no layer.",
                section="task",
            ),
            *shared_tasks.task_parameters(classes=26),
        ),
        expand=expands_as(as_composable),
        as_composable=as_composable,
    ),
)
