"""Starting other programs for a measurement, and making sure they end."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = Path(__file__).with_name("scripts")


def environment(**more: str) -> dict[str, str]:
    """Return the environment for a program: ours, compiled modules kept, TensorFlow quiet."""
    kept = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "2", **more}
    # Without compiled modules both sides would start three times slower.
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return kept


def run_script(name: str, *arguments: str) -> str:
    """Run a script of ``scripts/`` to its end and return what it printed.

    Raises:
        RuntimeError: it failed.
    """
    done = subprocess.run(
        [sys.executable, str(SCRIPTS / name), *arguments],
        env=environment(PYTHONPATH=str(ROOT)),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{name} failed:\n{done.stderr[-3000:]}")
    return done.stdout


class Server:
    """A Streamlit server on a free port of this machine.

    Args:
        page: the file to run.
        folder: the folder it is started in, whose ``.streamlit/config.toml`` it takes.
        home: its ``MODEL_DESIGNER_HOME``.
    """

    def __init__(self, page: Path, folder: Path, home: Path):
        self.port = _free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        home.mkdir(parents=True, exist_ok=True)
        self._log = home / "server.log"
        command = [
            *(sys.executable, "-m", "streamlit", "run", str(page)),
            *("--server.port", str(self.port), "--server.address", "127.0.0.1"),
            # Neither a browser of its own, nor a question for an e-mail address, nor a call home.
            *("--server.headless", "true", "--browser.gatherUsageStats", "false"),
        ]
        self.started = time.time()
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                command,
                cwd=folder,
                env=environment(MODEL_DESIGNER_HOME=str(home)),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait(self, seconds: float = 120.0) -> None:
        """Wait until the server answers.

        Raises:
            RuntimeError: it ended, or did not answer in time.
        """
        until = time.monotonic() + seconds
        while time.monotonic() < until and self.process.poll() is None:
            with (
                suppress(urllib.error.URLError, ConnectionError, TimeoutError),
                urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=5),
            ):
                return
            time.sleep(0.01)
        raise RuntimeError(f"The server did not start:\n{self._log.read_text()[-3000:]}")

    def stop(self) -> None:
        """End the server; its worker processes end when they hear no more of it."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


@contextmanager
def serving(pages: Sequence[tuple[str, Path]], home: Path) -> Iterator[dict[str, Server]]:
    """Serve pages, each with a home of its own, until the block ends.

    Args:
        pages: a name and the page's file each; our own page is served from the project's folder,
            with its settings, all others from an empty folder, with Streamlit's own.
        home: a folder for their homes.
    """
    servers: dict[str, Server] = {}
    try:
        for name, page in pages:
            servers[name] = serve(name, page, home)
        for server in servers.values():
            server.wait()
        yield servers
    finally:
        for server in servers.values():
            server.stop()


def serve(name: str, page: Path, home: Path) -> Server:
    """Start a server; see ``serving``. It is for the caller to stop."""
    empty = home / name / "empty"
    empty.mkdir(parents=True, exist_ok=True)
    return Server(page, ROOT if page == OUR_PAGE else empty, home / name)


OUR_PAGE = ROOT / "pages" / "main.py"
SLIDER_PAGE = SCRIPTS / "slider_page.py"
KERAS_PAGE = SCRIPTS / "keras_page.py"


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
