"""What a layer rule is: the arithmetic of one Keras layer class, without Keras.

Shapes here never hold the batch: ``(height, width, channels)`` or ``(features,)``.
All numbers are Python integers, so nothing overflows however absurd the design.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, ClassVar

Shape = tuple[int, ...]
Config = Mapping[str, Any]


class LayerFault(Exception):
    """A layer that cannot be built on what comes into it.

    Attributes:
        message: what is wrong, in one sentence.
        argument: the Keras argument at fault (``pool_size``), or ``None`` if it is the input.
        works: what would work, in one sentence.
        argument_works: which value of the argument would work, in one sentence; to be said
            only where a design lets it be chosen.
    """

    def __init__(
        self,
        message: str,
        *,
        works: str,
        argument: str | None = None,
        argument_works: str = "",
    ):
        super().__init__(f"{message} {works}")
        self.message = message
        self.argument = argument
        self.works = works
        self.argument_works = argument_works


@dataclass(frozen=True)
class Weight:
    """One weight of a layer: its Keras name, its shape, and whether training changes it."""

    name: str
    shape: Shape
    trainable: bool = True

    @property
    def count(self) -> int:
        return prod(self.shape)


class LayerRule(ABC):
    """The arithmetic of one layer class. The defaults are those of a layer that
    keeps its input's shape and has nothing to learn (an activation, a dropout).

    ``config`` holds the layer's Keras arguments, ``inputs`` the shapes that come in.
    """

    class_name: ClassVar[str]
    #: One or two plain sentences for a newcomer.
    teaches: ClassVar[str] = ""
    #: Keras's arguments that put a penalty on its kernels (``kernel_regularizer``).
    kernel_regularizers: ClassVar[tuple[str, ...]] = ()

    def output_shape(self, config: Config, inputs: Sequence[Shape]) -> Shape:
        """Return the shape that comes out.

        Raises:
            LayerFault: if the layer cannot be built on these inputs.
        """
        return inputs[0]

    def weights(self, config: Config, inputs: Sequence[Shape]) -> tuple[Weight, ...]:
        """Return the weights Keras would create, in Keras's order."""
        return ()

    def multiply_adds(self, config: Config, inputs: Sequence[Shape], output: Shape) -> int:
        """Return the multiplications paired with an addition, for one example.

        Counted as the papers count: in convolutions and dense layers only, biases left out.
        """
        return 0

    def explain_shape(self, config: Config, inputs: Sequence[Shape], output: Shape) -> str:
        """Say where the output shape comes from."""
        return "The same shape as its input."

    def explain_params(self, config: Config, inputs: Sequence[Shape]) -> str:
        """Say, as arithmetic, where the parameters come from."""
        return "Nothing to learn: 0 parameters."

    def explain_multiply_adds(self, config: Config, inputs: Sequence[Shape], output: Shape) -> str:
        """Say, as arithmetic, where the multiply-adds come from."""
        return "None: it multiplies no weights."


def times(shape: Sequence[int]) -> str:
    """Write sizes as a product: ``(7, 7, 512)`` → ``7 × 7 × 512``."""
    return " × ".join(f"{size:,}" for size in shape)


def need_maps(rule: LayerRule, inputs: Sequence[Shape]) -> Shape:
    """Return the one input, checked to be feature maps (height, width, channels)."""
    shape = inputs[0]
    if len(shape) != 3:
        raise LayerFault(
            f"{rule.class_name} needs feature maps (height, width, channels)"
            f" and receives the shape {shape}.",
            works="An input_shape of three sizes works, such as [28, 28, 1].",
        )
    return shape


def window_outputs(
    sides: Sequence[int],
    window: Sequence[int],
    strides: Sequence[int],
    padding: str,
    *,
    argument: str,
    what: str,
) -> tuple[int, ...]:
    """Return how many places a sliding window takes along each side.

    Args:
        sides: height and width of the maps coming in, in pixels.
        window: the sides of the kernel or pool.
        strides: how far it moves each step.
        padding: ``"same"`` or ``"valid"``.
        argument: the Keras argument that holds the window, for the fault.
        what: what the window is called, for the fault ("kernel").

    Raises:
        LayerFault: if the window does not fit once.
    """
    if padding == "same":
        return tuple(-(-side // step) for side, step in zip(sides, strides, strict=True))
    if any(wide > side for side, wide in zip(sides, window, strict=True)):
        raise LayerFault(
            f"Its {what} of {times(window)} does not fit into maps of {times(sides)}:"
            " nothing would be left of them.",
            works="A larger input, smaller strides or fewer groups before it work.",
            argument=argument,
            argument_works=f"A {what} of at most {min(sides)} works too.",
        )
    return tuple(
        (side - wide) // step + 1 for side, wide, step in zip(sides, window, strides, strict=True)
    )


def explain_windows(
    sides: Sequence[int],
    out: Sequence[int],
    window: Sequence[int],
    strides: Sequence[int],
    padding: str,
) -> str:
    """Say how height and width of the maps follow from a sliding window."""
    each = [_explain_side(*side, padding) for side in zip(sides, out, window, strides, strict=True)]
    if len(set(each)) == 1:
        return f"Each side: {each[0]}."
    return f"Height: {each[0]}; width: {each[1]}."


def _explain_side(side: int, out: int, window: int, stride: int, padding: str) -> str:
    if padding == "same":
        if stride == 1:
            return f"padding 'same' and strides of 1 keep {side:,}"
        return f"{side:,} / strides {stride}, rounded up, is {out:,}"
    return (
        f"({side:,} − {window}) / strides {stride}, rounded down, + 1 is {out:,} (padding 'valid')"
    )
