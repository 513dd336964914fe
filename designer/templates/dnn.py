"""Dense networks for tables of numbers (book, chapter 1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from designer.graph import GraphBuilder
from designer.templates import shared_layers, shared_parameters, shared_tasks
from designer.templates.parameters import Chosen, InputShape
from designer.templates.template import Template

# The book's examples: 13 features of a house, 4 body measurements, 3 without the gender.
FEATURES = {"regression": 13, "binary": 13, "multiclass": 4, "multilabel": 3, "multitask": 3}


def _classes(chosen: Chosen) -> Any:
    return {"multilabel": 7, "multitask": (5, 2)}.get(chosen["task"], 5)


def expand(g: GraphBuilder, p: Mapping[str, Any]) -> tuple[str, ...]:
    """Input, hidden layers, one dense layer a head."""
    with g.scope("stem", prefix=False):
        x = shared_layers.input_layer(g, p["input_shape"])
    with g.scope("learner", prefix=False):
        x = shared_layers.hidden_layers(
            g, x, p, batch_normalization=p["batch_normalization"], dropout=p["dropout"]
        )
    with g.scope("task", prefix=False):
        return shared_layers.output_layers(g, x, p)


TEMPLATES = (
    Template(
        name="dnn",
        title="DNN",
        summary="Dense layers for a table of numbers: the first network of every course.",
        source="Book, chapter 1: from the input layer to the multi-task classifier",
        order=10,
        parameters=(
            *shared_tasks.task_parameters(
                task="regression",
                classes=_classes,
                between=(
                    InputShape(
                        name="input_shape",
                        label="Input",
                        help="How many numbers (features) describe one example.",
                        default=lambda chosen: (FEATURES[chosen["task"]],),
                        axes=(("features",),),
                        maximum=1_000_000,
                        section="input",
                    ),
                ),
            ),
            shared_parameters.hidden_parameter((10, 10), section="learner"),
            shared_parameters.activation_parameter(),
            shared_parameters.batch_normalization_parameter(),
            shared_parameters.dropout_parameter(),
            shared_parameters.l2_parameter(),
        ),
        expand=expand,
    ),
)
