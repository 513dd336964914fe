"""VGG16 and VGG19 (Simonyan & Zisserman, arXiv:1409.1556; book, "VGG Networks")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from designer.templates import shared_parameters, shared_tasks
from designer.templates.composing import expands_as
from designer.templates.groups import Groups
from designer.templates.parameters import Choice
from designer.templates.plain_parts import plain_group
from designer.templates.template import Template


def as_composable(p: Mapping[str, Any]) -> dict[str, Any]:
    """Groups of 3 × 3 convolutions closed by a max pooling, two wide hidden layers, outputs."""
    return {
        "groups": [plain_group(group, pooling=p["pooling"]) for group in p["groups"]],
        "batch_normalization": p["batch_normalization"],
        "hidden_dropout": p["dropout"],
    }


def _template(depth: int, blocks: Sequence[int], order: int) -> Template:
    filters = (64, 128, 256, 512, 512)
    return Template(
        name=f"vgg{depth}",
        title=f"VGG{depth}",
        summary=f"{depth} layers with weights: small convolutions, stacked, filters doubling.",
        source="arXiv:1409.1556; book, chapter 2: VGG Networks",
        order=order,
        parameters=(
            shared_parameters.image_input(224, 224, 3),
            shared_parameters.strides_parameter(
                1,
                help="Strides of each group's first convolution; VGG shrinks by pooling instead.",
            ),
            Groups(
                name="groups",
                label="Groups",
                help="Groups of convolutions; a pooling after each halves the maps.",
                default=tuple(
                    {"filters": count, "blocks": repeat}
                    for count, repeat in zip(filters, blocks, strict=True)
                ),
                fields=(
                    shared_parameters.filters_field(),
                    shared_parameters.blocks_field("How many convolutions this group has."),
                    shared_parameters.kernel_size_parameter(),
                    shared_parameters.strides_parameter(lambda chosen: chosen["strides"]),
                ),
            ),
            Choice(
                name="pooling",
                label="Pooling",
                help="How each group halves its maps at its end.",
                default="max",
                options=shared_parameters.POOLING_OPTIONS,
            ),
            shared_parameters.activation_parameter(),
            shared_parameters.batch_normalization_parameter(),
            shared_parameters.l2_parameter(),
            shared_parameters.flattening_parameter("flatten"),
            shared_parameters.hidden_parameter((4096, 4096)),
            shared_parameters.dropout_parameter(
                section="task",
                help="The share silenced after each hidden layer; the paper has 0.5.",
            ),
            *shared_tasks.task_parameters(classes=1000),
        ),
        expand=expands_as(as_composable),
        as_composable=as_composable,
    )


TEMPLATES = (
    _template(16, (2, 2, 3, 3, 3), order=40),
    _template(19, (2, 2, 4, 4, 4), order=41),
)
