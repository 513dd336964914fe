"""One worker process, seen from the process that owns it."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import designer
from designer.engine.protocol import WorkerError, encode_line, restore_error
from designer.paths import HOME_VARIABLE, home

START_SECONDS = 180
"""A worker that is not ready by then never will be (importing TensorFlow takes 4–20 s)."""

LARGEST_LOG = 4_000_000  # bytes


class WorkerProcess:
    """A ``python -m designer.engine.worker`` that does one job at a time.

    It has a session of its own, so that a Ctrl-C meant for the owner does not reach it.
    Not for several threads at once, but for ``kill`` and ``release``.

    Args:
        name: what it is for; its log is ``home()/logs/<name>.log``.
        warm: import TensorFlow at once.
        environment: more environment variables for it.
    """

    def __init__(self, name: str, *, warm: bool, environment: dict[str, str]):
        self.log = log_file(name)
        self._jobs = 0
        self._messages: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        command = [sys.executable, "-m", "designer.engine.worker", *(["--warm"] if warm else [])]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=worker_environment(environment),
                start_new_session=True,
            )
        self._is_ready = False
        self._deadline = time.monotonic() + START_SECONDS
        threading.Thread(target=self._listen, name=f"{name}-listener", daemon=True).start()

    @property
    def pid(self) -> int:
        """Process number of the worker."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether the process is there."""
        return self._process.poll() is None

    def wait_until_ready(self) -> None:
        """Wait until the worker takes jobs.

        Raises:
            WorkerError: it ended, or was not ready in time (it is then killed).
        """
        if not self._is_ready:
            self._next_message(max(0.0, self._deadline - time.monotonic()), "to start")
            self._is_ready = True

    def do(self, job: str, arguments: dict[str, Any], timeout: float | None = None) -> Any:
        """Do a job and return its result.

        Args:
            job: a name in ``designer.engine.jobs.JOBS``.
            arguments: its arguments, JSON values.
            timeout: seconds it may take once the worker is ready; the worker is killed then.

        Raises:
            WorkerError: the worker died, took too long, or met something unexpected.
            DesignerError: what the job itself raised for a person to read.
        """
        self.wait_until_ready()
        self._jobs += 1
        line = encode_line({"id": self._jobs, "job": job, "arguments": arguments})
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):  # it died: the wait below tells how
            self._process.stdin.write(line)
            self._process.stdin.flush()
        answer = self._next_message(timeout, f"for {job!r}")
        if "error" in answer:
            raise restore_error(answer["error"], str(self.log))
        return answer["result"]

    def kill(self) -> None:
        """End the worker now, whatever it does, and what it started."""
        if hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()

    def release(self) -> None:
        """Let the worker go: it finishes the job under way, if any, and ends."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()

    def _listen(self) -> None:
        """Pass on what the worker says; at its end, ``None``."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._messages.put(json.loads(line))
        self._messages.put(None)

    def _next_message(self, timeout: float | None, purpose: str) -> dict[str, Any]:
        try:
            message = self._messages.get(timeout=timeout)
        except queue.Empty:
            self.kill()
            raise WorkerError(
                f"The worker process took longer than {timeout:.3g} s {purpose} and was ended."
            ) from None
        if message is None:
            raise WorkerError(_how_it_ended(self._process.wait(), self.log))
        return message


def log_file(name: str) -> Path:
    """Return the log of a worker, begun anew when it has grown large."""
    folder = home() / "logs"
    folder.mkdir(exist_ok=True)
    log = folder / f"{name}.log"
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_suffix(".old.log"))
    return log


def worker_environment(more: dict[str, str]) -> dict[str, str]:
    """Return the environment of a worker: ours, quieter, and able to keep compiled modules."""
    environment = dict(os.environ)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # TensorFlow imports 3 times faster with
    environment.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    environment[HOME_VARIABLE] = str(home().resolve())
    # The worker must find this very package, whatever folder the owner was started in.
    root = str(Path(designer.__path__[0]).resolve().parent)
    paths = [root, *filter(None, environment.get("PYTHONPATH", "").split(os.pathsep))]
    environment["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(paths))
    return environment | more


def _how_it_ended(status: int, log: Path) -> str:
    if status >= 0:
        return f"The worker process ended (exit status {status}; its last words are in {log})."
    number = -status
    try:
        name = signal.strsignal(number) or "unknown"
    except ValueError:
        name = "unknown"
    memory = ", most often for memory" if number == getattr(signal, "SIGKILL", 9) else ""
    return f"The worker process ended (signal {number}: {name.lower()}{memory})."
