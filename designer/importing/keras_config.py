"""Keras's description of a model (``config.json``, ``model.to_json()``, ``get_config()``), read.

Only values are read: nothing is imported, built, decoded or run. Both formats of Keras are known:
Keras 3 writes the tensors a layer takes as ``__keras_tensor__`` objects with their shapes, Keras
2 as lists of ``[layer, node, tensor, arguments]``. A model inside a model is opened: its layers
stand among the others, by names that begin with the model's.

The format is what ``keras/src/models/functional.py`` and ``sequential.py`` write.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeGuard

from designer.errors import DesignError
from designer.importing.entries import class_of, name_of, shape_of, told_shapes
from designer.importing.found import FoundLayer, FoundModel
from designer.importing.limits import DEEPEST_MODELS, MOST_LAYERS, MOST_WIRES
from designer.importing.naming import Names, fit
from designer.importing.wiring import Tensor, calls_of, in_order, references
from designer.templates.parameters import show

_NOT_TRAINING = "it is called with training=False"

SEQUENTIAL, FUNCTIONAL = "Sequential", ("Functional", "Model")


def is_model_config(data: Any) -> TypeGuard[Mapping[str, Any]]:
    """Return whether a JSON value looks like Keras's description of a model."""
    return isinstance(data, Mapping) and (
        isinstance(data.get("layers"), list)
        or (isinstance(data.get("class_name"), str) and "config" in data)
    )


def read_model(data: Mapping[str, Any]) -> FoundModel:
    """Return the model that a description describes.

    Raises:
        DesignError: it describes no layers, or they do not hang together; the message says what
            is missing.
    """
    reader = _Reader()
    kind, config = _kind_of(data)
    outputs = reader.read(kind, config, (), "", 0)
    if not reader.layers:
        raise DesignError("The file describes a model without layers.")
    compiled = data.get("compile_config")
    return FoundModel(
        name=fit(config.get("name")) or "model",
        layers=tuple(reader.layers),
        outputs=tuple(dict.fromkeys(outputs)),
        compiled=MappingProxyType(dict(compiled) if isinstance(compiled, Mapping) else {}),
        nested=tuple(reader.nested),
    )


def _kind_of(data: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """Return a model's class and its configuration, from either way of writing it down."""
    if isinstance(data.get("layers"), list):  # model.get_config(): the configuration alone
        functional = "input_layers" in data or "output_layers" in data
        return FUNCTIONAL[0] if functional else SEQUENTIAL, data
    kind, config = data.get("class_name"), data.get("config")
    if isinstance(config, list):  # Keras before 2.2.3 wrote a Sequential as a list of layers
        config = {"layers": config}
    if not isinstance(config, Mapping) or not isinstance(config.get("layers"), list):
        raise DesignError(
            f"The model is a {show(kind)}, whose layers are not in the file but in Python code."
            " Models made by Sequential or by keras.Model(inputs, outputs) can be opened."
        )
    if _is_functional(config) or kind in FUNCTIONAL:
        return FUNCTIONAL[0], config
    return SEQUENTIAL, config


def _is_functional(config: Mapping[str, Any]) -> bool:
    return "input_layers" in config and "output_layers" in config


def _nested(entry: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the configuration of a layer that is a model itself."""
    config = entry.get("config")
    if not isinstance(config, Mapping) or not isinstance(config.get("layers"), list):
        return None
    known = entry.get("class_name") == SEQUENTIAL or _is_functional(config)
    return config if known else None


@dataclass
class _Reader:
    """Collects the layers of a model and of the models in it."""

    layers: list[FoundLayer] = field(default_factory=list)
    nested: list[str] = field(default_factory=list)
    names: Names = field(default_factory=Names)
    wires: int = 0

    def read(
        self,
        kind: str,
        config: Mapping[str, Any],
        feeds: tuple[str, ...],
        prefix: str,
        depth: int,
        around: tuple[str, ...] = (),
    ) -> list[str]:
        """Add a model's layers; return the names of those that give its answers.

        Args:
            feeds: of a model inside a model, what comes into it, an item an input.
            prefix: starts the names of its layers.
            around: what is special about the call of the model as a whole.
        """
        if depth > DEEPEST_MODELS:
            raise DesignError(f"More than {DEEPEST_MODELS} models stand in one another.")
        entries = config["layers"]
        for place, entry in enumerate(entries, 1):
            if not isinstance(entry, Mapping) or not isinstance(entry.get("config"), Mapping):
                raise DesignError(f"Layer {place} of {len(entries)} is none: {show(entry)}.")
        if kind == SEQUENTIAL:
            return self._sequential(config, entries, feeds, prefix, depth, around)
        return self._functional(config, entries, feeds, prefix, depth, around)

    # --- one after the other --------------------------------------------------------------

    def _sequential(
        self,
        config: Mapping[str, Any],
        entries: list[Mapping[str, Any]],
        feeds: tuple[str, ...],
        prefix: str,
        depth: int,
        around: tuple[str, ...],
    ) -> list[str]:
        now = list(feeds[:1])
        if len(feeds) > 1:
            raise DesignError("A Sequential model inside the model takes several inputs.")
        if not entries:
            return now
        if not now and entries[0].get("class_name") != "InputLayer" and _nested(entries[0]) is None:
            first = entries[0]["config"]
            given = first.get("batch_input_shape", first.get("batch_shape"))
            shape = given if given is not None else config.get("build_input_shape")
            now = [self._input({"batch_shape": shape}, "inputs", prefix)]
        for place, entry in enumerate(entries):
            if entry.get("class_name") == "InputLayer":
                if not now:
                    now = [self._input(entry["config"], name_of(entry), prefix)]
                continue
            inner = _nested(entry)
            if inner is not None:
                now = self._open(entry, inner, tuple(now), prefix, depth, around)
                continue
            after = entries[place + 1] if place + 1 < len(entries) else {}
            built = after.get("build_config")
            told = built.get("input_shape") if isinstance(built, Mapping) else None
            now = [self._add(entry, tuple(now), prefix, shape_of(told), around)]
        return now

    # --- a graph --------------------------------------------------------------------------

    def _functional(
        self,
        config: Mapping[str, Any],
        entries: list[Mapping[str, Any]],
        feeds: tuple[str, ...],
        prefix: str,
        depth: int,
        around: tuple[str, ...],
    ) -> list[str]:
        by_name = {name_of(entry): entry for entry in entries}
        if len(by_name) < len(entries):
            raise DesignError("Two layers of the file have the same name.")
        calls = {
            (name, node): call
            for name, entry in by_name.items()
            for node, call in enumerate(calls_of(entry))
        }
        doors = [reference.layer for reference in references(config.get("input_layers"))]
        if feeds and len(feeds) != len(doors):
            raise DesignError(
                f"A model inside the model takes {len(doors)} inputs and receives {len(feeds)}."
            )
        given = dict(zip(doors, feeds, strict=True)) if feeds else {}
        shapes = told_shapes(calls.values())
        made: dict[tuple[str, int], list[str]] = {}
        for name, node in in_order(calls):
            entry, call = by_name[name], calls[name, node]
            sources = tuple(_source(made, tensor) for tensor in call.tensors)
            if entry.get("class_name") == "InputLayer":
                door = given.get(name)
                made[name, node] = [door or self._input(entry["config"], name, prefix)]
                continue
            inner = _nested(entry)
            if inner is not None:
                if node:
                    raise DesignError(f"The model {show(name)} is used twice in the file's model.")
                told = (*around, *call.remarks)
                made[name, node] = self._open(entry, inner, sources, prefix, depth, told)
                continue
            remarks = [*around, *call.remarks]
            if entry.get("class_name") == "Dropout" and _NOT_TRAINING in remarks:
                remarks.remove(_NOT_TRAINING)  # Keras writes so of every Dropout
            if node:
                remarks.append(f"it shares the weights of {fit(name)}, which is used again here")
            shape = shapes.get((name, node))
            made[name, node] = [self._add(entry, sources, prefix, shape, tuple(remarks))]
        wanted = references(config.get("output_layers"))
        if not wanted:
            raise DesignError("The file does not say which layers give the model's answers.")
        return [_source(made, tensor) for tensor in wanted]

    # --- one layer ------------------------------------------------------------------------

    def _open(
        self,
        entry: Mapping[str, Any],
        inner: Mapping[str, Any],
        feeds: tuple[str, ...],
        prefix: str,
        depth: int,
        around: tuple[str, ...],
    ) -> list[str]:
        name = name_of(entry)
        self.nested.append(fit(name) or "model")
        kind = FUNCTIONAL[0] if _is_functional(inner) else SEQUENTIAL
        return self.read(kind, inner, feeds, f"{prefix}{fit(name)}_", depth + 1, around)

    def _input(self, config: Mapping[str, Any], name: str, prefix: str) -> str:
        shape = config.get("batch_shape", config.get("batch_input_shape"))
        if shape is None and isinstance(config.get("shape"), list):
            shape = [None, *config["shape"]]
        rest = {
            key: value
            for key, value in config.items()
            if key not in {"name", "batch_shape", "batch_input_shape", "shape"}
        }
        return self._keep("InputLayer", True, rest, name, (), prefix, shape_of(shape), ())

    def _add(
        self,
        entry: Mapping[str, Any],
        inputs: tuple[str, ...],
        prefix: str,
        told: tuple[int | None, ...] | None,
        remarks: tuple[str, ...],
    ) -> str:
        config = {key: value for key, value in entry["config"].items() if key != "name"}
        class_name, own = class_of(entry)
        name = name_of(entry)
        return self._keep(class_name, own, config, name, inputs, prefix, told, remarks)

    def _keep(
        self,
        class_name: str,
        own: bool,
        config: Mapping[str, Any],
        name: str,
        inputs: tuple[str, ...],
        prefix: str,
        told: tuple[int | None, ...] | None,
        remarks: tuple[str, ...],
    ) -> str:
        if len(self.layers) >= MOST_LAYERS:
            raise DesignError(f"The model has more than {MOST_LAYERS:,} layers.")
        self.wires += len(inputs)
        if self.wires > MOST_WIRES:
            raise DesignError(f"The model's layers have more than {MOST_WIRES:,} connections.")
        unique = self.names.unique(f"{prefix}{fit(name)}", class_name.lower())
        self.layers.append(
            FoundLayer(
                unique, class_name, own, MappingProxyType(dict(config)), inputs, told, remarks
            )
        )
        return unique


def _source(made: Mapping[tuple[str, int], list[str]], tensor: Tensor) -> str:
    outputs = made.get((tensor.layer, tensor.node))
    if not outputs:
        raise DesignError(
            f"The file names the layer {show(tensor.layer)} as a source of another, and has no"
            " such layer."
        )
    return outputs[min(tensor.output, len(outputs) - 1)]
