"""Runs generated source with something in Keras's place that writes down what is built.

It knows Keras's arguments from our table, which ``test_arguments`` holds against Keras itself; so
random designs by the hundred can be read back as graphs without TensorFlow.
"""

from __future__ import annotations

import builtins
from types import SimpleNamespace
from typing import Any

from designer.code.arguments import writing
from designer.graph import LayerGraph
from designer.regularizers import L2

Read = dict[str, tuple[str, dict[str, Any], tuple[str, ...]]]


def full_config(class_name: str, config: dict[str, Any]) -> dict[str, Any]:
    """Return a layer's arguments with the defaults we know, for comparison."""
    filled = {**writing(class_name).defaults, **config}
    if "pool_size" in filled:
        filled.setdefault("strides", filled["pool_size"])
    return filled


def as_read(graph: LayerGraph) -> tuple[Read, tuple[str, ...]]:
    """Return a graph the way :func:`record` returns what it ran."""
    read: Read = {}
    for layer in graph.layers:
        config = full_config(layer.class_name, dict(layer.config))
        read[layer.name] = (layer.class_name, config, layer.inputs)
    return read, graph.outputs


class _Layers:
    def __init__(self, made: Read):
        self._made = made

    def __getattr__(self, class_name: str) -> Any:
        def make(*positional: Any, name: str, **config: Any) -> Any:
            config = {**dict(zip(writing(class_name).first, positional, strict=False)), **config}
            assert len(positional) <= len(writing(class_name).first)

            def feed(tensors: Any) -> str:
                feeds = tuple(tensors) if isinstance(tensors, list) else (tensors,)
                assert all(one in self._made for one in feeds)
                assert name not in self._made, name
                self._made[name] = (class_name, full_config(class_name, config), feeds)
                return name

            return feed

        return make


def record(source: str) -> tuple[Read, tuple[str, ...]]:
    """Run functional source; return its layers by name, in order, and its outputs."""
    made: Read = {}
    ends: list[tuple[str, ...]] = []

    def make_input(*, shape: tuple[int, ...], name: str) -> str:
        made[name] = ("InputLayer", {"shape": shape}, ())
        return name

    def make_model(inputs: str, outputs: Any, *, name: str) -> Any:
        ends.append(tuple(outputs) if isinstance(outputs, list) else (outputs,))
        return SimpleNamespace(compile=lambda **settings: None)

    def make_sequence(layers: Any = (), *, name: str) -> Any:
        def add(layer: Any) -> None:
            layer = layer(list(made)[-1]) if callable(layer) else layer
            ends[:] = [(layer,)]

        for layer in layers:
            add(layer)
        return SimpleNamespace(compile=lambda **settings: None, add=add)

    anything = SimpleNamespace
    keras = anything(
        Input=make_input, Model=make_model, Sequential=make_sequence, layers=_Layers(made),
        metrics=_Anything(), regularizers=anything(L2=L2),
    )  # fmt: skip
    globals_: dict[str, Any] = {
        "__name__": "source",
        "__builtins__": {**vars(builtins), "__import__": lambda name, *rest: keras},
    }
    exec(compile(source, "source.py", "exec"), globals_)
    assert "model" in globals_
    return made, ends[0]


class _Anything:
    def __getattr__(self, name: str) -> Any:
        return lambda **options: None
