"""Numbers that are the same all over a network get a name at its top (``EPSILON``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from designer.code.arguments import writing
from designer.code.literals import Code
from designer.code.structure.functions import Function
from designer.graph import Layer

#: Keras's arguments that get a name when they are written as often as this.
_NAMED = ("epsilon", "momentum")
_OFTEN = 3


def name_constants(
    functions: Sequence[Function], layers: Iterable[Layer], taken: set[str]
) -> dict[str, tuple[str, Any]]:
    """Name the constants of some functions, and return them: argument → name and value.

    Args:
        functions: whose slots are given the name in place of the value.
        layers: written outside of them.
        taken: names that are in use; those of the constants are added.
    """
    slots = [
        (item.uses[0].class_name, slot)
        for function in functions
        for item in function.items
        if item.function is None
        for slot in item.slots
        if slot.kind in _NAMED and not isinstance(slot.source, Code)
    ]
    written = [(slot.kind, slot.source) for name, slot in slots if not _usual(name, slot)]
    written += [
        (kind, layer.config[kind])
        for layer in layers
        for kind in _NAMED
        if kind in layer.config
        and layer.config[kind] != writing(layer.class_name).defaults.get(kind)
    ]
    made: dict[str, tuple[str, Any]] = {}
    for kind in _NAMED:
        values = [value for one, value in written if one == kind]
        if len(values) < _OFTEN or len(set(values)) > 1 or kind.upper() in taken:
            continue
        made[kind] = (kind.upper(), values[0])
        taken.add(kind.upper())
        for class_name, slot in slots:
            if slot.kind == kind and not _usual(class_name, slot):
                slot.source = Code(kind.upper())
    return made


def with_constants(
    config: Mapping[str, Any], constants: Mapping[str, tuple[str, Any]]
) -> dict[str, Any]:
    """Return a layer's arguments with the names of constants in place of their values."""
    return {
        kind: Code(constants[kind][0])
        if kind in constants and constants[kind][1] == value
        else value
        for kind, value in config.items()
    }


def _usual(class_name: str, slot: Any) -> bool:
    return slot.source == writing(class_name).defaults.get(slot.kind)
