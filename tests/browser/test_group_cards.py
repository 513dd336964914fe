"""The cards of groups: a pattern each, what it can choose, and the usual next group at once."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from designer import Design, summarize
from designer.group_changes import halving
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser


def total(page: Page) -> Locator:
    return page.locator('[data-total="parameters"] .value')


def card(page: Page, number: int) -> Locator:
    return page.locator(".group").nth(number - 1)


def control(page: Page, label: str) -> Locator:
    return page.get_by_label(label, exact=True)


def expect_total(page: Page, groups: list[dict[str, Any]]) -> Design:
    design = Design.from_template("composable", groups=groups)
    expect(total(page)).to_have_text(f"{summarize(design).total_params:,}")
    return design


def test_a_group_gets_another_pattern_and_keeps_its_size(visit: Visit) -> None:
    page = visit("/?template=composable")
    first = Design.from_template("composable")["groups"]
    expect(page.locator(".group")).to_have_count(3)
    expect(card(page, 2)).to_contain_text("h(x) = f(x) + x")

    pattern = control(page, "Pattern of group 2")
    pattern.focus()
    pattern.select_option(label="Dense (growing)")
    expect(card(page, 2)).to_contain_text("Each block sees the maps of all blocks before it")
    groups = [dict(first[0]), {"pattern": "dense", "filters": 32, "blocks": 2, "strides": 2}]
    expect_total(page, [*groups, dict(first[2])])
    expect(control(page, "Reduction of group 2")).to_have_value("0.5")
    expect(control(page, "Cardinality of group 2")).to_have_count(0)
    expect(pattern).to_be_focused()  # though the card was built anew

    # A field that decides whether another is there.
    control(page, "Strides of group 2").fill("1")
    expect(control(page, "Reduction of group 2")).to_have_count(0)
    groups[1]["strides"] = 1
    expect_total(page, [*groups, dict(first[2])])

    # The usual next group, twice.
    design = expect_total(page, [*groups, dict(first[2])])
    for _ in range(2):
        last = dict(design["groups"][-1])
        page.get_by_role("button", name="Double the filters, halve the maps").click()
        more = {**last, **(halving(design) or {}), "filters": 2 * last["filters"]}
        design = expect_total(page, [*(dict(group) for group in design["groups"]), more])
        expect(page.locator(".group")).to_have_count(len(design["groups"]))

    # The link restores it all.
    wanted = design.to_query()["groups"]
    page.wait_for_url(lambda url: parse_qs(urlsplit(url).query).get("groups") == [wanted])
    again = visit(page.url)
    expect(total(again)).to_have_text(total(page).inner_text())


def test_the_filters_of_parallel_paths_move_by_whole_shares(visit: Visit) -> None:
    page = visit('/?template=composable&groups=[{"pattern":"resnext","filters":64}]')
    slider = page.locator("input[type='range'][data-path='groups[0].filters.range']")
    expect(slider).to_have_value("64")
    expect(control(page, "Cardinality of group 1").and_(page.locator("input"))).to_have_value("32")
    slider.focus()
    for filters in (96, 128):
        page.keyboard.press("ArrowRight")
        expect(slider).to_have_value(str(filters))
        expect_total(
            page,
            [{"pattern": "resnext", "filters": filters, "blocks": 1, "cardinality": 32}],
        )
    expect(page.locator(".panel .error:not(:empty)")).to_have_count(0)
