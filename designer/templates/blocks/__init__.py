"""The block patterns: the micro-architecture of a group, a file each.

Every convolutional template expands through these, and ``composable`` offers them all. To add a
pattern, add a file here that defines a :class:`Pattern`; it is found by itself, with its fields.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from functools import cache

from designer.templates.blocks.pattern import Maps, Pattern

__all__ = ["Maps", "Pattern", "patterns"]


@cache
def patterns() -> dict[str, Pattern]:
    """Return every pattern by name, in the order a page shows them."""
    found: dict[str, Pattern] = {}
    for module in pkgutil.iter_modules(__path__):
        for value in vars(importlib.import_module(f"{__name__}.{module.name}")).values():
            if inspect.isclass(value) and issubclass(value, Pattern) and "name" in vars(value):
                found[value.name] = value()
    return dict(sorted(found.items(), key=lambda item: item[1].order))
