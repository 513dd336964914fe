"""What a design costs: shapes, parameters, multiply-adds and memory, layer by layer.

Read from the graph by the rules in ``designer.layers``, in milliseconds and without TensorFlow.
Tests hold every number against tf.keras.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any, NamedTuple

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


class Cost(NamedTuple):
    """What a layer costs, wherever it stands.

    Attributes:
        shape: the sizes of its output, without the batch; ``None`` if it cannot be built.
        params: weights and biases, trained or not.
        trainable_params: those that training changes.
        multiply_adds: multiplications paired with an addition, for one example.
        fault: why it cannot be built, if it cannot.
    """

    shape: Shape | None = None
    params: int = 0
    trainable_params: int = 0
    multiply_adds: int = 0
    fault: LayerFault | None = None


#: Of a layer behind one that cannot be built.
UNREACHED = Cost()


@dataclass(frozen=True, slots=True)
class LayerSummary:
    """One layer, what comes into it, and what it costs."""

    layer: Layer
    input_shapes: tuple[Shape, ...]
    cost: Cost

    @property
    def name(self) -> str:
        return self.layer.name

    @property
    def class_name(self) -> str:
        return self.layer.class_name

    @property
    def path(self) -> str:
        return self.layer.path

    @property
    def inputs(self) -> tuple[str, ...]:
        return self.layer.inputs

    @property
    def output_shape(self) -> tuple[int | None, ...] | None:
        """Sizes with ``None`` for the batch; ``None`` if it cannot be built."""
        return None if self.cost.shape is None else (None, *self.cost.shape)

    @property
    def params(self) -> int:
        return self.cost.params

    @property
    def trainable_params(self) -> int:
        return self.cost.trainable_params

    @property
    def multiply_adds(self) -> int:
        return self.cost.multiply_adds

    @property
    def fault(self) -> LayerFault | None:
        return self.cost.fault

    @property
    def counted(self) -> bool:
        """Whether there is a rule for it; a layer of somebody else's model may have none."""
        return True

    @property
    def output_size(self) -> int:
        """How many numbers come out for one example."""
        return 0 if self.cost.shape is None else prod(self.cost.shape)

    def why_shape(self) -> str:
        """Say where the output shape comes from."""
        if self.cost.shape is None:
            return self._unbuilt()
        rule = rule_for(self.class_name)
        return rule.explain_shape(self.layer.config, self.input_shapes, self.cost.shape)

    def why_params(self) -> str:
        """Say, as arithmetic, where the parameters come from."""
        if self.cost.shape is None:
            return self._unbuilt()
        return rule_for(self.class_name).explain_params(self.layer.config, self.input_shapes)

    def why_multiply_adds(self) -> str:
        """Say, as arithmetic, where the multiply-adds come from."""
        if self.cost.shape is None:
            return self._unbuilt()
        rule = rule_for(self.class_name)
        return rule.explain_multiply_adds(self.layer.config, self.input_shapes, self.cost.shape)

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
    costs: dict[tuple[Any, ...], Cost] = {}  # blocks repeat: each kind is worked out once
    layers = []
    for layer in design.graph.layers:
        feeds = [shapes[name] for name in layer.inputs]
        inputs = tuple([shape for shape in feeds if shape is not None])
        if len(inputs) == len(feeds):
            kind = (layer.class_name, inputs, *layer.config.items())
            cost = costs.get(kind)
            if cost is None:
                cost = costs[kind] = _cost_of(layer, inputs)
        else:
            cost = UNREACHED
        shapes[layer.name] = cost.shape
        layers.append(LayerSummary(layer, inputs, cost))
    return Summary(design, tuple(layers))


def _cost_of(layer: Layer, inputs: tuple[Shape, ...]) -> Cost:
    rule = rule_for(layer.class_name)
    try:
        shape = rule.output_shape(layer.config, inputs)
    except LayerFault as fault:
        return Cost(fault=fault)
    weights = rule.weights(layer.config, inputs)
    return Cost(
        shape,
        sum(weight.count for weight in weights),
        sum(weight.count for weight in weights if weight.trainable),
        rule.multiply_adds(layer.config, inputs, shape),
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
