"""What stands in a layer's entry in Keras's description of a model: name, class, shapes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from designer.importing.limits import LARGEST_SIZE
from designer.importing.naming import fit
from designer.importing.wiring import Call


def name_of(entry: Mapping[str, Any]) -> str:
    """Return a layer's name; empty if it has none."""
    name = entry.get("name", entry["config"].get("name"))
    return name if isinstance(name, str) else ""


def class_of(entry: Mapping[str, Any]) -> tuple[str, bool]:
    """Return a layer's class, and whether it is Keras's own.

    An operation on tensors (``x + y``) is written as a layer of class ``Add`` too; its module
    tells it from the layer of that name. Keras 2 wrote no module.
    """
    class_name = entry.get("class_name")
    known = class_name if isinstance(class_name, str) and class_name else "Unknown"
    module, registered = entry.get("module"), entry.get("registered_name")
    own = registered in (None, known) and (
        module is None
        or module == "keras.layers"
        or (isinstance(module, str) and module.startswith(("keras.src.layers", "keras.layers")))
    )
    shown = registered if isinstance(registered, str) and not own else known
    return fit(shown) or "Unknown", own


def told_shapes(calls: Iterable[Call]) -> dict[tuple[str, int], tuple[int | None, ...] | None]:
    """Return the shapes that calls tell of what feeds them: layer and its use → shape."""
    return {
        (tensor.layer, tensor.node): shape_of(tensor.shape)
        for call in calls
        for tensor in call.tensors
        if tensor.shape is not None and tensor.output == 0
    }


def shape_of(batch_shape: Any) -> tuple[int | None, ...] | None:
    """Return a shape without its batch, if it is one."""
    if not isinstance(batch_shape, list) or not 1 <= len(batch_shape) <= 12:
        return None
    sizes = batch_shape[1:]
    for size in sizes:
        whole = isinstance(size, int) and not isinstance(size, bool)
        if size is not None and not (whole and 1 <= size <= LARGEST_SIZE):
            return None
    return tuple(sizes)
