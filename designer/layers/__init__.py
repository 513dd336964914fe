"""A rule a layer class: output shape, parameters, multiply-adds, and why.

To add a layer class, add a file here that defines a :class:`LayerRule`; it is found by itself.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from functools import cache

from designer.errors import unknown_name
from designer.layers.base import Config, LayerFault, LayerRule, Shape, Weight

__all__ = ["Config", "LayerFault", "LayerRule", "Shape", "Weight", "rule_for", "rules"]


@cache
def rules() -> dict[str, LayerRule]:
    """Return every rule, by Keras class name."""
    found: dict[str, LayerRule] = {}
    for module in pkgutil.iter_modules(__path__):
        for value in vars(importlib.import_module(f"{__name__}.{module.name}")).values():
            if (
                inspect.isclass(value)
                and issubclass(value, LayerRule)
                and "class_name" in vars(value)
            ):
                found[value.class_name] = value()
    return found


def rule_for(class_name: str) -> LayerRule:
    """Return the rule of a Keras layer class.

    Raises:
        KeyError: if there is none; the message names those there are.
    """
    try:
        return rules()[class_name]
    except KeyError:
        raise KeyError(unknown_name("layer rule", class_name, sorted(rules()))) from None
