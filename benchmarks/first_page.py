"""From an address to a usable page: totals and controls on the screen."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.browser import STREAMLIT, Ends, chromium, new_context, open_page, wait_for
from benchmarks.figures import AtMost, Effort, Figure
from benchmarks.processes import OUR_PAGE, SLIDER_PAGE, serve, serving

FIRST = Ends("input[type=range]", "[data-total=parameters] .value")
SIDES = (("ours", OUR_PAGE, FIRST), ("slider", SLIDER_PAGE, STREAMLIT))


def measure(effort: Effort) -> list[Figure]:
    """Open both pages in turns, from a server that runs and from one that starts."""
    warm: dict[str, list[float]] = {"ours": [], "slider": []}
    cold: dict[str, list[float]] = {"ours": [], "slider": []}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, chromium() as browser:
        home = Path(folder)
        with serving([(name, page) for name, page, _ in SIDES], home / "warm") as servers:
            for number in range(-1, effort.repetitions(9, 3)):
                for name, _, ends in SIDES:
                    took = _from_navigation(browser, servers[name].address, ends)
                    if number >= 0:  # a server's first visit is counted below
                        warm[name].append(took)
        for number in range(effort.repetitions(7)):
            for name, page, ends in SIDES:
                cold[name].append(_from_start(browser, name, page, ends, home / f"cold{number}"))
    other = "the empty Streamlit page with one st.slider and one st.metric"
    return [
        Figure(
            name="first usable page, from the navigation",
            unit="ms",
            ours=warm["ours"],
            other=warm["slider"],
            other_name=other,
            wanted=AtMost(1.5),
            method="Two servers that have served before, a fresh browser context (nothing in its"
            " cache) each time, in turns. Time runs in the page, from the navigation to the frame"
            " that shows both number and control.",
        ),
        Figure(
            name="first usable page, from the server's start",
            unit="ms",
            ours=cold["ours"],
            other=cold["slider"],
            other_name=other,
            wanted=AtMost(1.5),
            method="The same, with a new server each time; time runs from the start of its"
            " process. The browser asks as soon as the server answers.",
        ),
    ]


def _from_navigation(browser: Browser, address: str, ends: Ends) -> float:
    context = new_context(browser)
    try:
        page = context.new_page()
        page.goto(address, wait_until="commit")
        took = wait_for(page, ends)
        page.wait_for_timeout(1500)  # what goes on behind the page is not the next one's burden
    finally:
        context.close()
    return took


def _from_start(browser: Browser, name: str, page: Path, ends: Ends, home: Path) -> float:
    context = new_context(browser)
    server = serve(name, page, home)
    try:
        server.wait()
        open_page(context, server.address, ends)
        took = (time.time() - server.started) * 1000
    finally:
        context.close()
        server.stop()
    time.sleep(2.0)
    return took
