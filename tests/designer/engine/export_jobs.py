"""Exports for the tests of their queue, made by a worker that finds this file on its path."""

from __future__ import annotations

import errno
import os
import signal
import time
from pathlib import Path
from typing import Any

from designer.errors import ExportError
from designer.exports.placing import cannot_write


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
    if end == "exit":
        os._exit(3)
    if end == "crash":
        raise RuntimeError("nobody expected it")
    if end == "full":
        raise cannot_write(path, OSError(errno.ENOSPC, "No space left on device"))
    if end == "no room":
        raise ExportError(f"The export needs 9 GB of disk; {path.parent} has 1 GB left.")
    if end == "refuse":
        raise ExportError("The reloaded export predicts otherwise than the model.")
    (workshop / "half").replace(path)
    workshop.rmdir()
    return {"path": str(path), "bytes": len(words), "format": "words"}
