"""How a network normalizes is the same all over it, and stands at its top (``NORM``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from designer.code.arguments import writing
from designer.code.calls import ALL_OF
from designer.code.literals import Code
from designer.code.structure.functions import Function
from designer.code.structure.parameters import Slot
from designer.graph import Layer

#: The class whose arguments get a name when they are written as often as this.
_CLASS = "BatchNormalization"
_OFTEN = 3


def name_constants(
    functions: Sequence[Function], layers: Iterable[Layer], taken: set[str]
) -> dict[str, dict[str, Any]]:
    """Name the constants of some functions, and return them: name → arguments.

    Args:
        functions: whose slots are given the name in place of the values.
        layers: written outside of them.
        taken: names that are in use; that of the constants is added.
    """
    items = [
        item
        for function in functions
        for item in function.items
        if item.function is None and item.uses[0].class_name == _CLASS
    ]
    written = [{slot.kind: slot.source for slot in item.slots} for item in items]
    written += [dict(layer.config) for layer in layers if layer.class_name == _CLASS]
    unusual = [_unusual(config) for config in written]
    name = "NORM"
    varies = any(isinstance(value, Code) for config in unusual for value in config.values())
    if len(unusual) < _OFTEN or varies or not unusual[0] or name in taken:
        return {}
    if any(config != unusual[0] for config in unusual):
        return {}
    taken.add(name)
    for item in items:
        item.slots = [slot for slot in item.slots if slot.kind not in unusual[0]]
        item.slots.insert(0, Slot(ALL_OF, "", "", [], source=Code(name)))
    return {name: unusual[0]}


def with_constants(layer: Layer, constants: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return a layer's arguments with the name of constants in place of their values."""
    for name, values in constants.items():
        if layer.class_name == _CLASS and _unusual(layer.config) == values:
            rest = {kind: value for kind, value in layer.config.items() if kind not in values}
            return {ALL_OF: Code(name), **rest}
    return dict(layer.config)


def _unusual(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments that are not Keras's own."""
    usual = writing(_CLASS).defaults
    return {kind: value for kind, value in config.items() if value != usual.get(kind)}
