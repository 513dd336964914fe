"""What is tried for a design whose weights are too many to be built here."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

from designer.design import Design, plain
from designer.mending.mend import Mend, change_of, groups_of
from designer.mending.search import VERY_LARGE, resets
from designer.summary import LayerSummary
from designer.templates import template
from designer.templates.parameters import InputShape

#: Smaller widths, sides and numbers of blocks than this are nothing a person would choose.
_LEAST = 4


def candidates(design: Design, largest: LayerSummary, excess: float) -> Iterator[Mend]:
    """Yield changes after which a design has fewer parameters, those that change least first.

    Args:
        largest: the layer that has most of them.
        excess: how many times too many there are.
    """
    if largest.class_name == "Dense":
        yield from _pooled(design)
        yield from _narrower_hidden(design, excess)
        yield from _smaller_input(design, excess)
    # Parameters grow with the square of a width, but evenly with the blocks.
    ways = [_capped(design, "filters", sqrt(excess)), _capped(design, "blocks", excess)]
    if len(design.graph.layers) > VERY_LARGE:  # fewer blocks also take less time to try
        ways.reverse()
    for way in ways:
        yield from way
    if largest.class_name != "Dense":
        yield from _narrower_hidden(design, excess)
    yield from resets(design)


def _pooled(design: Design) -> Iterator[Mend]:
    """Yield one number a map, instead of all pixels of all maps."""
    if design.parameters.get("flattening") == "flatten":
        parameter = template(design.template).parameter("flattening")
        yield change_of(design, parameter, "global_average")


def _narrower_hidden(design: Design, excess: float) -> Iterator[Mend]:
    hidden = design.parameters.get("hidden") or ()
    for most in _halved(max(hidden, default=1), sqrt(excess)):
        capped = [min(units, most) for units in hidden]
        words = f"A hidden layer of {most:,} units"
        if len(hidden) > 1:
            words = f"Hidden layers of at most {most:,} units"
        yield Mend(words, {"hidden": capped}, ("hidden",))


def _smaller_input(design: Design, excess: float) -> Iterator[Mend]:
    """Yield smaller pictures, of the same proportions."""
    parameter = template(design.template).parameter("input_shape")
    shape = design["input_shape"]
    if not isinstance(parameter, InputShape) or len(shape) != 3:
        return
    for side in _halved(max(shape[:2]), sqrt(excess)):
        scale = side / max(shape[:2])
        height, width = (max(1, round(scale * size)) for size in shape[:2])
        changes = {"input_shape": (height, width, shape[2])}
        yield Mend(f"Input {height} × {width}", changes, ("input_shape",))


def _capped(design: Design, field: str, excess: float) -> Iterator[Mend]:
    """Yield the design with a field of every group at most so large."""
    groups = groups_of(design)
    if groups is None:
        return
    now = [group[field] for group in design[groups.name] if field in group]
    for most in _halved(max(now, default=1), excess):
        changed = plain(design[groups.name])
        for group in changed:
            if field in group:
                group[field] = min(group[field], most)
        words = f"At most {most:,} {field} in every group"
        yield Mend(words, {groups.name: changed}, (groups.name, field))


def _halved(now: int, excess: float) -> Iterator[int]:
    """Yield smaller and smaller powers of two, from the first that might be small enough."""
    most = 1 << max(0, int(now / excess).bit_length() - 1)
    while most >= _LEAST:
        if most < now:
            yield most
        most //= 2
