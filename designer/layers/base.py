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
    """

    def __init__(self, message: str, *, works: str, argument: str | None = None):
        super().__init__(f"{message} {works}")
        self.message = message
        self.argument = argument
        self.works = works


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


def window_output(
    size: int, window: int, stride: int, padding: str, *, argument: str, what: str
) -> int:
    """Return how many places a sliding window takes along one side.

    Args:
        size: the side of the maps coming in, in pixels.
        window: the side of the kernel or pool.
        stride: how far it moves each step.
        padding: ``"same"`` or ``"valid"``.
        argument: the Keras argument that holds the window, for the fault.
        what: what the window is called, for the fault ("kernel").

    Raises:
        LayerFault: if the window does not fit once.
    """
    if padding == "same":
        return -(-size // stride)
    if window > size:
        raise LayerFault(
            f"Its {what} of {window} × {window} does not fit into maps of {size} × {size}:"
            " nothing would be left of them.",
            argument=argument,
            works=f"A larger input, smaller strides or fewer groups before it, or a"
            f" {what} of at most {size} works.",
        )
    return (size - window) // stride + 1


def explain_window(size: int, out: int, window: int, stride: int, padding: str) -> str:
    """Say how one side of a map follows from a sliding window."""
    if padding == "same":
        if stride == 1:
            return f"Padding 'same' and strides of 1 keep the side of {size}."
        return f"Each side: {size} / strides {stride}, rounded up, is {out}."
    return (
        f"Each side: ({size} − {window}) / strides {stride}, rounded down, + 1 is {out}"
        " (padding 'valid')."
    )
