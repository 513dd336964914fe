"""Exports for the tests of their queue, made by a worker that finds this file on its path."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

from designer.errors import ExportError


def export(out: str, words: str = "", seconds: float = 0.0, end: str = "") -> dict[str, Any]:
    """Write ``words``, in a workshop beside the file as real exports do."""
    path = Path(out)
    workshop = path.parent / f".{path.name}.making-xyz"
    workshop.mkdir()
    (workshop / "half").write_text(words)
    with (path.parent.parent.parent / "begun.txt").open("a") as file:
        file.write(f"{words}\n")
    time.sleep(seconds)
    if end == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if end == "refuse":
        raise ExportError("The reloaded export predicts otherwise than the model.")
    (workshop / "half").replace(path)
    workshop.rmdir()
    return {"path": str(path), "bytes": len(words), "format": "words"}
