"""A model somebody else's file describes, as a value: its layers, and how they are wired."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from designer.layers import Shape


@dataclass(frozen=True)
class FoundLayer:
    """One use of a layer.

    Attributes:
        name: unique; the file's, as far as it can be shown.
        class_name: the Keras class, or what the file says instead (``my_package>Attention``).
        own: whether the class is Keras's own, whose arguments we know how to read.
        config: its arguments as the file has them, the name left out.
        inputs: the names of the layers that feed it.
        told_shape: the shape of its output as the file tells it, without the batch, ``None``
            where a size is left open; ``None`` altogether if the file is silent.
        remarks: what is special about this use: shared weights, arguments of the call.
    """

    name: str
    class_name: str
    own: bool
    config: Mapping[str, Any]
    inputs: tuple[str, ...]
    told_shape: tuple[int | None, ...] | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class FoundModel:
    """A model of a file.

    Attributes:
        name: the model's own.
        layers: inputs before users.
        outputs: the names of the layers that give the answers.
        compiled: what the file says of loss, optimizer and metrics; empty if nothing.
        nested: the names of models inside it, whose layers stand among the others here.
    """

    name: str
    layers: tuple[FoundLayer, ...]
    outputs: tuple[str, ...]
    compiled: Mapping[str, Any] = field(default_factory=dict)
    nested: tuple[str, ...] = ()


def whole_shape(shape: tuple[int | None, ...] | None) -> Shape | None:
    """Return a shape all of whose sizes are known; ``None`` otherwise."""
    if shape is None or any(size is None for size in shape):
        return None
    return tuple(size for size in shape if size is not None)
