"""Networks of well-known papers, said as ``composable``: choices that give the paper's network."""

from __future__ import annotations

from typing import Any

from designer import Design

Choices = dict[str, Any]

_MOBILE: Choices = {
    "input_shape": [224, 224, 3],
    "stem_filters": 32,
    "stem_strides": 2,
    "activation": "relu6",
    "classes": 1000,
}

#: Howard et al., arXiv:1704.04861, table 1.
MOBILE_NET: Choices = {
    **_MOBILE,
    "groups": [
        {"pattern": "separable", "filters": 64, "blocks": 1},
        {"filters": 128, "blocks": 2},
        {"filters": 256},
        {"filters": 512, "blocks": 6},
        {"filters": 1024, "blocks": 2},
    ],
    "dropout": 0.001,
}

#: Sandler et al., arXiv:1801.04381, table 2; its last 1 × 1 convolution is a group of its own.
MOBILE_NET_V2: Choices = {
    **_MOBILE,
    "groups": [
        {"pattern": "inverted_residual", "filters": 16, "blocks": 1, "expansion": 1},
        {"filters": 24, "blocks": 2, "expansion": 6},
        {"filters": 32, "blocks": 3},
        {"filters": 64, "blocks": 4},
        {"filters": 96, "blocks": 3, "strides": 1},
        {"filters": 160, "blocks": 3},
        {"filters": 320, "blocks": 1, "strides": 1},
        {"pattern": "plain", "filters": 1280, "blocks": 1, "kernel_size": 1, "pooling": "none"},
    ],
}

_RESNET: Choices = {
    "input_shape": [224, 224, 3],
    "stem": "padded",
    "stem_filters": 64,
    "stem_kernel_size": 7,
    "stem_strides": 2,
    "stem_pooling": "max",
    "epsilon": 1.001e-5,
    "classes": 1000,
}


def dense_net(*blocks: int) -> Choices:
    """Huang et al., arXiv:1608.06993, table 1: growth 32, four groups."""
    return {
        **_RESNET,
        "groups": [{"pattern": "dense", "filters": 32, "blocks": repeat} for repeat in blocks],
    }


def residual_net(pattern: str, blocks: tuple[int, ...], width: int, **own: Any) -> Choices:
    """ResNeXt (Xie et al., arXiv:1611.05431, table 1), and squeeze-and-excitation on its blocks
    or on ResNet's (Hu et al., arXiv:1709.01507, table 1).

    Args:
        blocks: how many blocks each group has.
        width: the filters of the first group; they double from group to group.
        own: what each group chooses beside.
    """
    groups = [
        {"pattern": pattern, "filters": width * 2**place, "blocks": repeat, **own}
        for place, repeat in enumerate(blocks)
    ]
    return {**_RESNET, "groups": groups}


#: ResNeXt's blocks with squeeze-and-excitation.
SE_RESNEXT: Choices = {"width": 128, "expansion": 2, "cardinality": 32, "version": "v1.5"}


def published(choices: Choices) -> Design:
    return Design.from_template("composable", **choices)
