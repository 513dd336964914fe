"""What the process that serves pages holds, with ten sessions on VGG16."""

from __future__ import annotations

import tempfile
import threading
from contextlib import suppress
from pathlib import Path

import psutil

from benchmarks.browser import OURS, chromium, new_context, open_page, press
from benchmarks.figures import AtMost, Effort, Figure
from benchmarks.processes import OUR_PAGE, serving

SESSIONS = 10
LIMIT_MB = 350.0


def measure(effort: Effort) -> list[Figure]:
    """Open ten sessions, change something in each, and look at the server all the while."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home,
        serving([("ours", OUR_PAGE)], Path(home)) as servers,
        chromium() as browser,
    ):
        server = psutil.Process(servers["ours"].process.pid)
        address = f"{servers['ours'].address}/?template=vgg16"
        with _Watch(server) as watch:
            contexts = [new_context(browser) for _ in range(SESSIONS)]
            pages = [open_page(context, address, OURS) for context in contexts]
            for _ in range(effort.repetitions(5, 1)):
                for number, page in enumerate(pages):
                    for _ in range(1 + number % 3):  # so that designs differ between sessions
                        press(page, OURS)
            for page in pages:
                page.get_by_text("tf.keras agrees").first.wait_for()
    session_words = f"{SESSIONS} sessions in {SESSIONS} browser contexts on VGG16"
    return [
        Figure(
            name="TensorFlow in the page process",
            unit="mapped files",
            ours=[float(len(watch.tensorflow))],
            other=[0.0],
            other_name="none",
            wanted=AtMost(0),
            method=f"The files mapped into the server's process whose names tell of TensorFlow or"
            f" Keras, looked at all the while; {session_words}, each changing its filters, until"
            " the real models had been built in the background.",
        ),
        Figure(
            name=f"memory of the page process, {SESSIONS} sessions on VGG16",
            unit="MB",
            ours=[watch.most / 1e6],
            other=[LIMIT_MB],
            other_name="the limit",
            wanted=AtMost(1.0),
            method=f"The largest resident size of the server's process, looked at ten times a"
            f" second; {session_words}, as above. Worker processes are not counted.",
        ),
    ]


class _Watch:
    """Looks at a process ten times a second, until its block ends.

    Attributes:
        most: the largest resident size, bytes.
        tensorflow: mapped files of TensorFlow or Keras.
    """

    def __init__(self, process: psutil.Process):
        self._process = process
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self.most = 0
        self.tensorflow: set[str] = set()

    def __enter__(self) -> _Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._files()

    def _look(self) -> None:
        looks = 0
        while not self._over.wait(0.1):
            with suppress(psutil.NoSuchProcess):
                self.most = max(self.most, self._process.memory_info().rss)
                if looks % 20 == 0:
                    self._files()
            looks += 1

    def _files(self) -> None:
        for file in self._process.memory_maps():
            if "tensorflow" in file.path or "/keras/" in file.path:
                self.tensorflow.add(file.path)
