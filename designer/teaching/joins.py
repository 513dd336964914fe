"""Why ways meet where they meet: additions, products, concatenations."""

from __future__ import annotations

from designer.summary import LayerSummary
from designer.teaching.wiring import POOLINGS, Wiring
from designer.teaching.words import count


def why_add(layer: LayerSummary, wiring: Wiring) -> str:
    shortcut = wiring.shortcut_of(layer)
    if shortcut is None:
        return f"It sums {count(len(layer.inputs), 'way')} through the block."
    feed, way = shortcut
    if not way:
        return (
            f"Here the block's input comes round unchanged from {feed.name}; the block's own"
            " layers only learn what to add to it."
        )
    worker = way[0]
    if worker.class_name in POOLINGS:
        return (
            f"Here the block's input comes round by {worker.name}, which makes it as small as what"
            " the convolutions put out."
        )
    return (
        f"Here the block's input comes round by {worker.name}, which gives it the same height,"
        " width and number of maps as what the convolutions put out."
    )


def why_multiply(layer: LayerSummary, wiring: Wiring) -> str:
    gate = min(wiring.feeds(layer), key=lambda feed: feed.output_size)
    go = (layer.output_shape or (0,))[-1] or 0
    return (
        f"Each of the {count(go, 'map')} is multiplied by its own number from {gate.name}: maps"
        " that matter for this picture stay strong, the others fade."
    )


def why_concatenate(layer: LayerSummary, wiring: Wiring) -> str:
    parts = " + ".join(f"{shape[-1]:,}" for shape in layer.input_shapes)
    go = (layer.output_shape or (0,))[-1] or 0
    return (
        f"It lays {parts} maps on one pile of {go:,}: nothing is added up, so the layers after it"
        " can still look at each of the earlier maps."
    )


def why_reshape(layer: LayerSummary, wiring: Wiring) -> str:
    if any(one.class_name == "Multiply" for one in wiring.ahead(layer)):
        return (
            "It turns the row of numbers into maps of a single place, so that each can be"
            " multiplied with a whole map."
        )
    return "The next layer wants the same numbers in this order of height, width and maps."
