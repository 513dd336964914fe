"""The templates: a family a file.

To add an architecture, add a file here that defines ``TEMPLATES``, a tuple of
:class:`Template`. The page, the sliders, the summary, the command line and the tests find it.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from designer.errors import DesignError, unknown_name
from designer.templates.template import Template

__all__ = ["Template", "template", "templates"]


@cache
def templates() -> dict[str, Template]:
    """Return every template by name, in the order a page shows them."""
    found: list[Template] = []
    for module in pkgutil.iter_modules(__path__):
        found.extend(getattr(importlib.import_module(f"{__name__}.{module.name}"), "TEMPLATES", ()))
    return {one.name: one for one in sorted(found, key=lambda one: one.order)}


def template(name: object) -> Template:
    """Return a template by name.

    Raises:
        DesignError: if there is none, with the nearest name there is.
    """
    known = templates()
    if not isinstance(name, str) or name not in known:
        raise DesignError(unknown_name("template", name, known), field="template")
    return known[name]
