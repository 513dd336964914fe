"""Coming back in: files of designs and models, opened as values. Pure; no TensorFlow, no Keras."""

from __future__ import annotations

from designer.importing.imported import Imported
from designer.importing.opening import WORKS, open_file

__all__ = ["WORKS", "Imported", "open_file"]
