"""What stands around a layer: which layers feed it, which it feeds, and in which block.

Activations, normalization, dropout and borders bend or move what passes through them; when a
sentence speaks of "the convolution before it", they are looked through.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from designer.summary import LayerSummary, Summary

#: Layers that a sentence looks through.
QUIET = {
    *("Activation", "ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax"),
    *("BatchNormalization", "LayerNormalization", "Dropout", "SpatialDropout2D", "ZeroPadding2D"),
    "Reshape",
}
CONVOLUTIONS = {"Conv2D", "DepthwiseConv2D", "SeparableConv2D"}
POOLINGS = {"MaxPooling2D", "AveragePooling2D"}
GLOBAL_POOLINGS = {"GlobalAveragePooling2D", "GlobalMaxPooling2D"}


class Wiring:
    """Who feeds whom in a network."""

    def __init__(self, summary: Summary):
        self.summary = summary
        self.layers = {layer.name: layer for layer in summary.layers}

    @cached_property
    def users(self) -> dict[str, list[LayerSummary]]:
        """Layer name → the layers it feeds."""
        users: dict[str, list[LayerSummary]] = {name: [] for name in self.layers}
        for layer in self.summary.layers:
            for name in layer.inputs:
                users[name].append(layer)
        return users

    @cached_property
    def outputs(self) -> tuple[str, ...]:
        """The names of the network's last layers, its heads."""
        return self.summary.design.graph.outputs

    @cached_property
    def has_convolutions(self) -> bool:
        """Whether the network looks at pictures with convolutions."""
        return any(layer.class_name in CONVOLUTIONS for layer in self.summary.layers)

    def feeds(self, layer: LayerSummary) -> list[LayerSummary]:
        """Return the layers that feed one."""
        return [self.layers[name] for name in layer.inputs]

    def before(self, layer: LayerSummary) -> LayerSummary | None:
        """Return the layer at work before one, past all quiet ones; ``None`` before the input.

        Past a gate (a Multiply) too, along the maps that are scaled by it.
        """
        feeds = self.feeds(layer)
        while feeds:
            one = max(feeds, key=lambda feed: feed.output_size)
            if one.class_name not in QUIET and one.class_name != "Multiply":
                return one
            feeds = self.feeds(one)
        return None

    def after(self, layer: LayerSummary) -> list[LayerSummary]:
        """Return the layers at work after one, past all quiet ones."""
        found: list[LayerSummary] = []
        waiting = list(self.users[layer.name])
        while waiting:
            one = waiting.pop(0)
            if one.class_name in QUIET:
                waiting.extend(self.users[one.name])
            elif one not in found:
                found.append(one)
        return found

    def block_of(self, layer: LayerSummary) -> str | None:
        """Return the path of the block a layer stands in; ``None`` outside blocks."""
        return layer.path if layer.path.count("/") >= 2 else None

    def together(self, layer: LayerSummary, other: LayerSummary | None) -> bool:
        """Whether two layers stand in one block."""
        return other is not None and other.path == layer.path and layer.path.count("/") >= 2

    def way_back(self, layer: LayerSummary, start: LayerSummary) -> list[LayerSummary]:
        """Return the layers at work on the way from ``start``, a feed of ``layer``, back out of
        the block of ``layer``."""
        way: list[LayerSummary] = []
        one: LayerSummary | None = start
        while one is not None and one.path == layer.path:
            if one.class_name not in QUIET and one.class_name != "Multiply":
                way.append(one)
            feeds = self.feeds(one)
            one = max(feeds, key=lambda feed: feed.output_size) if feeds else None
        return way

    def shortcut_of(self, add: LayerSummary) -> tuple[LayerSummary, list[LayerSummary]] | None:
        """Return which feed of an addition is its shortcut, and the layers at work on it.

        The shortcut is the way with the fewest layers; it must have fewer than another way.
        """
        ways = [(feed, self.way_back(add, feed)) for feed in self.feeds(add)]
        shortest = min(ways, key=lambda way: len(way[1]), default=None)
        if shortest is None or len(shortest[1]) == max(len(way) for _, way in ways):
            return None
        return shortest

    def is_gate(self, layer: LayerSummary) -> bool:
        """Whether a layer stands in a branch that only weighs maps (squeeze-and-excitation):
        behind a global pooling, and before a Multiply."""
        if not any(one.class_name == "Multiply" for one in self.ahead(layer)):
            return False
        one: LayerSummary | None = layer
        while one is not None and one.path == layer.path:
            if one.class_name in GLOBAL_POOLINGS:
                return True
            feeds = self.feeds(one)
            one = feeds[0] if len(feeds) == 1 else None
        return False

    def ahead(self, layer: LayerSummary) -> Iterator[LayerSummary]:
        """Yield the layers after one in its own block, as long as there is only one way on."""
        users = self.users[layer.name]
        while len(users) == 1 and users[0].path == layer.path:
            yield users[0]
            users = self.users[users[0].name]
