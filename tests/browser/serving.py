"""The real product in a process of its own, and the Chromium that visits it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]

#: Seconds a server may take until it answers, on a machine that is busy with other things.
LONGEST_START = 90

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str | None:
    """Return the path of the system's Chromium, or ``None`` where there is none."""
    for name in ("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    return None


@dataclass(frozen=True)
class Server:
    """A running server.

    Attributes:
        url: its address, without a slash at the end.
        home: its ``MODEL_DESIGNER_HOME``.
        pid: the process that serves the pages.
        log: what it printed.
    """

    url: str
    home: Path
    pid: int
    log: Path

    def heavy_libraries(self) -> list[str]:
        """Return the files of TensorFlow that the process of the pages has loaded."""
        return _tensorflow_files(psutil.Process(self.pid))

    def workers_with_tensorflow(self) -> int:
        """Return how many processes started by the server have TensorFlow loaded."""
        count = 0
        for child in psutil.Process(self.pid).children(recursive=True):
            try:
                count += bool(_tensorflow_files(child))
            except psutil.Error:  # it ended meanwhile
                continue
        return count


def _tensorflow_files(process: psutil.Process) -> list[str]:
    return sorted({file.path for file in process.memory_maps() if "tensorflow" in file.path})


@contextmanager
def running_server(home: Path, *, base_path: str = "") -> Iterator[Server]:
    """Start ``streamlit run pages/main.py`` on a free port; stop it and its workers at the end.

    Args:
        home: an empty folder for its runs and caches.
        base_path: the path below which everything is, as behind a proxy.
    """
    port = _free_port()
    log = home / "server.log"
    environment = {**os.environ, "MODEL_DESIGNER_HOME": str(home)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment.pop("MODEL_DESIGNER_STORE", None)
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                str(Path(sys.executable).with_name("streamlit")),
                *("run", "pages/main.py"),
                *("--server.port", str(port), "--server.address", "127.0.0.1"),
                *(("--server.baseUrlPath", base_path) if base_path else ()),
            ],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    url = f"http://127.0.0.1:{port}" + (f"/{base_path}" if base_path else "")
    try:
        _wait_until_ready(process, url, log)
        yield Server(url, home, process.pid, log)
    finally:
        _stop(process)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_until_ready(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + LONGEST_START
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"The server ended at its start.\n{log.read_text()}")
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=5):
                return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.1)
    raise RuntimeError(f"The server does not answer at {url}.\n{log.read_text()}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the server and its workers, which live in process groups of their own."""
    try:
        family = psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        family = []
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for child in family:
        try:
            child.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(family, timeout=10)
