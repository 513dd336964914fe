"""A class at work: twenty runs queued by ten sessions, and a page that must stay quick."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from playwright.sync_api import BrowserContext, Page

from benchmarks.browser import OURS, chromium, new_context, open_page, press
from benchmarks.figures import AtMost, Effort, Figure
from benchmarks.processes import OUR_PAGE, serving
from designer import Design
from designer.training import RunStore
from designer.training.runs import EPOCH

SESSIONS = 10
RUNS_EACH = 2
MOST_SECONDS = 900
REST_MS = 500


def measure(effort: Effort) -> list[Figure]:
    """Press Train twice in each of ten browser contexts; meanwhile, use the studio in another."""
    sessions = effort.repetitions(SESSIONS, 3)
    wanted = sessions * RUNS_EACH
    design = Design.from_template("cnn", input_shape=[28, 28, 1], classes=10)
    query = "&".join(f"{name}={value}" for name, value in design.to_query().items())
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        serving([("ours", OUR_PAGE)], Path(folder)) as servers,
        chromium() as browser,
    ):
        address = servers["ours"].address
        studio = open_page(new_context(browser), f"{address}/?template=resnet50", OURS)
        pages = [
            _open_train(new_context(browser), f"{address}/train?{query}") for _ in range(sessions)
        ]
        idle = [_round_trip(studio) for _ in range(effort.repetitions(21, 6))][1:]
        store = RunStore(f"sqlite:///{Path(folder) / 'ours' / 'runs.sqlite'}")
        queued: set[str] = set()
        for _ in range(RUNS_EACH):
            queued |= {_train(page, queued) for page in pages}
        busy = []
        until = time.monotonic() + MOST_SECONDS
        while time.monotonic() < until and not all(run.is_complete for run in store.runs()):
            busy.append(_round_trip(studio))
        runs = store.runs()
        whole = [run.id for run in runs if run.state == "finished" and _is_whole(store, run.id)]
        store.close()
    return [
        Figure(
            name=f"runs lost, doubled or left, of {wanted} queued by {sessions} sessions",
            unit="runs",
            ours=[len(queued.symmetric_difference(whole)) + abs(len(runs) - wanted)],
            other=[0],
            other_name="none",
            wanted=AtMost(0),
            method=f"Train is pressed {RUNS_EACH} times in each of {sessions} browser contexts,"
            " with the cnn on MNIST-5k. A run is whole if it is finished and its curve has each of"
            " its epochs once.",
        ),
        Figure(
            name="from a control's change to the new totals, while they train",
            unit="ms",
            ours=busy,
            other=idle,
            other_name="the same page before any of them was queued",
            wanted=AtMost(3),
            method="A real key press on a slider of the studio (ResNet50) in a browser context of"
            " its own, as in “reaction”, while the queue is worked off and all other pages watch.",
        ),
    ]


def _open_train(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    page.get_by_text("epoch on this machine").wait_for()
    return page


def _train(page: Page, known: set[str]) -> str:
    """Press Train; return the run that the address then names."""
    page.bring_to_front()
    page.get_by_role("button", name="Train", exact=True).click()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        _, _, run = page.url.partition("run=")
        if run and run.split("&")[0] not in known:
            return run.split("&")[0]
        page.wait_for_timeout(50)
    raise RuntimeError("Train was pressed, but no new run came into the address.")


def _round_trip(studio: Page) -> float:
    studio.wait_for_timeout(REST_MS)
    return press(studio, OURS)


def _is_whole(store: RunStore, run: str) -> bool:
    epochs = [point.epoch for point in store.metrics(run, kind=EPOCH)]
    return epochs == list(range(1, store.run(run).settings["epochs"] + 1))
