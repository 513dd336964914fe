"""VGG16 and VGG19 (Simonyan & Zisserman, arXiv:1409.1556; book, "VGG Networks")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from designer.graph import GraphBuilder
from designer.templates import shared
from designer.templates.parameters import Choice, Groups
from designer.templates.template import Template


def expand(g: GraphBuilder, p: Mapping[str, Any]) -> tuple[str, ...]:
    """Groups of 3 × 3 convolutions closed by a max pooling, two wide hidden layers, outputs."""
    with g.scope("stem", prefix=False):
        x = shared.input_layer(g, p["input_shape"])
    with g.scope("learner", prefix=False):
        for number, group in enumerate(p["groups"], 1):
            with g.scope(f"group{number}"):
                x = _group(g, x, p, group)
    with g.scope("task", prefix=False):
        x = g.add(shared.FLATTENING_CLASSES[p["flattening"]], p["flattening"], x)
        x = shared.hidden_layers(g, x, p, dropout=p["dropout"])
        return shared.output_layers(g, x, p)


def _group(g: GraphBuilder, x: str, p: Mapping[str, Any], group: Mapping[str, Any]) -> str:
    for number in range(1, group["blocks"] + 1):
        with g.scope(f"block{number}"):
            x = shared.convolution(
                g,
                x,
                "conv",
                group["filters"],
                group["kernel_size"],
                group["strides"] if number == 1 else 1,
                activation=p["activation"],
                batch_normalization=p["batch_normalization"],
            )
    return shared.pooling(g, x, "pool", p["pooling"], 2)


def _template(depth: int, blocks: Sequence[int], order: int) -> Template:
    filters = (64, 128, 256, 512, 512)
    return Template(
        name=f"vgg{depth}",
        title=f"VGG{depth}",
        summary=f"{depth} layers with weights: small convolutions, stacked, filters doubling.",
        source="arXiv:1409.1556; book, chapter 2: VGG Networks",
        order=order,
        parameters=(
            shared.image_input(224, 224, 3),
            shared.strides_parameter(
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
                    shared.filters_field(),
                    shared.blocks_field("How many convolutions this group has."),
                    shared.kernel_size_parameter(),
                    shared.strides_parameter(lambda chosen: chosen["strides"]),
                ),
            ),
            Choice(
                name="pooling",
                label="Pooling",
                help="How each group halves its maps at its end.",
                default="max",
                options=shared.POOLING_OPTIONS,
            ),
            shared.activation_parameter(),
            shared.batch_normalization_parameter(),
            Choice(
                name="flattening",
                label="Flattening",
                help="How maps become one vector: all pixels, or one number a map.",
                default="flatten",
                options=shared.FLATTENING,
                section="task",
            ),
            shared.hidden_parameter((4096, 4096)),
            shared.dropout_parameter(
                section="task",
                help="The share silenced after each hidden layer; the paper has 0.5.",
            ),
            *shared.task_parameters(classes=1000),
        ),
        expand=expand,
    )


TEMPLATES = (
    _template(16, (2, 2, 3, 3, 3), order=40),
    _template(19, (2, 2, 4, 4, 4), order=41),
)
