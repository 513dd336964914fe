"""Who a process is, beyond its number: numbers are used again after a process ends."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass

from designer.paths import home


@dataclass(frozen=True)
class ProcessIdentity:
    """A process on a machine.

    Attributes:
        host: name of the machine.
        pid: number of the process there.
        started: when it started, seconds since 1970, as the operating system says.
    """

    host: str
    pid: int
    started: float

    @classmethod
    def current(cls) -> ProcessIdentity:
        """Return the identity of this process."""
        import psutil

        pid = os.getpid()
        return cls(socket.gethostname(), pid, psutil.Process(pid).create_time())

    def is_gone(self) -> bool:
        """Return whether the process has ended, as far as this machine can tell.

        A process of another machine is never called gone: only that machine knows.
        """
        import psutil

        if self.host != socket.gethostname():
            return False
        try:
            process = psutil.Process(self.pid)
            # A second of play: clocks are adjusted, and the time comes back from a database.
            if abs(process.create_time() - self.started) > 1:
                return True
            return process.status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return True
        except psutil.AccessDenied:
            return False


def this_home() -> str:
    """Return the machine and the folder where this process keeps its files, as one text."""
    return f"{socket.gethostname()}:{home().resolve()}"[-255:]
