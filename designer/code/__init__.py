"""A design as Python source: the lines of Keras a person would write for it."""

from __future__ import annotations

from designer.code.activations import ACTIVATIONS
from designer.code.calls import layer_line
from designer.code.changes import changed_lines
from designer.code.errors import CodeError
from designer.code.notebook import notebook, write_notebook
from designer.code.style import Style
from designer.code.styles import styles
from designer.code.writing import (
    can_express,
    lines_of_layers,
    style,
    why_not,
    write_code,
    write_lines,
)

__all__ = [
    "ACTIVATIONS",
    "CodeError",
    "Style",
    "can_express",
    "changed_lines",
    "layer_line",
    "lines_of_layers",
    "notebook",
    "style",
    "styles",
    "why_not",
    "write_code",
    "write_lines",
    "write_notebook",
]
