"""The parameters that families share: of the input, the stem, the groups and the hidden layers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from designer.templates.parameters import (
    Choice,
    Chosen,
    Flag,
    InputShape,
    Integer,
    IntegerList,
    Number,
)

IMAGE_AXES = (("height", "width", "channels"),)

ACTIVATION_OPTIONS = {
    "relu": "ReLU",
    "relu6": "ReLU, at most 6",
    "leaky_relu": "Leaky ReLU",
    "elu": "ELU",
    "selu": "SELU",
    "gelu": "GELU",
    "swish": "Swish (SiLU)",
    "tanh": "Tanh",
    "sigmoid": "Sigmoid",
    "linear": "Linear (none)",
}

POSITIONS = {"none": "None", "before": "Before the activation", "after": "After the activation"}

PADDING = {"same": "Same: keep the border", "valid": "Valid: only whole windows"}

TRANSITION_STRIDES = {"single": "Single: the first convolution", "double": "Double: both"}

POOLING_OPTIONS = {"max": "Max: the strongest", "average": "Average: the mean", "none": "None"}

FLATTENING = {
    "flatten": "Flatten",
    "global_average": "Global average pooling",
    "global_max": "Global max pooling",
}


def image_input(height: int, width: int, channels: int) -> InputShape:
    """Return the ``input_shape`` of a network that takes pictures."""
    return InputShape(
        name="input_shape",
        label="Input",
        help="Height and width of a picture in pixels, and its channels: 1 grey, 3 colour.",
        default=(height, width, channels),
        axes=IMAGE_AXES,
        section="input",
    )


def activation_parameter(**changes: Any) -> Choice:
    """Return the activation used between layers."""
    return Choice(
        **{
            "name": "activation",
            "label": "Activation",
            "help": "The function between layers that lets the network bend straight lines.",
            "default": "relu",
            "options": ACTIVATION_OPTIONS,
            **changes,
        }
    )


def batch_normalization_parameter(**changes: Any) -> Choice:
    """Return where batch normalization stands, if anywhere (book: "Batch Normalization")."""
    return Choice(
        **{
            "name": "batch_normalization",
            "label": "Batch normalization",
            "help": "Steadies each layer's output, batch by batch, before or after the activation.",
            "default": "none",
            "options": POSITIONS,
            **changes,
        }
    )


def dropout_parameter(**changes: Any) -> Number:
    """Return the share of numbers a Dropout layer silences (book: 20% to 50% is common)."""
    return Number(
        **{
            "name": "dropout",
            "label": "Dropout",
            "help": "The share of numbers silenced at random while training; 0 adds no layer.",
            "default": 0.0,
            "minimum": 0.0,
            "maximum": 0.95,
            "slider": (0.0, 0.95),
            "step": 0.05,
            **changes,
        }
    )


def l2_parameter() -> Number:
    """Return the factor of the L2 penalty on the weights, which ``Design.graph`` puts on every
    layer with a kernel: a template has only to have it.

    The papers' figures are those of a weight decay (Simonyan & Zisserman, arXiv:1409.1556; He et
    al., arXiv:1512.03385).
    """
    return Number(
        name="l2",
        label="Weight penalty (L2)",
        help="Adds this × the sum of squared weights (of dense layers and convolutions) to the"
        " loss, which pulls them to zero. VGG's paper: 0.0005, ResNet's: 0.0001; 0 is none.",
        default=0.0,
        maximum=0.1,
        slider=(0.0, 0.01),
        step=0.0001,
    )


def hidden_parameter(default: Sequence[int], **changes: Any) -> IntegerList:
    """Return the hidden dense layers, one number of units each."""
    return IntegerList(
        **{
            "name": "hidden",
            "label": "Hidden layers",
            "help": "Units (nodes) of each dense layer before the outputs.",
            "default": tuple(default),
            "item": Integer(
                name="units",
                label="Units",
                help="Nodes of this layer.",
                default=64,
                maximum=1_000_000,
                slider=(1, 1024),
                unit="units",
            ),
            "section": "task",
            **changes,
        }
    )


def flattening_parameter(default: str) -> Choice:
    """Return how maps become one vector; the default stands first among the choices."""
    return Choice(
        name="flattening",
        label="Flattening",
        help="How maps become one vector: all their pixels, or one number a map.",
        default=default,
        options={default: FLATTENING[default], **FLATTENING},
        section="task",
    )


def kernel_size_parameter(default: Any = 3, **changes: Any) -> Integer:
    """Return the side of a convolution's filters."""
    return Integer(
        **{
            "name": "kernel_size",
            "label": "Kernel size",
            "help": "Side of each filter's window; 3 is the most common, then 5.",
            "default": default,
            "maximum": 255,
            "slider": (1, 11),
            "unit": "pixels",
            **changes,
        }
    )


def strides_parameter(default: Any, **changes: Any) -> Integer:
    """Return how far a window moves at each step."""
    return Integer(
        **{
            "name": "strides",
            "label": "Strides",
            "help": "How far the window moves each step: 2 halves each side of the maps.",
            "default": default,
            "maximum": 255,
            "slider": (1, 4),
            "unit": "pixels",
            **changes,
        }
    )


def filters_field() -> Integer:
    """Return a group's filters: by default the template's, else twice the group before."""

    def default(chosen: Chosen) -> int:
        if "filters" in chosen["usual"]:
            return chosen["usual"]["filters"]
        previous = chosen["previous"]
        return min(2 * previous["filters"], 65_536) if previous else 16

    return Integer(
        name="filters",
        label="Filters",
        help="How many features this group looks for: one map each.",
        default=default,
        slider=(1, 512),
        unit="filters",
    )


def blocks_field(
    help: str = "How many times this group repeats its block.", minimum: int = 1
) -> Integer:
    """Return a group's blocks: by default the template's, else as in the group before."""

    def default(chosen: Chosen) -> int:
        if "blocks" in chosen["usual"]:
            return chosen["usual"]["blocks"]
        previous = chosen["previous"]
        return previous["blocks"] if previous else 1

    return Integer(
        name="blocks",
        label="Blocks",
        help=help,
        default=default,
        minimum=minimum,
        maximum=1000,
        slider=(minimum, 12),
        unit="blocks",
    )


def cardinality_field(default: Any = 1) -> Integer:
    """Return a group's cardinality: Keras's ``groups`` argument of a convolution."""
    return Integer(
        name="cardinality",
        label="Cardinality",
        help="Into how many parallel parts each convolution is split (Keras: groups).",
        default=default,
        maximum=4096,
        slider=(1, 32),
        unit="parts",
    )


def identity_link_parameter() -> Flag:
    """Return whether blocks keep their identity link (book: h(x) = f(x) + x)."""
    return Flag(
        name="identity_link",
        label="Identity link",
        help="Adds each block's input to its output; without it the blocks are plain ones.",
        default=True,
    )
