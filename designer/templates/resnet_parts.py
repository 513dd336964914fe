"""What every ResNet shares: the parameters of the entry and the exit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from designer.templates import shared_layers, shared_parameters, shared_tasks
from designer.templates.parameters import Choice, Chosen, Integer, Number, Parameter

_SAME = (
    "stem_filters",
    "stem_kernel_size",
    "stem_strides",
    "stem_pooling",
    "identity_link",
    "dropout",
)


def stem_parameters() -> tuple[Parameter, ...]:
    """Return the parameters of the entry: one wide convolution and a pooling."""
    return (
        Integer(
            name="stem_filters",
            label="Stem filters",
            help="Filters of the first convolution.",
            default=64,
            slider=(1, 256),
            unit="filters",
            section="stem",
        ),
        shared_parameters.kernel_size_parameter(
            7,
            name="stem_kernel_size",
            label="Stem kernel size",
            help="Side of the first convolution's filters: large, to see coarse features.",
            section="stem",
        ),
        shared_parameters.strides_parameter(
            2,
            name="stem_strides",
            label="Stem strides",
            help="Strides of the first convolution: 2 halves each side.",
            section="stem",
        ),
        Choice(
            name="stem_pooling",
            label="Stem pooling",
            help="The 3 × 3 pooling with strides of 2 after the first convolution.",
            default="max",
            options=shared_parameters.POOLING_OPTIONS,
            section="stem",
        ),
    )


def residual_strides(chosen: Chosen) -> int:
    """Return a group's usual strides: the template's wherever two groups meet, else 1.

    Maps shrink where a group opens, so the first group keeps their size; in version v2, as in
    Keras's ResNet V2, they shrink where a group closes, so the last one does.
    """
    unchanged = chosen["count"] - 1 if chosen.get("version") == "v2" else 0
    return 1 if chosen["index"] == unchanged else chosen["strides"]


def epsilon_parameter(**changes: Any) -> Number:
    """Return batch normalization's epsilon; the default is the one of Keras's own ResNets."""
    return Number(
        **{
            "name": "epsilon",
            "label": "Batch norm epsilon",
            "help": "A small number that keeps batch normalization from dividing by zero.",
            "default": shared_layers.RESNET_EPSILON,
            "minimum": 1e-8,
            "maximum": 0.1,
            "step": 1e-6,
            **changes,
        }
    )


def tail_parameters() -> tuple[Parameter, ...]:
    """Return the weight penalty, and the parameters of the exit: pooling, hidden layers, heads."""
    return (
        shared_parameters.l2_parameter(),
        shared_parameters.flattening_parameter("global_average"),
        shared_parameters.hidden_parameter(()),
        shared_parameters.dropout_parameter(
            section="task",
            help="The share of numbers silenced before the outputs; 0 adds no layer.",
        ),
        *shared_tasks.task_parameters(classes=1000),
    )


def stem_and_tail(p: Mapping[str, Any]) -> dict[str, Any]:
    """Return what every ResNet says of its entry and exit as a ``composable`` design."""
    return {name: p[name] for name in _SAME}
