"""A network as a value: layers with a name, a class, Keras arguments, inputs and a place.

A graph says nothing of shapes or counts; those are read from it (``designer.summary``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from designer.errors import DesignError

#: More layers than this are no design but a slip of the keyboard; the page must stay alive.
MOST_LAYERS = 20_000


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of a graph.

    Attributes:
        name: unique and telling, the same on screen, in code, in Keras and in an export.
        class_name: the Keras class (``Conv2D``).
        config: its Keras arguments, without the name.
        inputs: the names of the layers that feed it.
        path: where it stands, from the outside in (``learner/group2/block1``).
    """

    name: str
    class_name: str
    config: MappingProxyType[str, Any]
    inputs: tuple[str, ...]
    path: str


@dataclass(frozen=True)
class LayerGraph:
    """Layers in the order they are built (inputs before users), and the names of the outputs."""

    layers: tuple[Layer, ...]
    outputs: tuple[str, ...]


@dataclass
class GraphBuilder:
    """Collects the layers of a graph while a template expands.

    ``with builder.scope("group2"), builder.scope("block1")`` gives the layers added inside the
    path ``group2/block1`` and names that start with ``group2_block1_``.
    """

    layers: list[Layer] = field(default_factory=list)
    _path: str = ""
    _prefix: str = ""
    _names: set[str] = field(default_factory=set)

    @contextmanager
    def scope(self, name: str, *, prefix: bool = True) -> Iterator[None]:
        """Put the layers added inside under ``name``.

        Args:
            name: one step of the path.
            prefix: whether it also starts the names of the layers (``learner`` does not).
        """
        outside = self._path, self._prefix
        self._path = f"{self._path}/{name}" if self._path else name
        if prefix:
            self._prefix = f"{self._prefix}{name}_"
        try:
            yield
        finally:
            self._path, self._prefix = outside

    def add(
        self, class_name: str, name: str, inputs: str | Sequence[str] = (), **config: Any
    ) -> str:
        """Add a layer fed by ``inputs`` and return its full name."""
        full = f"{self._prefix}{name}"
        if full in self._names:
            raise AssertionError(f"a template used the layer name {full!r} twice")
        if len(self.layers) >= MOST_LAYERS:
            raise DesignError(
                f"groups: this design has more than {MOST_LAYERS:,} layers; fewer groups or"
                " blocks work.",
                field="groups",
            )
        self._names.add(full)
        feeds = (inputs,) if isinstance(inputs, str) else tuple(inputs)
        self.layers.append(Layer(full, class_name, MappingProxyType(config), feeds, self._path))
        return full

    def graph(self, outputs: Sequence[str]) -> LayerGraph:
        """Return what has been collected, as a value."""
        return LayerGraph(tuple(self.layers), tuple(outputs))
