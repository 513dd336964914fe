"""What crosses the pipe between an engine and a worker: one JSON object a line.

To the worker:   ``{"id": 7, "job": "check", "arguments": {...}}``
From the worker: ``{"ready": true}`` once, then for each job
                 ``{"id": 7, "result": ...}`` or ``{"id": 7, "error": {...}}``.

An error that is meant for people (a ``DesignerError``) crosses with its class, message
and attributes, and is raised again as itself on the other side; any other becomes a
``WorkerError`` with its last line, and its traceback stays in the worker's log.
"""

from __future__ import annotations

import importlib
import json
from typing import Any

from designer.errors import DesignerError


class WorkerError(DesignerError):
    """A worker process that could not do its job: it died, hung, or met something unexpected."""


def encode_line(message: dict[str, Any]) -> bytes:
    """Return a message as one line of JSON (``TypeError`` if it holds what JSON does not)."""
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"


def describe_error(error: BaseException) -> dict[str, Any]:
    """Return an exception as JSON values."""
    if isinstance(error, DesignerError):
        kind = type(error)
        return {
            "class": f"{kind.__module__}:{kind.__qualname__}",
            "message": str(error),
            "attributes": {name: value for name, value in vars(error).items() if _is_plain(value)},
        }
    last_line = (str(error).strip().splitlines() or [""])[-1]
    return {"unexpected": f"{type(error).__name__}: {last_line}".rstrip(": ")}


def restore_error(described: dict[str, Any], log: str) -> DesignerError:
    """Return the exception that ``describe_error`` described.

    Args:
        described: what came through the pipe.
        log: path of the worker's log, named when the error was not expected.
    """
    if "unexpected" in described:
        return WorkerError(
            f"Something unexpected happened in the worker: {described['unexpected']} "
            f"(the details are in {log})."
        )
    kind: type[DesignerError] = DesignerError
    module, _, name = str(described["class"]).partition(":")
    if module.split(".")[0] == "designer":
        found = getattr(importlib.import_module(module), name, None)
        if isinstance(found, type) and issubclass(found, DesignerError):
            kind = found
    error = kind.__new__(kind, described["message"])
    error.args = (described["message"],)
    vars(error).update(described["attributes"])
    return error


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, str | int | float | bool)
