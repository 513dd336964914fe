"""The drawing's words: captions, titles, and the whole in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from designer.places import Place, how_counted
from designer.summary import LayerSummary

#: What the sizes in a drawing mean.
LEGEND = (
    "Feature maps: height × width × filters, each side drawn by its square root."
    " Vectors: columns, taller with more numbers."
)


def write_count(count: int) -> str:
    """Write a large count shortly.

    >>> write_count(25_636_712), write_count(140), write_count(999_999)
    ('25.6 M', '140', '1.00 M')
    """
    if count < 10_000:
        return f"{count:,}"
    value, units = count / 1000, ["k", "M", "G", "T", "P"]
    while value >= 999.5 and len(units) > 1:  # three digits would show it as 1000
        value /= 1000
        units.pop(0)
    digits = 2 if value < 9.995 else 1 if value < 99.95 else 0
    return f"{value:,.{digits}f} {units[0]}"


def write_shape(shape: Sequence[int]) -> str:
    """Write a shape without the batch; an empty one is that of a layer that cannot be built.

    >>> write_shape((7, 7, 1024)), write_shape((10,)), write_shape(())
    ('7 × 7 × 1,024', '10 numbers', 'cannot be built')
    """
    if not shape:
        return "cannot be built"
    if len(shape) == 1:
        return f"{shape[0]:,} number{'s' if shape[0] > 1 else ''}"
    return " × ".join(f"{side:,}" for side in shape)


def shape_of(layer: LayerSummary) -> tuple[int, ...]:
    """Return a layer's output shape without the batch; empty if it cannot be built."""
    shape = layer.output_shape
    return tuple(size for size in shape[1:] if size is not None) if shape else ()


def title_of(place: Place, layers: Sequence[LayerSummary]) -> str:
    """Say what a box stands for, in one line: its name, what comes out, what it holds."""
    shape = write_shape(shape_of(layers[-1]))
    if place.kind == "layer":
        name = f"{place.title} ({place.layers[0].class_name})"
        others = [layer.class_name for layer in layers if layer.name != place.key]
        if others:
            name += " with " + ", ".join(others)
    elif place.kind == "block":
        name = f"{place.key.partition('/')[0].replace('group', 'Group ')} · {place.title}"
    else:
        name = _titled(place)
    params = sum(layer.params for layer in layers)
    return f"{name}: {shape}, {_counted(layers, f'{params:,}')} parameter{'s' * (params != 1)}"


def captions(place: Place, ends: Sequence[LayerSummary]) -> tuple[str, ...]:
    """Return the lines under a section: its name and blocks, its shape, its parameters.

    Args:
        ends: the layers that put out what the section puts out: several for several heads.
    """
    shape = write_shape(shape_of(ends[-1]))
    if len(ends) > 1:
        sizes = [shape_of(end) for end in ends]
        if all(len(size) == 1 for size in sizes):
            shape = " + ".join(f"{size[0]:,}" for size in sizes) + " numbers"
    params = _counted(place.layers, write_count(place.params))
    return _titled(place), shape, f"{params} param{'s' * (place.params != 1)}"


def block_captions(place: Place) -> tuple[str, ...]:
    """Return the line over an open block, in two parts: its name, and its shape."""
    group = f"Group {place.number} · " if place.number else ""
    return f"{group}{place.title}", write_shape(shape_of(place.layers[-1]))


def describe(name: str, said: Sequence[Sequence[str]]) -> str:
    """Say the whole drawing in words."""
    return f"Architecture of {name}: " + "; ".join(", ".join(part) for part in said) + "."


def _counted(layers: Sequence[LayerSummary], count: str) -> str:
    """Return a count as far as it is known: of a file's model not every layer can be counted."""
    return {"all": count, "some": f"≥ {count}", "none": "?"}[how_counted(layers)]


def _titled(place: Place) -> str:
    if not place.blocks:
        return place.title
    return f"{place.title} · {place.blocks} block{'s' * (place.blocks > 1)}"
