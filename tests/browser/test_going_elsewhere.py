"""From page to page where the answers of the server take their time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from designer.training import RunStore
from tests.browser.conftest import Visit
from tests.browser.serving import Server
from tests.components.runs import begun_run, finished_run

pytestmark = pytest.mark.browser


class SlowServer:
    """Stands between a page and its server, and keeps back what the server says when told to."""

    def __init__(self) -> None:
        self.keeps = False
        self.asked: list[str] = []
        self._kept: list[tuple[WebSocketRoute, str | bytes]] = []

    def stand(self, page: WebSocketRoute) -> None:
        server = page.connect_to_server()

        def up(message: str | bytes) -> None:
            read = BackMsg()
            read.ParseFromString(message if isinstance(message, bytes) else message.encode())
            if read.WhichOneof("type") == "rerun_script":
                self.asked.append(_what(read))
            server.send(message)

        def down(message: str | bytes) -> None:
            if self.keeps:
                self._kept.append((page, message))
            else:
                page.send(message)

        page.on_message(up)
        server.on_message(down)

    def goes_on(self) -> None:
        self.keeps = False
        for page, message in self._kept:
            page.send(message)


def _what(read: BackMsg) -> str:
    if not read.rerun_script.fragment_id:
        return "a page"
    return "to act" if "act" in str(read.rerun_script.widget_states) else "a look"


@pytest.fixture
def run(server: Server) -> Iterator[str]:
    """A finished run, beside one under way: the page looks again and again."""
    store = RunStore(f"sqlite:///{server.home / 'runs.sqlite'}")
    under_way = begun_run(store, done=1)
    yield finished_run(store)
    store.end(under_way, "stopped")
    store.close()


@pytest.mark.parametrize("way", ["its name", "the navigation"])
def test_a_page_that_is_left_asks_nothing_more(visit: Visit, run: str, way: str) -> None:
    # What it asked would be answered in its own name, over the new page.
    between = SlowServer()

    def prepare(page: Page) -> None:
        page.route_web_socket(lambda address: True, between.stand)

    page = visit("/history", prepare=prepare)
    name = page.locator("tbody .open", has_text=run)
    expect(name).to_be_visible()
    page.get_by_role("checkbox", name=f"Choose {run}").check()
    expect(page.locator("figure[data-metric=loss]")).to_be_visible()
    before = len(between.asked)
    page.wait_for_timeout(3_000)
    assert "a look" in between.asked[before:], "it looks again and again"
    between.keeps = True
    before = len(between.asked)
    if way == "its name":
        name.click()
    else:
        page.get_by_test_id("stTopNavLink").filter(has_text="Train").click()
    page.wait_for_timeout(5_000)
    going = "to act" if way == "its name" else "a page"
    after = between.asked[between.asked.index(going, before) :]
    assert after == [going], "and nothing after it"
    between.goes_on()
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_visible()
    if way == "its name":
        expect(page.locator(".state .words")).to_have_text("Finished")
