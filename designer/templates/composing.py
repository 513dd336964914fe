"""How a convolutional network expands: a stem, groups of blocks by their patterns, a task.

Every convolutional template says its parameters as those of ``composable`` and expands here, so
that a pattern is written once, and any of them can be opened as a ``composable`` design.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from designer.graph import GraphBuilder
from designer.templates import shared_layers
from designer.templates.blocks import Maps, patterns
from designer.templates.template import AsComposable, Expand

#: What a network has that says nothing else of it.
_USUAL: Mapping[str, Any] = {
    "stem": "none",
    "stem_activation": True,
    "identity_link": True,
    "batch_normalization": "none",
    "use_bias": True,
    "epsilon": shared_layers.KERAS_EPSILON,
    "momentum": shared_layers.KERAS_MOMENTUM,
    "group_dropout": 0.0,
    "hidden_batch_normalization": "none",
    "hidden_dropout": 0.0,
    "dropout": 0.0,
}

#: What means the same in every template that has groups.
_SAME = (
    "input_shape", "activation", "l2", "flattening", "hidden", "task", "classes", "outputs",
    "loss", "optimizer", "metric",
)  # fmt: skip


def said_as_composable(p: Mapping[str, Any], as_composable: AsComposable) -> dict[str, Any]:
    """Return every parameter that a design of another template would have as ``composable``.

    Args:
        p: the design's parameters.
        as_composable: its template's.
    """
    return {**{name: p[name] for name in _SAME}, **_USUAL, **as_composable(p)}


def expands_as(as_composable: AsComposable) -> Expand:
    """Return how a template expands that can say itself as ``composable``."""

    def expand(g: GraphBuilder, p: Mapping[str, Any]) -> tuple[str, ...]:
        return compose(g, said_as_composable(p, as_composable))

    return expand


def compose(g: GraphBuilder, p: Mapping[str, Any]) -> tuple[str, ...]:
    """Add a whole network.

    Args:
        p: the parameters of ``composable``, complete.
    """
    with g.scope("stem", prefix=False):
        x = Maps(shared_layers.input_layer(g, p["input_shape"]), p["input_shape"][-1])
    if p["stem"] != "none":
        with g.scope("stem"):
            x = Maps(STEMS[p["stem"]](g, x.layer, p), p["stem_filters"])
    with g.scope("learner", prefix=False):
        layer = _groups(g, x, p)
    with g.scope("task", prefix=False):
        return add_task(g, layer, p)


# --- the stem -----------------------------------------------------------------------------


def _stem_convolution(g: GraphBuilder, x: str, p: Mapping[str, Any], padding: str) -> str:
    return shared_layers.convolution(
        g, x, "conv", p["stem_filters"], p["stem_kernel_size"], p["stem_strides"],
        padding=padding, use_bias=p["use_bias"],
        **(shared_layers.around(p) if padding == "same" and p["stem_activation"] else {}),
    )  # fmt: skip


def _plain_stem(g: GraphBuilder, x: str, p: Mapping[str, Any]) -> str:
    x = _stem_convolution(g, x, p, "same")
    return shared_layers.pooling(g, x, "pool", p["stem_pooling"], 3, strides=2, padding="same")


def _padded_stem(g: GraphBuilder, x: str, p: Mapping[str, Any]) -> str:
    x = g.add("ZeroPadding2D", "pad", x, padding=(p["stem_kernel_size"] // 2,) * 2)
    x = _stem_convolution(g, x, p, "valid")
    if p["stem_activation"]:
        x = shared_layers.batch_norm(g, x, "conv_batch_norm", p["epsilon"], p["momentum"])
        x = shared_layers.activate(g, x, p["activation"], "activation")
    if p["stem_pooling"] == "none":
        return x
    x = g.add("ZeroPadding2D", "pool_pad", x, padding=(1, 1))
    return shared_layers.pooling(g, x, "pool", p["stem_pooling"], 3, strides=2)


STEMS = {"convolution": _plain_stem, "padded": _padded_stem}


# --- the learner --------------------------------------------------------------------------


def _groups(g: GraphBuilder, x: Maps, p: Mapping[str, Any]) -> str:
    kinds = [patterns()[group["pattern"]] for group in p["groups"]]
    for number, (group, kind) in enumerate(zip(p["groups"], kinds, strict=True), 1):
        last = number == len(kinds)
        with g.scope(f"group{number}"):
            x = kind.add_group(g, x, {**p, **group}, first=number == 1)
            if kind.pre_activated and not last and not kinds[number].pre_activated:
                x = x._replace(layer=normalize_and_activate(g, x.layer, p))
            if p["group_dropout"] > 0:
                dropout = g.add("Dropout", "dropout", x.layer, rate=p["group_dropout"])
                x = x._replace(layer=dropout)
    return normalize_and_activate(g, x.layer, p) if kinds[-1].pre_activated else x.layer


def normalize_and_activate(g: GraphBuilder, x: str, p: Mapping[str, Any]) -> str:
    """Do for what pre-activated groups leave as it is what the next group would have done."""
    x = shared_layers.batch_norm(g, x, "batch_norm", p["epsilon"], p["momentum"])
    return shared_layers.activate(g, x, p["activation"], "activation")


# --- the task -----------------------------------------------------------------------------


def add_task(g: GraphBuilder, x: str, p: Mapping[str, Any]) -> tuple[str, ...]:
    """Add the exit: flattening, hidden layers, heads; return the names of the heads."""
    x = g.add(shared_layers.FLATTENING_CLASSES[p["flattening"]], p["flattening"], x)
    x = shared_layers.hidden_layers(
        g, x, p, batch_normalization=p["hidden_batch_normalization"], epsilon=p["epsilon"],
        momentum=p["momentum"], dropout=p["hidden_dropout"],
    )  # fmt: skip
    if p["dropout"] > 0:
        x = g.add("Dropout", "dropout", x, rate=p["dropout"])
    return shared_layers.output_layers(g, x, p)
