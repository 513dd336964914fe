"""ResNet50, 101 and 152: bottleneck blocks, in three versions (book, "ResNet50").

* ``v1``: He et al., arXiv:1512.03385; a projection block's stride sits in its first 1 × 1.
* ``v1.5``: the stride moves to the 3 × 3, where nothing is thrown away unseen.
* ``v2``: "Identity Mappings in Deep Residual Networks", arXiv:1603.05027; normalization and
  activation stand before each convolution, and the stride in the last block of a group, as in
  ``keras.applications.ResNet50V2``.

Names of blocks aside, the layers are those of ``keras.applications``, in the same order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from designer.templates import shared_parameters
from designer.templates.composing import expands_as
from designer.templates.groups import Groups
from designer.templates.parameters import Choice, Integer
from designer.templates.resnet_parts import (
    epsilon_parameter,
    residual_strides,
    stem_and_tail,
    stem_parameters,
    tail_parameters,
)
from designer.templates.template import Template

VERSIONS = {
    "v1": "v1: stride in the first 1 × 1",
    "v1.5": "v1.5: stride in the 3 × 3",
    "v2": "v2: pre-activation",
}


def as_composable(p: Mapping[str, Any]) -> dict[str, Any]:
    """Stem, groups of bottleneck blocks, global average pooling, outputs."""
    before = p["version"] == "v2"
    if before:
        own = {"pattern": "pre_activation", "strides_block": "last"}
    else:
        own = {"pattern": "bottleneck", "version": p["version"]}
    own["expansion"] = p["expansion"]
    return {
        **stem_and_tail(p),
        "stem": "padded",
        "stem_activation": not before,
        "groups": [{**own, **group} for group in p["groups"]],
        "epsilon": p["epsilon"],
    }


def _template(depth: int, blocks: Sequence[int], order: int) -> Template:
    return Template(
        name=f"resnet{depth}",
        title=f"ResNet{depth}",
        summary="Bottleneck blocks: a 1 × 1 narrows, a 3 × 3 works, a 1 × 1 widens again.",
        source="arXiv:1512.03385, arXiv:1603.05027; book, chapter 2: ResNet50",
        order=order,
        parameters=(
            shared_parameters.image_input(224, 224, 3),
            Choice(
                name="version",
                label="Version",
                help="Where the stride and the batch normalization stand in a block.",
                default="v1",
                options=VERSIONS,
            ),
            *stem_parameters(),
            shared_parameters.strides_parameter(
                2, help="How much the maps shrink from one group to the next: 2 halves each side."
            ),
            Groups(
                name="groups",
                label="Groups",
                help="Groups of bottleneck blocks; each doubles the filters and halves the maps.",
                default=tuple(
                    {"filters": filters, "blocks": repeat}
                    for filters, repeat in zip((64, 128, 256, 512), blocks, strict=True)
                ),
                fields=(
                    shared_parameters.filters_field(),
                    shared_parameters.blocks_field("How many bottleneck blocks this group has."),
                    shared_parameters.kernel_size_parameter(),
                    shared_parameters.strides_parameter(
                        residual_strides,
                        help="Strides of the group's first block (v2: of its last one).",
                    ),
                    shared_parameters.cardinality_field(),
                ),
            ),
            Integer(
                name="expansion",
                label="Expansion",
                help="How many times wider a block's output is than its bottleneck.",
                default=4,
                maximum=64,
                slider=(1, 8),
                unit="times",
            ),
            shared_parameters.identity_link_parameter(),
            shared_parameters.activation_parameter(),
            epsilon_parameter(),
            *tail_parameters(),
        ),
        expand=expands_as(as_composable),
        as_composable=as_composable,
    )


TEMPLATES = (
    _template(50, (3, 4, 6, 3), order=60),
    _template(101, (3, 4, 23, 3), order=61),
    _template(152, (3, 8, 36, 3), order=62),
)
