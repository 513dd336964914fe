"""What families share: the parameters of the input, the task and the compile step, and the
layers of a convolution, a dense layer and a head."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from designer.graph import GraphBuilder
from designer.tasks import LOSSES, METRICS, OPTIMIZER_SLOTS, TASKS, USUAL_OPTIMIZER, heads
from designer.templates.parameters import (
    Choice,
    Chosen,
    Classes,
    Flag,
    InputShape,
    Integer,
    IntegerList,
    Number,
    Parameter,
    PerHeadChoice,
)

#: What Keras's own ResNet models use; the figures and the predictions follow from it.
RESNET_EPSILON = 1.001e-5

#: Keras's own defaults, which a layer does not repeat.
KERAS_EPSILON = 1e-3
KERAS_MOMENTUM = 0.99

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

POOLING_CLASSES = {"max": "MaxPooling2D", "average": "AveragePooling2D"}

FLATTENING = {
    "flatten": "Flatten",
    "global_average": "Global average pooling",
    "global_max": "Global max pooling",
}

FLATTENING_CLASSES = {
    "flatten": "Flatten",
    "global_average": "GlobalAveragePooling2D",
    "global_max": "GlobalMaxPooling2D",
}

_LABELS = {
    "mse": "Mean squared error",
    "mae": "Mean absolute error",
    "huber": "Huber",
    "log_cosh": "Log-cosh",
    "hinge": "Hinge",
    "binary_crossentropy": "Binary cross-entropy",
    "binary_focal_crossentropy": "Binary focal cross-entropy",
    "categorical_crossentropy": "Categorical cross-entropy",
    "sparse_categorical_crossentropy": "Sparse categorical cross-entropy",
    "categorical_focal_crossentropy": "Categorical focal cross-entropy",
    "kl_divergence": "Kullback–Leibler divergence",
    "adam": "Adam",
    "rmsprop": "RMSprop",
    "sgd": "SGD",
    "adamw": "AdamW",
    "nadam": "Nadam",
    "adamax": "Adamax",
    "adagrad": "Adagrad",
    "adadelta": "Adadelta",
    "lion": "Lion",
    "accuracy": "Accuracy",
    "top_5_accuracy": "Top-5 accuracy",
    "auc": "Area under the ROC curve",
    "precision": "Precision",
    "recall": "Recall",
    "root_mean_squared_error": "Root mean squared error",
    "r2_score": "R² score",
    "none": "None",
}


def labelled(names: Sequence[str]) -> dict[str, str]:
    """Return options with their labels."""
    return {name: _LABELS[name] for name in names}


# --- parameters ---------------------------------------------------------------------------


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


def task_parameters(
    *,
    task: str = "multiclass",
    classes: Callable[[Chosen], Any] | int,
    between: Sequence[Parameter] = (),
) -> tuple[Parameter, ...]:
    """Return ``task``, ``classes``, ``outputs`` and the compile step's parameters.

    Args:
        task: the default task.
        classes: the default number of classes, or a function of what was chosen.
        between: parameters declared after ``task`` because they depend on it.
    """

    def usual_classes(chosen: Chosen) -> Any:
        count = classes(chosen) if callable(classes) else classes
        if chosen["task"] == "multitask" and isinstance(count, int):
            return (count, 2)
        return count

    def has_classes(chosen: Chosen) -> bool:
        return chosen["task"] in {"multiclass", "multilabel", "multitask"}

    return (
        Choice(
            name="task",
            label="Task",
            help="What the network is for; it decides the outputs, the loss and the optimizer.",
            default=task,
            options=TASKS,
            section="task",
        ),
        *between,
        Classes(
            name="classes",
            label="Classes",
            help="How many classes it tells apart: one output each.",
            default=usual_classes,
            section="task",
            unit="classes",
            applies=has_classes,
            applies_when="task is multiclass, multilabel or multitask",
        ),
        Integer(
            name="outputs",
            label="Outputs",
            help="How many numbers it predicts.",
            default=1,
            maximum=100_000,
            slider=(1, 16),
            section="task",
            unit="numbers",
            applies=lambda chosen: chosen["task"] == "regression",
            applies_when="task is regression",
        ),
        *compile_parameters(),
    )


def compile_parameters() -> tuple[Parameter, ...]:
    """Return loss, optimizer and metric, which follow the task unless they are chosen."""
    return (
        PerHeadChoice(
            name="loss",
            label="Loss",
            help="How wrong a prediction is, as the number that training makes small.",
            default=lambda chosen: LOSSES[chosen["task"]][0],
            options=lambda chosen: labelled(LOSSES[chosen["task"]]),
            heads=lambda chosen: len(heads(chosen)),
            section="compile",
        ),
        Choice(
            name="optimizer",
            label="Optimizer",
            help="How the weights are moved down the gradient.",
            default=lambda chosen: USUAL_OPTIMIZER[chosen["task"]],
            options=labelled(tuple(OPTIMIZER_SLOTS)),
            section="compile",
        ),
        Choice(
            name="metric",
            label="Metric",
            help="What is reported beside the loss; training does not follow it.",
            default=lambda chosen: METRICS[chosen["task"]][0],
            options=lambda chosen: labelled(METRICS[chosen["task"]]),
            section="compile",
        ),
    )


def identity_link_parameter() -> Flag:
    """Return whether blocks keep their identity link (book: h(x) = f(x) + x)."""
    return Flag(
        name="identity_link",
        label="Identity link",
        help="Adds each block's input to its output; without it the blocks are plain ones.",
        default=True,
    )


# --- layers -------------------------------------------------------------------------------


def activate(g: GraphBuilder, x: str, activation: str, name: str) -> str:
    """Add an activation as a layer of its own: ``ReLU`` where Keras has the class."""
    if activation == "linear":
        return x
    if activation == "relu":
        return g.add("ReLU", name, x)
    return g.add("Activation", name, x, activation=activation)


def batch_norm(
    g: GraphBuilder, x: str, name: str, epsilon: float, momentum: float = KERAS_MOMENTUM
) -> str:
    """Add a batch normalization; arguments that equal Keras's defaults are left out."""
    config: dict[str, Any] = {}
    if epsilon != KERAS_EPSILON:
        config["epsilon"] = epsilon
    if momentum != KERAS_MOMENTUM:
        config["momentum"] = momentum
    return g.add("BatchNormalization", name, x, **config)


def around(p: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a network puts around its convolutions, for :func:`convolution`."""
    return {name: p[name] for name in ("activation", "batch_normalization", "epsilon", "momentum")}


def weighted(
    g: GraphBuilder,
    x: str,
    class_name: str,
    name: str,
    *,
    activation: str,
    batch_normalization: str = "none",
    epsilon: float = KERAS_EPSILON,
    momentum: float = KERAS_MOMENTUM,
    dropout: float = 0.0,
    dropout_position: str = "after",
    **config: Any,
) -> str:
    """Add a convolution or dense layer with its activation, normalization and dropout.

    The activation is an argument of the layer unless something stands between the two.
    """
    dropout_before = dropout > 0 and dropout_position == "before"
    alone = batch_normalization != "before" and not dropout_before
    if alone and activation != "linear":
        config["activation"] = activation
    x = g.add(class_name, name, x, **config)
    if batch_normalization == "before":
        x = batch_norm(g, x, f"{name}_batch_norm", epsilon, momentum)
    if dropout_before:
        x = g.add("Dropout", f"{name}_dropout", x, rate=dropout)
    if not alone:
        x = activate(g, x, activation, f"{name}_activation")
    if batch_normalization == "after":
        x = batch_norm(g, x, f"{name}_batch_norm", epsilon, momentum)
    if dropout > 0 and not dropout_before:
        x = g.add("Dropout", f"{name}_dropout", x, rate=dropout)
    return x


def convolution(
    g: GraphBuilder,
    x: str,
    name: str,
    filters: int,
    kernel_size: int,
    strides: int = 1,
    *,
    padding: str = "same",
    cardinality: int = 1,
    use_bias: bool = True,
    activation: str = "linear",
    **around: Any,
) -> str:
    """Add a convolution; arguments that equal Keras's defaults are left out."""
    config: dict[str, Any] = {
        "filters": filters,
        "kernel_size": (kernel_size, kernel_size),
        "strides": (strides, strides),
        "padding": padding,
    }
    if cardinality != 1:
        config["groups"] = cardinality
    if not use_bias:
        config["use_bias"] = False
    return weighted(g, x, "Conv2D", name, activation=activation, **around, **config)


def pooling(
    g: GraphBuilder,
    x: str,
    name: str,
    kind: str,
    pool_size: int,
    strides: int | None = None,
    padding: str = "valid",
) -> str:
    """Add a pooling layer, or nothing when its kind is ``none``."""
    if kind == "none":
        return x
    step = pool_size if strides is None else strides
    return g.add(
        POOLING_CLASSES[kind],
        name,
        x,
        pool_size=(pool_size, pool_size),
        strides=(step, step),
        padding=padding,
    )


def input_layer(g: GraphBuilder, shape: Sequence[int]) -> str:
    """Add the input."""
    return g.add("InputLayer", "inputs", shape=tuple(shape))


def hidden_layers(g: GraphBuilder, x: str, p: Mapping[str, Any], **around: Any) -> str:
    """Add the hidden dense layers of a design, named ``hidden1``, ``hidden2``, …"""
    for number, units in enumerate(p["hidden"], 1):
        x = weighted(
            g, x, "Dense", f"hidden{number}", units=units, activation=p["activation"], **around
        )
    return x


def output_layers(g: GraphBuilder, x: str, p: Mapping[str, Any]) -> tuple[str, ...]:
    """Add a dense layer a head and return their names."""
    names = []
    for head in heads(p):
        config: dict[str, Any] = {"units": head.units}
        if head.activation != "linear":
            config["activation"] = head.activation
        names.append(g.add("Dense", head.name, x, **config))
    return tuple(names)
