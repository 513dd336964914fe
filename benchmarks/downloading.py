"""What the process that serves pages holds while VGG16, half a gigabyte, is downloaded."""

from __future__ import annotations

import hashlib
import re
import tempfile
import threading
import time
from pathlib import Path

import psutil

from benchmarks.browser import chromium, new_context
from benchmarks.figures import AtMost, Effort, Figure
from benchmarks.processes import OUR_PAGE, serving

LIMIT_MB = 50.0
LONGEST_MS = 600_000
MEGABYTE = 2**20


def measure(effort: Effort) -> list[Figure]:
    """Export VGG16 on the page and download it, and look at the server all the while."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home,
        serving([("ours", OUR_PAGE)], Path(home)) as servers,
        chromium() as browser,
    ):
        pages = psutil.Process(servers["ours"].process.pid)
        context = new_context(browser)
        page = context.new_page()
        page.goto(f"{servers['ours'].address}/export?template=vgg16")
        page.get_by_role("button", name="Prepare the download").click()
        link = page.get_by_role("link", name=re.compile(r"^Download \("))
        link.wait_for(timeout=LONGEST_MS)
        page.wait_for_timeout(3000)  # the page is drawn whole
        grown: list[float] = []
        megabytes = seconds = 0.0
        for _ in range(effort.repetitions(3, 1)):
            before = pages.memory_info().rss
            most = _Most(pages)
            begun = time.monotonic()
            with most, page.expect_download(timeout=LONGEST_MS) as started:
                link.click()
            with most:
                path = started.value.path()  # once it is whole
            seconds = time.monotonic() - begun
            grown.append((most.rss - before) / MEGABYTE)
            said = page.get_by_text(re.compile("^[0-9a-f]{64}$")).inner_text().strip()
            with path.open("rb") as file:
                came = hashlib.file_digest(file, "sha256").hexdigest()
            if came != said:
                raise RuntimeError(f"{came} was downloaded where {said} was offered.")
            megabytes = path.stat().st_size / MEGABYTE
            started.value.delete()
        context.close()
    return [
        Figure(
            name="memory of the page process while VGG16 is downloaded",
            unit="MB",
            ours=grown,
            other=[LIMIT_MB],
            other_name="the limit",
            wanted=AtMost(1),
            method="By how much the largest resident size of the server's process, looked at fifty"
            " times a second while Chromium saves the file, is above that before the click. The"
            f" export was made on the page just before; its SHA-256 is checked. {megabytes:.0f} MB,"
            f" lately in {seconds:.1f} s.",
        )
    ]


class _Most:
    """The largest resident size of a process while its context lasts."""

    def __init__(self, process: psutil.Process):
        self.rss = 0
        self._process = process
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> None:
        self._over.clear()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.02):
            self.rss = max(self.rss, self._process.memory_info().rss)
