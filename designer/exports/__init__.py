"""Taking a model home: a format a file, and the proof that what was written reloads.

To add a format, add a file here that defines an :class:`ExportFormat`; it is found by itself.
Importing this package imports neither TensorFlow nor Keras; ``export_model`` does, when it is
called: it is for worker processes and scripts.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from functools import cache

from designer.errors import ExportError, unknown_name
from designer.exports.asking import check_export
from designer.exports.base import ExportFormat
from designer.exports.exporting import export, export_model
from designer.exports.notes import ExportNotes
from designer.exports.result import ExportResult

__all__ = [
    "ExportFormat",
    "ExportNotes",
    "ExportResult",
    "check_export",
    "export",
    "export_model",
    "format_named",
    "formats",
]


@cache
def formats() -> dict[str, ExportFormat]:
    """Return every format by name, in the order a page shows them."""
    found: list[ExportFormat] = []
    for module in pkgutil.iter_modules(__path__):
        for value in vars(importlib.import_module(f"{__name__}.{module.name}")).values():
            if inspect.isclass(value) and issubclass(value, ExportFormat) and "name" in vars(value):
                found.append(value())
    return {one.name: one for one in sorted(found, key=lambda one: one.order)}


def format_named(name: object) -> ExportFormat:
    """Return a format by name.

    Raises:
        ExportError: if there is none, with the nearest name there is.
    """
    known = formats()
    if not isinstance(name, str) or name not in known:
        raise ExportError(unknown_name("export format", name, known))
    return known[name]
