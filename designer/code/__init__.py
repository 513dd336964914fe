"""A design as Python source: the lines of Keras a person would write for it."""

from __future__ import annotations

from designer.code.calls import layer_line

__all__ = ["layer_line"]
