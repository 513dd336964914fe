"""ResNet18 and ResNet34: residual blocks of two convolutions.

``variant=book`` is the book's network ("ResNet Networks"): no batch normalization, and a
convolutional transition before each group after the first. ``variant=paper`` is the network of
He et al., "Deep Residual Learning for Image Recognition" (arXiv:1512.03385): batch
normalization, convolutions without bias, projection shortcuts where the shape changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from designer.templates import shared_parameters
from designer.templates.composing import expands_as
from designer.templates.groups import Groups
from designer.templates.parameters import Choice, Chosen
from designer.templates.resnet_parts import (
    epsilon_parameter,
    residual_strides,
    stem_and_tail,
    stem_parameters,
    tail_parameters,
)
from designer.templates.template import Template

FILTERS = (64, 128, 256, 512)


def as_composable(p: Mapping[str, Any]) -> dict[str, Any]:
    """Stem, groups of residual blocks, global average pooling, outputs."""
    if p["variant"] == "book":
        own = {
            "stem": "convolution",
            "groups": [_book_group(group, p["transition_strides"]) for group in p["groups"]],
            "batch_normalization": p["batch_normalization"],
        }
    else:
        own = {
            "stem": "padded",
            "groups": [{"pattern": "residual", **group} for group in p["groups"]],
            "use_bias": False,
            "epsilon": p["epsilon"],
        }
    return {**stem_and_tail(p), **own}


def _book_group(group: Mapping[str, Any], transition_strides: str) -> dict[str, Any]:
    own = {"transition_strides": transition_strides} if group["strides"] > 1 else {}
    return {"pattern": "residual_transition", **group, **own}


def _template(depth: int, paper_blocks: Sequence[int], order: int) -> Template:
    def groups(chosen: Chosen) -> tuple[dict[str, int], ...]:
        # In the book a transition takes the place of each group's first block, and the first
        # group has one block less.
        less = 1 if chosen["variant"] == "book" else 0
        return tuple(
            {"filters": filters, "blocks": blocks - less}
            for filters, blocks in zip(FILTERS, paper_blocks, strict=True)
        )

    def book(chosen: Chosen) -> bool:
        return chosen["variant"] == "book"

    return Template(
        name=f"resnet{depth}",
        title=f"ResNet{depth}",
        summary="Residual blocks of two convolutions: each adds to what came in.",
        source="arXiv:1512.03385; book, chapter 2: ResNet Networks",
        order=order,
        parameters=(
            shared_parameters.image_input(224, 224, 3),
            Choice(
                name="variant",
                label="Variant",
                help="The book's network, or the paper's with batch normalization and projections.",
                default="book",
                options={
                    "book": "Book: convolutional transitions",
                    "paper": "Paper: projections",
                },
            ),
            *stem_parameters(),
            shared_parameters.strides_parameter(
                2, help="Strides at the start of each group after the first: 2 halves the maps."
            ),
            Choice(
                name="transition_strides",
                label="Transition strides",
                help="One stride in each transition, as the book's text says, or two, as its code.",
                default="single",
                options=shared_parameters.TRANSITION_STRIDES,
                applies=book,
                applies_when="variant is book",
            ),
            Groups(
                name="groups",
                label="Groups",
                help="Groups of residual blocks; each doubles the filters and halves the maps.",
                default=groups,
                fields=(
                    shared_parameters.filters_field(),
                    shared_parameters.blocks_field("How many residual blocks this group has."),
                    shared_parameters.kernel_size_parameter(),
                    shared_parameters.strides_parameter(residual_strides),
                    shared_parameters.cardinality_field(),
                ),
            ),
            shared_parameters.identity_link_parameter(),
            shared_parameters.activation_parameter(),
            shared_parameters.batch_normalization_parameter(
                applies=book, applies_when="variant is book"
            ),
            epsilon_parameter(
                applies=lambda chosen: not book(chosen), applies_when="variant is paper"
            ),
            *tail_parameters(),
        ),
        expand=expands_as(as_composable),
        as_composable=as_composable,
    )


TEMPLATES = (
    _template(18, (2, 2, 2, 2), order=50),
    _template(34, (3, 4, 6, 3), order=51),
)
