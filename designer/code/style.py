"""What a style is: how the layers of a graph become the lines that leave ``model``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from designer.graph import LayerGraph


@dataclass(frozen=True)
class Obstacle:
    """Why a style cannot express a graph: one sentence, and the layer it has no words for."""

    reason: str
    layer: str


def no_obstacle(graph: LayerGraph) -> Obstacle | None:
    """Say that any graph will do."""
    return None


@dataclass(frozen=True, kw_only=True)
class Style:
    """A way to write a network.

    Attributes:
        name: its name on the command line.
        title: its name on a page.
        teaches: what it is good for, in a sentence or two.
        order: its place among the styles.
        write: returns the lines that make ``model``, whose Keras name is given.
        obstacle: returns why the style cannot express a graph, or ``None`` if it can.
    """

    name: str
    title: str
    teaches: str
    order: int
    write: Callable[[LayerGraph, str], list[str]]
    obstacle: Callable[[LayerGraph], Obstacle | None] = no_obstacle
