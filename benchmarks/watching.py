"""From the moment a point of a run is written to the screens of ten pages that watch it."""

from __future__ import annotations

import math
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page

from benchmarks.browser import chromium, new_context
from benchmarks.figures import AtMost, Effort, Figure
from benchmarks.processes import OUR_PAGE, serving
from designer import Design
from designer.training import RunStore, TrainingSettings
from designer.training.runs import Progress
from designer.training.store import NewPoint

PAGES = 10
LIMIT_S = 1.5
STEPS = 10
APART_S = 0.2

_NOTE = """
() => {
  const seen = window.seen = {};
  const table = bench.find(".numbers .wrap");
  const note = () => {
    const row = table.querySelector("tbody tr:last-child");
    const epoch = row && row.cells[0].textContent;
    if (epoch && !(epoch in seen)) {
      seen[epoch] = null;
      bench.afterPaint(() => { seen[epoch] = Date.now() / 1000; });
    }
  };
  new MutationObserver(note).observe(table, { childList: true, subtree: true });
}
"""


def measure(effort: Effort) -> list[Figure]:
    """Write a run by hand, an epoch every two seconds, while ten pages watch it."""
    epochs = effort.repetitions(15, 4)
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        chromium() as browser,
    ):
        home = Path(folder)
        (home / "ours").mkdir(parents=True)
        store = RunStore(f"sqlite:///{home / 'ours' / 'runs.sqlite'}")
        design = Design.from_template("cnn", input_shape=[28, 28, 1], classes=10)
        settings = TrainingSettings("mnist_5k", epochs=epochs + 1)
        run = store.create(design, settings, held=True).id
        store.mark_running(run, (epochs + 1) * STEPS, {})
        _write(store, run, 1, epochs)
        with serving([("ours", OUR_PAGE)], home) as servers:
            address = f"{servers['ours'].address}/train?{_query(design)}&run={run}"
            pages = [new_context(browser).new_page() for _ in range(PAGES)]
            for page in pages:
                page.goto(address)
                page.get_by_text("The numbers as a table").click()
                page.locator(".numbers tbody tr").first.wait_for()
                page.evaluate(_NOTE)
            written = {}
            for epoch in range(2, epochs + 2):
                written[epoch] = _write(store, run, epoch, epochs)
            pages[0].wait_for_timeout(4000)
            late = [one for page in pages for one in _late(page, written)]
        store.close()
    return [
        Figure(
            name=f"from a point's writing to the screen, {PAGES} pages watching",
            unit="s",
            ours=late,
            other=[LIMIT_S],
            other_name="the limit",
            wanted=AtMost(1.0),
            method=f"A run written by hand, {STEPS} points an epoch, {APART_S} s apart; {PAGES}"
            " browser contexts in one Chromium watch it. For every epoch and page: from the return"
            " of the transaction that wrote the epoch's point to the frame in which the page shows"
            " it. Both clocks are this machine's.",
        ),
        Figure(
            name="the same, the slowest of all points and pages",
            unit="s",
            ours=[max(late)],
            other=[LIMIT_S],
            other_name="the limit",
            wanted=AtMost(1.0),
            method="As above; the largest instead of the median.",
        ),
    ]


def _query(design: Design) -> str:
    return "&".join(f"{name}={value}" for name, value in design.to_query().items())


def _write(store: RunStore, run: str, epoch: int, epochs: int) -> float:
    """Write the points of an epoch as they would come; return when the last was written."""
    for step in range((epoch - 1) * STEPS + 1, epoch * STEPS + 1):
        figures = {"loss": 2 * math.exp(-step / 50), "accuracy": 1 - math.exp(-step / 50)}
        points = [NewPoint(step, epoch, "batch", figures)]
        if step == epoch * STEPS:
            validation = {f"val_{name}": value for name, value in figures.items()}
            points.append(NewPoint(step, epoch, "epoch", figures | validation))
        progress = Progress(epoch, epochs + 1, step, (epochs + 1) * STEPS, step / 5, APART_S)
        store.record(run, points, progress)
        moment = time.time()
        if epoch > 1:
            time.sleep(APART_S)
    return moment


def _late(page: Page, written: dict[int, float]) -> list[float]:
    seen = page.evaluate("() => window.seen")
    missing = [epoch for epoch in written if not seen.get(str(epoch))]
    if missing:
        raise RuntimeError(f"A page never showed the epochs {missing}.")
    return [seen[str(epoch)] - moment for epoch, moment in written.items()]
