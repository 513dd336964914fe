"""The keeper of the queue, seen from those who need one."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading

from designer.engine.process import log_file, worker_environment


def start_keeper(
    environment: dict[str, str], *, owned: bool, warm: bool
) -> subprocess.Popen[bytes]:
    """Start a keeper (see ``designer.engine.keeper``) in a session of its own.

    Args:
        environment: more environment variables for it and its workers.
        owned: whether it serves until its standard input is closed; otherwise it ends when the
            queue is empty, at once if another keeper is at work.
        warm: whether it starts a worker ahead of need.
    """
    command = [sys.executable, "-m", "designer.engine.keeper", *(["--warm"] if warm else [])]
    with log_file("keeper").open("ab") as log:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE if owned else subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=worker_environment(environment),
            start_new_session=True,
        )


class OwnedKeeper:
    """A keeper that lives as long as this process needs it; one that dies is replaced.

    Args:
        environment: more environment variables for it and its workers.
        warm: whether it starts a worker ahead of need.
    """

    def __init__(self, environment: dict[str, str], *, warm: bool):
        self._environment = environment
        self._warm = warm
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False

    def ensure(self) -> None:
        """Start it if it is not there."""
        with self._lock:
            if self._closed or (self._process is not None and self._process.poll() is None):
                return
            self._process = start_keeper(self._environment, owned=True, warm=self._warm)

    def worker_pids(self) -> list[int]:
        """Return the process numbers of its workers."""
        import psutil

        if self._process is None:
            return []
        try:
            children = psutil.Process(self._process.pid).children()
            return [child.pid for child in children if child.status() != psutil.STATUS_ZOMBIE]
        except psutil.Error:
            return []

    def close(self) -> None:
        """Let it go; it sees the queue to its end."""
        with self._lock:
            self._closed = True
            if self._process is not None and self._process.stdin is not None:
                with contextlib.suppress(OSError):
                    self._process.stdin.close()
