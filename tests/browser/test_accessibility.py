"""Every page, looked at by axe: nothing serious that is ours to mend."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE
from tests.browser.serving import Server

pytestmark = pytest.mark.browser

#: What axe calls bad enough to keep somebody out.
_GRAVE = {"serious", "critical"}

#: A projector in a classroom in light colours, a telephone in dark ones.
SURROUNDINGS = {
    "light, wide": {"color_scheme": "light", "viewport": {"width": 1440, "height": 1000}},
    "dark, narrow": {"color_scheme": "dark", "viewport": {"width": 420, "height": 900}},
}


@pytest.fixture(params=SURROUNDINGS)
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(**SURROUNDINGS[request.param])
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def grave_findings(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node['html'][:200]}"
        for one in found
        if one["impact"] in _GRAVE
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("template", ["dnn", "vgg16", "resnet50"])
def test_the_design_page(server: Server, page: Page, template: str) -> None:
    page.goto(f"{server.url}/?template={template}")
    expect(page.get_by_text("tf.keras agrees")).to_be_visible(timeout=120_000)
    assert grave_findings(page) == []


def test_a_design_that_cannot_be_built(server: Server, page: Page) -> None:
    page.goto(f'{server.url}/?template=resnet50&groups=[{{}},{{"cardinality":7}},{{}},{{}}]')
    expect(page.get_by_role("alert").first).to_contain_text("cannot be built")
    assert grave_findings(page) == []


@pytest.mark.parametrize("name", ["train", "export"])
def test_the_other_pages(server: Server, page: Page, name: str) -> None:
    page.goto(f"{server.url}/{name}")
    expect(page.get_by_role("heading").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert grave_findings(page) == []
