"""Every page, looked at by axe and held against a projector's contrast: nothing serious that is
ours to mend."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from designer.training import RunStore
from tests.browser.conftest import PATIENCE
from tests.browser.contrast import faint
from tests.browser.serving import Server
from tests.components.runs import finished_run

pytestmark = pytest.mark.browser

#: What axe calls bad enough to keep somebody out.
_GRAVE = {"serious", "critical"}

#: A projector in a classroom in light and in dark colours, a telephone in dark ones.
SURROUNDINGS = {
    "light, wide": {"color_scheme": "light", "viewport": {"width": 1440, "height": 1000}},
    "dark, narrow": {"color_scheme": "dark", "viewport": {"width": 420, "height": 900}},
}

TWO_DESIGNS = "c1=template%3Dresnet50&c2=template%3Dresnet50%26version%3Dv1.5"


@pytest.fixture(params=SURROUNDINGS)
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(**SURROUNDINGS[request.param])
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def findings(page: Page) -> list[str]:
    """Return what axe calls grave, what stands out too little, and what makes a page too wide."""
    # What a run of the page has not reached yet is shown paler for a moment.
    expect(page.locator('[data-test-script-state="running"]')).to_have_count(0)
    expect(page.locator('[data-stale="true"]')).to_have_count(0)
    page.wait_for_timeout(400)
    found = Axe().run(page).response["violations"]
    grave = [
        f"{one['id']}: {node['target']} {node['html'][:200]}"
        for one in found
        if one["impact"] in _GRAVE
        for node in one["nodes"]
    ]
    room, wide = page.evaluate("[innerWidth, document.documentElement.scrollWidth]")
    return grave + faint(page) + ([f"{wide} pixels wide in {room}"] if wide > room else [])


def below(page: Page, name: str) -> None:
    """Show one of the three views below the inspector."""
    page.get_by_role("radio", name=name, exact=True).click()
    expect(page.get_by_role("radio", name=name, exact=True)).to_be_checked()


@pytest.mark.parametrize("template", ["dnn", "vgg16", "resnet50"])
def test_the_design_page(server: Server, page: Page, template: str) -> None:
    page.goto(f"{server.url}/?template={template}")
    expect(page.get_by_text("tf.keras agrees")).to_be_visible(timeout=120_000)
    assert findings(page) == []


def test_the_menu_of_files(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/?template=dnn")
    page.get_by_role("button", name="File", exact=True).click()
    expect(page.get_by_text("Only its layers are read")).to_be_visible()
    assert findings(page) == []


def test_where_it_goes(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/?template=vgg16")
    below(page, "Where it goes")
    expect(page.get_by_role("button", name="Task: ").first).to_be_visible()
    assert findings(page) == []


def test_the_code(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/?template=cnn")
    below(page, "Code")
    expect(page.locator("pre code").first).to_be_visible()
    assert findings(page) == []


def test_a_selection_in_a_drawing_of_every_layer(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/?template=resnet18")
    page.get_by_role("button", name="Layers", exact=True).click()
    expect(page.locator('[data-depth="layers"]')).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".box").nth(20)).to_be_attached()
    page.get_by_role("tree").focus()
    page.keyboard.press("Home")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("region", name="Inspector").locator(".copy")).to_be_visible()
    assert findings(page) == []


def test_a_design_that_cannot_be_built(server: Server, page: Page) -> None:
    page.goto(f'{server.url}/?template=resnet50&groups=[{{}},{{"cardinality":7}},{{}},{{}}]')
    expect(page.get_by_role("alert").first).to_contain_text("cannot be built")
    assert findings(page) == []


def test_two_designs_compared(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/compare?{TWO_DESIGNS}")
    expect(page.get_by_role("heading", name="Layer for layer")).to_be_visible()
    expect(page.locator(".js-plotly-plot .point").first).to_be_attached()
    assert findings(page) == []


@pytest.mark.parametrize("name", ["compare", "train", "history", "export"])
def test_the_other_pages(server: Server, page: Page, name: str) -> None:
    page.goto(f"{server.url}/{name}")
    expect(page.get_by_role("heading").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert findings(page) == []


def test_exports_that_are_proven(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/export?template=dnn")
    for card, heading in (("Drawing", "dnn.svg"), ("Design", "dnn.json")):
        page.get_by_role("radio", name=card).check()
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
        page.get_by_role("button", name="Prepare the download").click()
        expect(page.get_by_role("link", name="Download (")).to_be_visible(timeout=120_000)
    expect(page.get_by_role("heading", name="Your other exports")).to_be_visible()
    expect(page.locator('[data-testid="stRadioOption"] > div > div:first-child')).to_have_count(2)
    assert findings(page) == []


@pytest.fixture
def runs(server: Server) -> list[str]:
    store = RunStore(f"sqlite:///{server.home / 'runs.sqlite'}")
    made = [finished_run(store, learning_rate=rate) for rate in (0.01, 0.001)]
    store.close()
    return made


def test_a_run_that_is_watched(server: Server, page: Page, runs: list[str]) -> None:
    page.goto(f"{server.url}/train?template=dnn&input_shape=[4]&run={runs[0]}")
    expect(page.locator("figure[data-metric=accuracy] path.line").first).to_be_attached()
    page.get_by_text("The numbers as a table").click()
    assert findings(page) == []


def test_runs_beside_one_another(server: Server, page: Page, runs: list[str]) -> None:
    page.goto(f"{server.url}/history")
    for run in runs:
        page.get_by_role("checkbox", name=f"Choose {run}").check()
    expect(page.locator("figure[data-metric=loss] path.line.validation")).to_have_count(2)
    assert findings(page) == []
