"""The receptive field: the window of input pixels that one number of a layer's output sees.

A layer whose output number ``i`` looks at the numbers ``i × strides − border`` to
``i × strides − border + kernel_size − 1`` of its input widens the window by
``(kernel_size − 1) × step``, where the step is how many input pixels lie between two
neighbouring numbers of what comes into it. Where branches meet, the window reaches as far as
the widest of them (Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional Neural
Networks", Distill 2019).

It is the theoretical figure: the window may reach over the picture's edge, where only zeros are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from designer.summary import LayerSummary

#: Layers that lay all places of their input together.
_WHOLE = {"Flatten", "Reshape", "GlobalAveragePooling2D", "GlobalMaxPooling2D"}


@dataclass(frozen=True)
class Side:
    """The window along one side of the input.

    Attributes:
        first, last: the input pixels that the output number 0 sees, from and to.
        step: how many input pixels further the next output number looks (the "jump").
    """

    first: int = 0
    last: int = 0
    step: int = 1

    @property
    def size(self) -> int:
        """How many input pixels the window is wide."""
        return self.last - self.first + 1


@dataclass(frozen=True)
class ReceptiveField:
    """What one number of a layer's output sees of the input.

    Attributes:
        sides: its height and width; ``None`` where no window is left (after a Flatten).
        whole: whether it sees the whole input: all of it lies behind a Flatten or a global
            pooling, or a branch of it does (squeeze-and-excitation), which then scales what the
            window of ``sides`` sees.
        picture: height and width of the input.
    """

    sides: tuple[Side, Side] | None
    whole: bool
    picture: tuple[int, int]

    @property
    def height(self) -> int | None:
        """The window's height in input pixels."""
        return self.sides[0].size if self.sides else None

    @property
    def width(self) -> int | None:
        """The window's width in input pixels."""
        return self.sides[1].size if self.sides else None

    @property
    def step(self) -> tuple[int, int] | None:
        """How many input pixels lie between the windows of two neighbouring output numbers."""
        return (self.sides[0].step, self.sides[1].step) if self.sides else None

    @property
    def exceeds_input(self) -> bool:
        """Whether the window is larger than the picture itself."""
        if not self.sides:
            return False
        return any(
            side.size > pixels for side, pixels in zip(self.sides, self.picture, strict=True)
        )


def receptive_fields(layers: Iterable[LayerSummary]) -> dict[str, ReceptiveField | None]:
    """Return the receptive field of every layer, by name.

    ``None`` for layers of a network that takes rows of a table, where nothing lies side by side,
    and for those that cannot be built, or of which nothing is known (in a model of a file).
    """
    fields: dict[str, ReceptiveField | None] = {}
    for layer in layers:
        fields[layer.name] = _field(layer, fields)
    return fields


def _field(
    layer: LayerSummary, fields: Mapping[str, ReceptiveField | None]
) -> ReceptiveField | None:
    shape = layer.output_shape
    if shape is None or not layer.counted:
        return None
    if not layer.inputs:
        if len(shape) < 3 or shape[1] is None or shape[2] is None:
            return None
        return ReceptiveField((Side(), Side()), False, (shape[1], shape[2]))
    known = [field for name in layer.inputs if (field := fields[name])]
    if len(known) < len(layer.inputs):
        return None
    if layer.class_name in _WHOLE:
        return ReceptiveField(None, True, known[0].picture)
    field = known[0] if len(known) == 1 else _together(known)
    if field.sides is None:
        return field
    config = layer.layer.config
    sides = _through(layer, config, field.sides)
    return field if sides is field.sides else ReceptiveField(sides, field.whole, field.picture)


def _through(
    layer: LayerSummary, config: Mapping[str, Any], sides: tuple[Side, Side]
) -> tuple[Side, Side]:
    """Return the window behind one layer, of the window before it."""
    window = config.get("kernel_size") or config.get("pool_size")
    if window is not None:
        strides = config.get("strides") or (window if "pool_size" in config else (1, 1))
        dilation = config.get("dilation_rate", (1, 1))
        same = config.get("padding", "valid") == "same"
        before, after = layer.input_shapes[0], layer.output_shape
        assert after is not None
        height, width = (
            _slide(
                sides[axis],
                (_both(window)[axis] - 1) * _both(dilation)[axis] + 1,
                _both(strides)[axis],
                (before[axis], after[axis + 1] or 1) if same else None,
            )
            for axis in (0, 1)
        )
        return height, width
    if layer.class_name == "ZeroPadding2D":
        top, left = (_both(border)[0] for border in config["padding"])
        return _move(sides[0], top), _move(sides[1], left)
    return sides


def _both(value: Any) -> Sequence[int]:
    return value if isinstance(value, tuple | list) else (value, value)


def _slide(side: Side, window: int, strides: int, same: tuple[int, int] | None) -> Side:
    """Return a side behind a sliding window.

    Args:
        same: how many numbers come in and go out where the padding is ``"same"``: Keras then
            adds as many zeros as the windows need, the smaller half of them before the first.
    """
    border = 0
    if same:
        numbers, places = same
        border = max(0, (places - 1) * strides + window - numbers) // 2
    return Side(
        side.first - border * side.step,
        side.last + (window - 1 - border) * side.step,
        side.step * strides,
    )


def _move(side: Side, border: int) -> Side:
    return Side(side.first - border * side.step, side.last - border * side.step, side.step)


def _together(fields: Sequence[ReceptiveField]) -> ReceptiveField:
    """Return what is seen where branches meet."""
    whole = any(field.whole for field in fields)
    windows = [field.sides for field in fields if field.sides]
    if not windows:
        return fields[0]
    height, width = (
        Side(
            min(sides[axis].first for sides in windows),
            max(sides[axis].last for sides in windows),
            max(sides[axis].step for sides in windows),
        )
        for axis in (0, 1)
    )
    return ReceptiveField((height, width), whole, fields[0].picture)
