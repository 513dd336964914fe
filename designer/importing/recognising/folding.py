"""The same network in fewer layers, where a design says by an argument what a file says by a layer.

Each way is exact: the network computes the same numbers from the same weights.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from designer.importing.recognising.target import Target, TargetLayer

_CONVOLUTIONS = ("Conv2D", "DepthwiseConv2D")
_WEIGHTED = (*_CONVOLUTIONS, "Dense")


@dataclass(frozen=True)
class Folded:
    """A network in fewer layers.

    Attributes:
        target: the network.
        notes: what became of the others, in words.
    """

    target: Target
    notes: tuple[str, ...] = ()


def foldings(target: Target) -> Iterator[Folded]:
    """Yield the network as it is, then in fewer layers, as far as there are ways to say it so."""
    now = Folded(target)
    yield now
    for fold, one, several in (
        (_activation, "1 activation layer is", "{} activation layers are"),
        (_uneven_border, "1 border of zeros is", "{} borders of zeros are"),
        (_border, "1 border of zeros is", "{} borders of zeros are"),
    ):
        after, count = _fold(now.target, fold)
        if not count:
            continue
        what = one if count == 1 else several.format(count)
        how = (
            "said as the activation of the layer before"
            if fold is _activation
            else "said as padding 'same' of the convolution behind, which adds the same zeros"
        )
        now = Folded(after, (*now.notes, f"{what} {how}."))
        yield now


#: Takes the layer that may vanish, its neighbour (the layer before it; of a border, the one
#: behind), and the shape of what comes in; returns the neighbour's new arguments.
_Fold = Callable[[TargetLayer, TargetLayer, tuple[int, ...]], dict[str, Any] | None]


def _fold(target: Target, fold: _Fold) -> tuple[Target, int]:
    users = Counter(source for layer in target.layers for source in layer.inputs)
    users.update(target.outputs)
    by_name = {layer.name: layer for layer in target.layers}
    behind = {source: layer for layer in target.layers for source in layer.inputs}
    gone: dict[str, str] = {}
    changed: dict[str, dict[str, Any]] = {}
    neighbour: TargetLayer | None
    for layer in target.layers:
        if len(layer.inputs) != 1:
            continue
        before = by_name[layer.inputs[0]]
        if fold is _activation:
            neighbour, alone = before, users[before.name] == 1
        else:
            neighbour, alone = behind.get(layer.name), users[layer.name] == 1
        if neighbour is None or not alone or len(neighbour.inputs) != 1:
            continue
        arguments = fold(layer, neighbour, target.shapes[before.name])
        if arguments is not None:
            gone[layer.name] = before.name
            changed[neighbour.name] = arguments
    layers = [
        TargetLayer(
            layer.name,
            layer.class_name,
            changed.get(layer.name, layer.config),
            [gone.get(source, source) for source in layer.inputs],
        )
        for layer in target.layers
        if layer.name not in gone
    ]
    outputs = [gone.get(name, name) for name in target.outputs]
    return Target(layers, outputs, target.shapes), len(gone)


def _activation(
    layer: TargetLayer, before: TargetLayer, shape: tuple[int, ...]
) -> dict[str, Any] | None:
    """Fold ``Conv2D`` and ``ReLU`` into ``Conv2D(activation="relu")``."""
    if layer.class_name not in ("Activation", "ReLU") or before.class_name not in _WEIGHTED:
        return None
    if "activation" in before.config:
        return None
    if layer.class_name == "ReLU":
        return None if layer.config else {**before.config, "activation": "relu"}
    return {**before.config, "activation": layer.config["activation"]}


def _uneven_border(
    layer: TargetLayer, behind: TargetLayer, shape: tuple[int, ...]
) -> dict[str, Any] | None:
    """Fold a border that is wider on one side, as Keras's MobileNetV2 has them."""
    if all(isinstance(side, int) for side in layer.config.get("padding", ())):
        return None
    return _border(layer, behind, shape)


def _border(
    layer: TargetLayer, behind: TargetLayer, shape: tuple[int, ...]
) -> dict[str, Any] | None:
    """Fold ``ZeroPadding2D`` and ``Conv2D`` into ``Conv2D(padding="same")``, where "same" would
    add exactly these zeros."""
    if layer.class_name != "ZeroPadding2D" or behind.class_name not in _CONVOLUTIONS:
        return None
    if behind.config["padding"] != "valid" or len(shape) != 3:
        return None
    kernel, strides = behind.config["kernel_size"], behind.config["strides"]
    for side, border, window, step in zip(
        shape[:2], layer.config["padding"], kernel, strides, strict=True
    ):
        zeros = max((-(-side // step) - 1) * step + window - side, 0)
        first, last = border if isinstance(border, tuple) else (border, border)
        if (first, last) != (zeros // 2, zeros - zeros // 2):
            return None
    return {**behind.config, "padding": "same"}
