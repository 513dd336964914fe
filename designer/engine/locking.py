"""A lock that one process of this machine holds, and that ends with it, however it ends."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO


class ProcessLock:
    """A lock on a file.

    Args:
        path: the file; made if it is not there, and left.
    """

    def __init__(self, path: Path):
        self._path = path
        self._file: IO[bytes] | None = None

    def take(self) -> bool:
        """Take the lock; return False if another process has it."""
        if self._file is not None:
            return True
        file = self._path.open("ab")
        try:
            _lock(file)
        except OSError:
            file.close()
            return False
        self._file = file
        return True

    def give(self) -> None:
        """Give the lock back."""
        if self._file is not None:
            self._file.close()
            self._file = None


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
