"""A model of a file to be looked at: its graph, and what it costs as far as our rules know.

A layer without a rule keeps its class and its arguments, and has no figures of its own; where the
file tells the shape of what it puts out, the layers behind it are counted again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

from designer.design import Design
from designer.errors import DesignError
from designer.graph import Layer, LayerGraph
from designer.importing.arguments import ReadLayer, read_layer
from designer.importing.cuts import cut_layers
from designer.importing.found import FoundModel, whole_shape
from designer.importing.recognising.target import Target, TargetLayer
from designer.importing.sections import in_sections, paths
from designer.layers import LayerFault, Shape, rule_for
from designer.summary import Cost, LayerSummary, Summary


@dataclass(frozen=True)
class ModelSummary(Summary):
    """What a model of a file costs, in the words of a design's summary.

    Attributes:
        name: the model's own.
        uncounted: the layers that have no figures: layer → why.
        unedited: the layers, counted or not, that no design has: layer → why.
    """

    name: str = "model"
    uncounted: Mapping[str, str] = field(default_factory=dict)
    unedited: Mapping[str, str] = field(default_factory=dict)

    @property
    def template(self) -> str:
        return self.name

    @cached_property
    def fault(self) -> DesignError | None:
        """Nothing is to be mended here: what cannot be counted is said beside the drawing."""
        return None

    def training_bytes(self, batch_size: int = 32, optimizer: str | None = None) -> int:
        """Return roughly the memory that training on a batch would take, in bytes."""
        return super().training_bytes(batch_size, optimizer or "adam")

    @property
    def complete(self) -> bool:
        """Whether every layer has its figures."""
        return not self.uncounted and all(layer.cost.shape is not None for layer in self.layers)


@dataclass(frozen=True, slots=True)
class UncountedLayer(LayerSummary):
    """A layer without figures of its own, and why it has none."""

    why: str = ""

    @property
    def counted(self) -> bool:
        """Whether there is a rule for it."""
        return False

    def why_shape(self) -> str:
        """Say where the output shape comes from."""
        told = "" if self.cost.shape is None else "The file tells its shape. "
        return f"{told}Not counted: {self.why}."

    def why_params(self) -> str:
        """Say why its parameters are not counted."""
        return f"Not counted: {self.why}."

    def why_multiply_adds(self) -> str:
        """Say why its multiply-adds are not counted."""
        return f"Not counted: {self.why}."


@dataclass(frozen=True, eq=False)
class _OfAFile(Design):
    """Stands in a summary where a design would: the graph that was found, and no choices."""

    found: LayerGraph = field(default_factory=lambda: LayerGraph((), ()))

    @cached_property
    def graph(self) -> LayerGraph:
        return self.found


@dataclass(frozen=True)
class Looked:
    """A model of a file, looked into.

    Attributes:
        model: as the file has it.
        read: layer → the same as a design would say it.
        summary: its layers and figures.
        cuts: the layers that everything passes through.
    """

    model: FoundModel
    read: Mapping[str, ReadLayer]
    summary: ModelSummary
    cuts: frozenset[str]

    @property
    def shapes(self) -> dict[str, Shape | None]:
        """The shape of what each layer puts out, if it is known."""
        return {layer.name: layer.cost.shape for layer in self.summary.layers}


def look(model: FoundModel) -> Looked:
    """Return a model of a file with all that can be said of it."""
    read: dict[str, ReadLayer] = {}
    costs: dict[str, Cost] = {}
    for layer in model.layers:
        feeds = [costs[name].shape for name in layer.inputs]
        known = tuple(shape for shape in feeds if shape is not None)
        known_as = read_layer(layer, len(known[0]) if known else None)
        told = whole_shape(layer.told_shape)
        if known_as.uncounted:
            costs[layer.name] = Cost(told)
        elif len(known) < len(feeds):
            costs[layer.name] = Cost(told)
            known_as.unreached.append("what comes into it has a size that is not known")
        else:
            costs[layer.name] = _cost(known_as, known, told)
        read[layer.name] = known_as
    inputs = {layer.name: layer.inputs for layer in model.layers}
    order = in_sections(model)
    cuts = cut_layers(order, inputs, model.outputs)
    shapes = {name: cost.shape for name, cost in costs.items()}
    graph = _graph(model, read, order, paths(model, order, cuts, shapes))
    uncounted = _said({name: one.uncounted or one.unreached for name, one in read.items()})
    layers: list[LayerSummary] = []
    for one in graph.layers:
        into = tuple(shape for name in one.inputs if (shape := costs[name].shape) is not None)
        cost, why = costs[one.name], uncounted.get(one.name)
        layers.append(
            UncountedLayer(one, into, cost, why) if why else LayerSummary(one, into, cost)
        )
    digest = hashlib.sha256(repr(model).encode("utf-8", "backslashreplace")).hexdigest()
    summary = ModelSummary(
        design=_OfAFile("model", MappingProxyType({"digest": digest}), graph),
        layers=tuple(layers),
        name=model.name,
        uncounted=uncounted,
        unedited=_said({name: one.uncounted + one.unedited for name, one in read.items()}),
    )
    return Looked(model, MappingProxyType(read), summary, cuts)


def _said(reasons: Mapping[str, list[str]]) -> Mapping[str, str]:
    return MappingProxyType({name: "; ".join(why) for name, why in reasons.items() if why})


def _cost(read: ReadLayer, inputs: tuple[Shape, ...], told: Shape | None) -> Cost:
    rule = rule_for(read.class_name)
    try:
        shape = rule.output_shape(read.config, inputs)
        if any(size < 1 for size in shape):
            raise LayerFault("Nothing would be left of its maps.", works="")
        weights = rule.weights(read.config, inputs)
        return Cost(
            shape,
            sum(weight.count for weight in weights),
            sum(weight.count for weight in weights if weight.trainable),
            rule.multiply_adds(read.config, inputs, shape),
        )
    except (LayerFault, ArithmeticError, LookupError, TypeError, ValueError) as error:
        # The file's arguments do not fit each other: Keras would not build this model either.
        why = error.message if isinstance(error, LayerFault) else "its arguments fit no input"
        read.uncounted.append(f"it cannot be built as the file says: {why}")
        return Cost(told)


def _graph(
    model: FoundModel, read: Mapping[str, ReadLayer], order: list[str], places: Mapping[str, str]
) -> LayerGraph:
    by_name = {layer.name: layer for layer in model.layers}
    layers = []
    for name in order:
        # What our rules and pages read is only what we could read ourselves.
        config: Mapping[str, Any] = {} if read[name].uncounted else read[name].config
        layers.append(
            Layer(
                name,
                by_name[name].class_name if read[name].uncounted else read[name].class_name,
                MappingProxyType(dict(config)),
                by_name[name].inputs,
                places[name],
            )
        )
    return LayerGraph(tuple(layers), model.outputs)


def target_of(looked: Looked) -> Target | None:
    """Return a network to look for among our designs; ``None`` if a layer of it is in none."""
    shapes = {name: shape for name, shape in looked.shapes.items() if shape is not None}
    if looked.summary.unedited or len(shapes) < len(looked.model.layers):
        return None
    if not all(shapes.values()) or looked.model.layers[0].class_name != "InputLayer":
        return None
    layers = [
        TargetLayer(layer.name, looked.read[layer.name].class_name, looked.read[layer.name].config,
                    layer.inputs)
        for layer in looked.model.layers
    ]  # fmt: skip
    return Target(layers, looked.model.outputs, shapes)
