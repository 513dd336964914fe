"""What the journeys share: one real server, one real Chromium, and visitors who miss nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.browser.serving import CHROMIUM_ARGUMENTS, Server, chromium, running_server

#: Milliseconds. Generous, because nothing waits longer than it has to.
PATIENCE = 30_000

Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The product, served; at its end the process of the pages still has no TensorFlow."""
    if chromium() is None:
        _do_without("Chromium is not installed (Debian: apt-get install chromium)")
    with running_server(tmp_path_factory.mktemp("home")) as started:
        assert started.heavy_libraries() == []
        yield started
        assert started.heavy_libraries() == []


def _do_without(reason: str) -> None:
    if os.environ.get("CI", "").lower() in ("true", "1"):
        pytest.fail(f"{reason}, and continuous integration must not go without it.")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser(server: Server) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=chromium(), args=CHROMIUM_ARGUMENTS, headless=True
        )
        expect.set_options(timeout=PATIENCE)
        yield launched
        launched.close()


@pytest.fixture
def visit(server: Server, browser: Browser, tmp_path: Path) -> Iterator[Visit]:
    """Opens an address of the product (``visit("/train?template=dnn")``) as a new person.

    Whatever that person met by the end of the test, there was no traceback on the page and no
    error in the browser's console.
    """
    opened: list[tuple[Page, list[str]]] = []

    def open_page(
        address: str = "/", *, prepare: Callable[[Page], None] = lambda page: None
    ) -> Page:
        context = browser.new_context(viewport={"width": 1440, "height": 1000})
        context.set_default_timeout(PATIENCE)
        page, accidents = context.new_page(), []
        page.on("pageerror", lambda error: accidents.append(f"page error: {error}"))
        page.on("console", lambda message: accidents.extend(_accident(message)))
        opened.append((page, accidents))
        prepare(page)
        page.goto(address if ":" in address.split("/")[0] else server.url + address)
        return page

    yield open_page
    for page, accidents in opened:
        try:
            expect(page.locator(".stException")).to_have_count(0)
            assert accidents == []
        finally:
            page.context.close()


def settled(page: Page) -> None:
    """Wait until a page has come up whole and no run of its script is under way.

    Streamlit loads its parts one by one, and our style sheet with them, after the first words can
    be read.
    """
    expect(page.locator(".stPopover").first).to_be_visible()
    expect(page.get_by_role("button", name="Reset", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Train this design")).to_be_visible()
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    expect(page.locator(".st-key-history_echo")).to_have_css("display", "none")
    at_rest(page)


def at_rest(page: Page) -> None:
    """Wait until no run of the page's script is under way."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def _accident(message: ConsoleMessage) -> list[str]:
    if message.type != "error":
        return []
    where = message.location.get("url", "")
    # At a deep link Streamlit looks for its server beneath the page's own path first.
    if "404" in message.text and "/_stcore/" in where:
        return []
    return [f"{message.text} ({where})"]
