"""How the layers of a functional model feed each other, as Keras 2 and Keras 3 write it down."""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from typing import Any, NamedTuple

from designer.errors import DesignError
from designer.importing.naming import fit
from designer.templates.parameters import show


class Tensor(NamedTuple):
    """What a layer puts out: of which of its uses, which output, and its shape if it is told."""

    layer: str
    node: int
    output: int
    shape: Any = None


class Call(NamedTuple):
    """One use of a layer: what it takes, and what is special about the call."""

    tensors: tuple[Tensor, ...]
    remarks: tuple[str, ...]


def calls_of(entry: Mapping[str, Any]) -> list[Call]:
    """Return the uses of a layer.

    Raises:
        DesignError: its ``inbound_nodes`` are none that Keras writes.
    """
    nodes = entry.get("inbound_nodes", [])
    if not isinstance(nodes, list):
        raise _unreadable(nodes)
    if entry.get("class_name") == "InputLayer":
        return [Call((), ())]
    return [_call(node) for node in nodes]


def _call(node: Any) -> Call:
    if isinstance(node, Mapping):  # Keras 3
        found: list[Tensor] = []
        others: list[str] = []
        _collect(node.get("args"), found, others, "an argument")
        kwargs = node.get("kwargs")
        for name, value in kwargs.items() if isinstance(kwargs, Mapping) else ():
            _collect(value, found, others, name)
        return Call(tuple(found), tuple(f"it is called with {one}" for one in others))
    if isinstance(node, list):  # Keras 2
        if node and isinstance(node[0], str):
            node = [node]
        found, others = [], []
        for item in node:
            found.append(_reference(item))
            extra = item[3] if len(item) > 3 else None
            for name, value in extra.items() if isinstance(extra, Mapping) else ():
                if value is not None:
                    others.append(f"{fit(name)}={show(value)}")
        return Call(tuple(found), tuple(f"it is called with {one}" for one in others))
    raise _unreadable(node)


def _collect(value: Any, found: list[Tensor], others: list[str], name: str) -> None:
    """Gather the tensors in a call's argument, and what else there is."""
    if isinstance(value, list):
        for item in value:
            _collect(item, found, others, name)
    elif isinstance(value, Mapping) and value.get("class_name") == "__keras_tensor__":
        config = value.get("config")
        history = config.get("keras_history") if isinstance(config, Mapping) else None
        shape = config.get("shape") if isinstance(config, Mapping) else None
        found.append(_reference(history)._replace(shape=shape))
    elif value is not None:
        others.append(f"{fit(name)}={show(value)}")


def references(value: Any) -> list[Tensor]:
    """Return the tensors that ``input_layers`` or ``output_layers`` name: one, a list, or (Keras
    3) an object of lists."""
    if isinstance(value, Mapping):
        return [tensor for one in value.values() for tensor in references(one)]
    if isinstance(value, list) and value:
        if isinstance(value[0], str):
            return [_reference(value)]
        return [tensor for one in value for tensor in references(one)]
    return []


def _reference(value: Any) -> Tensor:
    if (
        isinstance(value, list)
        and len(value) >= 3
        and isinstance(value[0], str)
        and all(isinstance(one, int) and not isinstance(one, bool) for one in value[1:3])
        and min(value[1:3]) >= 0
    ):
        return Tensor(value[0], value[1], value[2])
    raise _unreadable(value)


def _unreadable(value: Any) -> DesignError:
    return DesignError(
        "How the layers of the file feed each other cannot be read: received"
        f" {show(value)} where Keras names a layer, a node and a tensor."
    )


def in_order(calls: Mapping[tuple[str, int], Call]) -> list[tuple[str, int]]:
    """Return the uses of layers such that each stands behind those that feed it, otherwise in the
    order of the file.

    Raises:
        DesignError: a layer feeds itself, or is fed by one that is not there.
    """
    waiting: dict[tuple[str, int], int] = {}
    users: dict[tuple[str, int], list[tuple[str, int]]] = {}
    for key, call in calls.items():
        sources = {(tensor.layer, tensor.node) for tensor in call.tensors}
        for source in sources:
            if source not in calls:
                raise DesignError(
                    f"The layer {show(key[0])} is fed by {show(source[0])}, which the file does"
                    " not have."
                )
            users.setdefault(source, []).append(key)
        waiting[key] = len(sources)
    keys = list(calls)
    place = {key: number for number, key in enumerate(keys)}
    ready = [place[key] for key, count in waiting.items() if not count]
    heapq.heapify(ready)
    ordered: list[tuple[str, int]] = []
    while ready:
        key = keys[heapq.heappop(ready)]
        ordered.append(key)
        for user in users.get(key, ()):
            waiting[user] -= 1
            if not waiting[user]:
                heapq.heappush(ready, place[user])
    if len(ordered) < len(calls):
        stuck = next(key for key, count in waiting.items() if count)
        raise DesignError(f"The layer {show(stuck[0])} of the file feeds itself.")
    return ordered
