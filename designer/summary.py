"""What a design costs: shapes, parameters, multiply-adds and memory, layer by layer.

Read from the graph by the rules in ``designer.layers``, in milliseconds and without TensorFlow.
Tests hold every number against tf.keras.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

from designer.design import Design
from designer.errors import DesignError
from designer.graph import Layer
from designer.layers import LayerFault, Shape, rule_for
from designer.places import Place, sections_of
from designer.tasks import OPTIMIZER_SLOTS
from designer.templates import template
from designer.templates.blocks import patterns

#: All our weights and feature maps are 32-bit floats.
BYTES_A_NUMBER = 4


@dataclass(frozen=True)
class LayerSummary:
    """One layer and what it costs.

    Attributes:
        name, class_name, path, inputs: as in the graph.
        output_shape: sizes with ``None`` for the batch; ``None`` if it cannot be built.
        params: weights and biases, trained or not.
        trainable_params: those that training changes.
        multiply_adds: multiplications paired with an addition, for one example.
        fault: why it cannot be built, if it cannot.
    """

    name: str
    class_name: str
    path: str
    inputs: tuple[str, ...]
    output_shape: tuple[int | None, ...] | None
    params: int
    trainable_params: int
    multiply_adds: int
    layer: Layer
    input_shapes: tuple[Shape, ...]
    fault: LayerFault | None = None

    @property
    def output_size(self) -> int:
        """How many numbers come out for one example."""
        return prod(self._out) if self.output_shape is not None else 0

    @property
    def _out(self) -> Shape:
        assert self.output_shape is not None
        return tuple(size for size in self.output_shape[1:] if size is not None)

    def why_shape(self) -> str:
        """Say where the output shape comes from."""
        if self.output_shape is None:
            return self._unbuilt()
        rule = rule_for(self.class_name)
        return rule.explain_shape(self.layer.config, self.input_shapes, self._out)

    def why_params(self) -> str:
        """Say, as arithmetic, where the parameters come from."""
        if self.output_shape is None:
            return self._unbuilt()
        return rule_for(self.class_name).explain_params(self.layer.config, self.input_shapes)

    def why_multiply_adds(self) -> str:
        """Say, as arithmetic, where the multiply-adds come from."""
        if self.output_shape is None:
            return self._unbuilt()
        rule = rule_for(self.class_name)
        return rule.explain_multiply_adds(self.layer.config, self.input_shapes, self._out)

    def _unbuilt(self) -> str:
        return str(self.fault) if self.fault else "A layer before it cannot be built."

    def to_dict(self) -> dict[str, Any]:
        """Return the layer as the command line prints it."""
        return {
            "name": self.name,
            "class_name": self.class_name,
            "path": self.path,
            "inputs": list(self.inputs),
            "output_shape": None if self.output_shape is None else list(self.output_shape),
            "params": self.params,
            "trainable_params": self.trainable_params,
            "multiply_adds": self.multiply_adds,
        }


@dataclass(frozen=True)
class Summary:
    """A design's layers and totals.

    Attributes:
        design: what was summarised.
        layers: every layer, the input included, in the order they are built.
    """

    design: Design
    layers: tuple[LayerSummary, ...]

    @property
    def template(self) -> str:
        return self.design.template

    @cached_property
    def sections(self) -> tuple[Place, ...]:
        """Stem, groups and task, with their blocks and layers: what a person can point at."""
        return sections_of(self.layers)

    @cached_property
    def total_params(self) -> int:
        """All weights and biases."""
        return sum(layer.params for layer in self.layers)

    @cached_property
    def trainable_params(self) -> int:
        """The weights and biases that training changes."""
        return sum(layer.trainable_params for layer in self.layers)

    @property
    def non_trainable_params(self) -> int:
        """The rest: the moving means and variances of batch normalization."""
        return self.total_params - self.trainable_params

    @cached_property
    def multiply_adds(self) -> int:
        """Multiplications paired with an addition, for one example."""
        return sum(layer.multiply_adds for layer in self.layers)

    @property
    def weight_bytes(self) -> int:
        """Memory of the weights, in bytes."""
        return BYTES_A_NUMBER * self.total_params

    @cached_property
    def activation_bytes(self) -> int:
        """Memory of what all layers put out for one example, in bytes."""
        return BYTES_A_NUMBER * sum(layer.output_size for layer in self.layers)

    def training_bytes(self, batch_size: int = 32, optimizer: str | None = None) -> int:
        """Return roughly the memory that training on a batch takes, in bytes.

        Weights, a gradient for each trainable one, the optimizer's own numbers for each (Adam
        keeps two, RMSprop one), and what every layer put out for every example, which the
        backward pass needs again.
        """
        slots = OPTIMIZER_SLOTS[optimizer or self.design["optimizer"]]
        trained = BYTES_A_NUMBER * self.trainable_params * (1 + slots)
        return self.weight_bytes + trained + batch_size * self.activation_bytes

    @cached_property
    def fault(self) -> DesignError | None:
        """The first layer that cannot be built, as an error for a person; ``None`` if all can."""
        for layer in self.layers:
            if layer.fault:
                where = field_of(self.design, layer.layer, layer.fault.argument)
                named = f" ({where})" if where else ""
                message = f"The layer {layer.name!r}{named} cannot be built. {layer.fault}"
                if where and not where.endswith("]"):  # a field holds that argument
                    message = f"{message} {layer.fault.argument_works}".rstrip()
                return DesignError(
                    message,
                    layer=layer.name,
                    field=where,
                )
        return None

    def to_dict(self) -> dict[str, Any]:
        """Return the summary as the command line prints it."""
        return {
            "template": self.template,
            "total_params": self.total_params,
            "trainable_params": self.trainable_params,
            "non_trainable_params": self.non_trainable_params,
            "multiply_adds": self.multiply_adds,
            "layers": [layer.to_dict() for layer in self.layers],
        }


def summarize(design: Design) -> Summary:
    """Return what a design costs, layer by layer.

    Raises:
        DesignError: if a layer cannot be built on what comes into it; the message names the
            layer and the field, and says what would work.
    """
    summary = outline(design)
    if summary.fault:
        raise summary.fault
    return summary


def outline(design: Design) -> Summary:
    """Return a summary even of a design that cannot be built: the layers up to the fault have
    their figures, the layer at fault has the reason, and those after it have no shape."""
    shapes: dict[str, Shape | None] = {}
    layers = []
    for layer in design.graph.layers:
        summary = _summarize_layer(layer, shapes)
        shapes[layer.name] = summary._out if summary.output_shape is not None else None
        layers.append(summary)
    return Summary(design, tuple(layers))


def _summarize_layer(layer: Layer, shapes: Mapping[str, Shape | None]) -> LayerSummary:
    known = [shapes[name] for name in layer.inputs]
    inputs = tuple(shape for shape in known if shape is not None)
    fault, output, params, trainable, multiply_adds = None, None, 0, 0, 0
    if len(inputs) == len(known):
        rule = rule_for(layer.class_name)
        try:
            output = rule.output_shape(layer.config, inputs)
        except LayerFault as error:
            fault = error
        else:
            for weight in rule.weights(layer.config, inputs):
                params += weight.count
                trainable += weight.count if weight.trainable else 0
            multiply_adds = rule.multiply_adds(layer.config, inputs, output)
    return LayerSummary(
        layer.name,
        layer.class_name,
        layer.path,
        layer.inputs,
        None if output is None else (None, *output),
        params,
        trainable,
        multiply_adds,
        layer,
        inputs,
        fault,
    )


#: Keras's argument → what the same thing is called in a design.
_FIELD_NAMES = {"groups": "cardinality", "pool_size": "pool_size", "kernel_size": "kernel_size"}


def field_of(design: Design, layer: Layer, argument: str | None) -> str | None:
    """Return the parameter behind a layer's argument (``groups[1].cardinality``), if one is."""
    name = _FIELD_NAMES.get(argument or "")
    step = next((part for part in layer.path.split("/") if part.startswith("group")), "")
    if step:
        index = int(step.removeprefix("group")) - 1
        group = design["groups"][index]
        if "pattern" in group:
            name = patterns()[group["pattern"]].argument_names.get(argument or "", name)
        if name and name in group:
            return f"groups[{index}].{name}"
        return f"groups[{index}]"
    parameters = [parameter.name for parameter in template(design.template).parameters]
    prefixed = f"stem_{name}"
    return prefixed if prefixed in parameters else None
