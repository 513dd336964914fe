"""The error for a training setting that makes no sense."""

from __future__ import annotations

from designer.errors import DesignerError


class SettingsError(DesignerError):
    """A training setting that makes no sense.

    Attributes:
        field: the setting at fault (``batch_size``), or ``None``.
    """

    def __init__(self, message: str, *, field: str | None = None):
        super().__init__(message)
        self.field = field
