"""The styles a design can be written in: one a file.

To add a style, add a file here that defines ``STYLE``, a :class:`~designer.code.style.Style`. The
command line, the page and the tests find it.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from designer.code.style import Style


@cache
def styles() -> dict[str, Style]:
    """Return every style by name, in the order a page shows them."""
    found = [
        importlib.import_module(f"{__name__}.{module.name}").STYLE
        for module in pkgutil.iter_modules(__path__)
    ]
    return {one.name: one for one in sorted(found, key=lambda one: one.order)}
