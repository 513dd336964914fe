"""A dense network for small grey pictures (book, "Simple Image Classifier")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from designer.graph import GraphBuilder
from designer.templates import shared_layers, shared_parameters, shared_tasks
from designer.templates.parameters import Choice, InputShape
from designer.templates.template import Template


def expand(g: GraphBuilder, p: Mapping[str, Any]) -> tuple[str, ...]:
    """Flatten, hidden layers, one dense layer a head."""
    with g.scope("stem", prefix=False):
        x = shared_layers.input_layer(g, p["input_shape"])
        x = g.add("Flatten", "flatten", x)
    with g.scope("learner", prefix=False):
        x = shared_layers.hidden_layers(
            g,
            x,
            p,
            batch_normalization=p["batch_normalization"],
            dropout=p["dropout"],
            dropout_position=p["dropout_position"],
        )
    with g.scope("task", prefix=False):
        return shared_layers.output_layers(g, x, p)


TEMPLATES = (
    Template(
        name="image_dnn",
        title="Image DNN",
        summary="Every pixel a feature: dense layers on a small picture laid out flat.",
        source="Book, chapter 1: Simple Image Classifier, Overfitting and Dropout",
        order=20,
        parameters=(
            InputShape(
                name="input_shape",
                label="Input",
                help="Height and width of a grey picture in pixels; with channels for colour.",
                default=(28, 28),
                axes=(("height", "width"), ("height", "width", "channels")),
                section="input",
            ),
            shared_parameters.hidden_parameter((512, 512), section="learner"),
            shared_parameters.activation_parameter(),
            shared_parameters.batch_normalization_parameter(),
            shared_parameters.dropout_parameter(),
            Choice(
                name="dropout_position",
                label="Dropout position",
                help="Before the activation, as the book codes it, or after.",
                default="before",
                options={"before": "Before the activation", "after": "After the activation"},
            ),
            shared_parameters.l2_parameter(),
            *shared_tasks.task_parameters(classes=10),
        ),
        expand=expand,
    ),
)
