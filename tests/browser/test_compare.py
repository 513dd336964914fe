"""Comparing designs, in a real browser."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser


def add(page: Page, name: str) -> None:
    page.get_by_role("button", name="Add a design").click()
    box = page.get_by_role("combobox", name="One of these")
    box.click()
    page.get_by_role("option", name=name).click()
    page.get_by_role("button", name="Add", exact=True).click()
    page.keyboard.press("Escape")
    expect(box).to_have_count(0)  # or the next click would close it


def test_two_designs_are_compared_and_the_link_restores_them(visit: Visit) -> None:
    page = visit("/?template=resnet50&version=v1.5")
    page.get_by_test_id("stTopNavLink").filter(has_text="Compare").click()
    add(page, "ResNet50 · Template")
    expect(page.get_by_text("25.6 M parameters")).to_be_visible()
    add(page, "Your ResNet50 · Design page")

    words = page.get_by_text("version v1 → v1.5: the stride moves to the 3 × 3 convolution")
    totals = page.get_by_role("region", name="Totals and differences")
    changed = page.get_by_role("region", name="Layers of A and B").locator("tr.changed")
    expect(words).to_be_visible()
    expect(totals).to_contain_text("▲ 231,211,008 more (+6.0%)")
    expect(changed).to_have_count(12)
    expect(page.locator('.view[role="img"][aria-label]')).to_have_count(2)
    page.wait_for_function("location.search.includes('c2=')")
    query = parse_qs(urlsplit(page.url).query)
    assert query["c2"] == ["template=resnet50&version=v1.5"]
    assert query["version"] == ["v1.5"]

    again = visit(page.url)
    expect(
        again.get_by_text("version v1 → v1.5: the stride moves to the 3 × 3 convolution")
    ).to_be_visible()
    again.get_by_text("Show all layers").click()
    expect(again.locator("tr.same")).to_have_count(165)
