"""A place for what converters and tracing leave behind."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def temporary_files_in(parent: Path) -> Iterator[Path]:
    """Have whatever asks for temporary files make them in a folder that is gone afterwards."""
    before = tempfile.tempdir
    with tempfile.TemporaryDirectory(dir=parent, prefix=".converting-") as folder:
        tempfile.tempdir = folder
        try:
            yield Path(folder)
        finally:
            tempfile.tempdir = before
