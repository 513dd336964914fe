"""Why a design cannot be written in a style."""

from __future__ import annotations

from designer.errors import DesignerError


class CodeError(DesignerError):
    """A style that does not exist, or that cannot express a design.

    Attributes:
        layer: the layer that the style has no words for, if one is.
        works: the names of styles that can express it.
    """

    def __init__(self, message: str, *, layer: str | None = None, works: tuple[str, ...] = ()):
        super().__init__(message)
        self.layer = layer
        self.works = works
