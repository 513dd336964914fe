"""Modules that are imported when a test first needs them, not when pytest collects the file.

Importing TensorFlow takes seconds, which a run of the pure tests alone need not spend.
"""

from __future__ import annotations

import importlib
from typing import Any


class Lazily:
    """Stands for a module: ``keras = Lazily("keras")``."""

    def __init__(self, name: str):
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(importlib.import_module(self._name), attribute)
