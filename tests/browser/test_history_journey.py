"""The history, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from designer.training import RunStore
from tests.browser.conftest import Visit
from tests.browser.serving import Server
from tests.components.runs import finished_run

pytestmark = pytest.mark.browser


@pytest.fixture
def store(server: Server) -> Iterator[RunStore]:
    made = RunStore(f"sqlite:///{server.home / 'runs.sqlite'}")
    yield made
    made.close()


def opened(visit: Visit) -> Page:
    page = visit("/history")
    expect(page.locator("tbody tr").first).to_be_visible()
    return page


def test_two_runs_are_chosen_and_their_curves_lie_over_one_another(
    visit: Visit, store: RunStore
) -> None:
    runs = [finished_run(store, learning_rate=rate) for rate in (0.01, 0.001)]
    page = opened(visit)
    # The newest comes first; the keyboard chooses both.
    first = page.locator("tbody input[type=checkbox]").first
    first.focus()
    page.keyboard.press("Shift+ArrowDown")
    expect(page.get_by_text("2 chosen")).to_be_visible()
    lines = page.locator("figure[data-metric=loss] path.line.validation")
    expect(lines).to_have_count(2)
    for run in runs:
        expect(page.locator(".legend .run", has_text=run)).to_be_visible()
    page.locator(".legend .run").first.click()
    expect(lines).to_have_count(1)
    page.get_by_label("Metric").select_option("accuracy")
    expect(page.locator("figure[data-metric=accuracy] path.line.validation")).to_have_count(1)

    page.get_by_text("What differs", exact=True).first.click()
    table = page.get_by_role("region", name="What differs between the runs")
    expect(table.get_by_role("row", name="Learning rate 0.001 0.01")).to_be_visible()
    page.get_by_text("Parallel coordinates", exact=True).click()
    expect(page.locator(".js-plotly-plot .axis-heading").first).to_be_attached()


def test_a_name_survives_a_reload_and_is_found(visit: Visit, store: RunStore) -> None:
    run, other = finished_run(store), finished_run(store)
    page = opened(visit)
    page.get_by_role("checkbox", name=f"Choose {run}").check()
    page.get_by_role("button", name="Name and note…").click()
    page.get_by_label("Name", exact=True).fill("The <b>first</b> try")
    page.get_by_label("Note", exact=True).fill("with hope")
    page.get_by_role("button", name="Keep").click()
    named = page.locator("tbody .open", has_text="The <b>first</b> try")
    expect(named).to_be_visible()
    page.reload()
    expect(named).to_be_visible()
    page.get_by_label("Search runs").fill("hope")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator(f"tbody tr[data-id='{other}']")).to_have_count(0)
    page.get_by_role("checkbox", name="Choose The").check()
    named.click()
    expect(page.locator(".state .words")).to_have_text("Finished")
    expect(page).to_have_url(re.compile(f"run={run}"))


def test_what_is_sorted_stays_so_and_what_is_deleted_is_gone(visit: Visit, store: RunStore) -> None:
    runs = [finished_run(store, epochs=epochs) for epochs in (2, 4, 3)]
    page = opened(visit)
    page.get_by_role("button", name="Epochs", exact=True).click()
    page.get_by_role("button", name="Epochs", exact=True).click()
    head = page.get_by_role("columnheader", name="Epochs")
    expect(head).to_have_attribute("aria-sort", "descending")
    shown = page.locator("tbody tr .epochs").all_text_contents()
    assert shown == sorted(shown, key=lambda text: int(text.split()[0]), reverse=True)

    for run in runs[:2]:
        page.get_by_role("checkbox", name=f"Choose {run}").check()
    page.get_by_role("button", name="Delete…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Delete 2 runs?")
    dialog.get_by_role("button", name="Keep").click()
    assert store.run(runs[0])
    page.get_by_role("button", name="Delete…").click()
    dialog.get_by_role("button", name="Delete 2 runs").click()
    expect(page.get_by_text("2 runs deleted.")).to_be_visible()
    for run in runs[:2]:
        expect(page.locator(f"tbody tr[data-id='{run}']")).to_have_count(0)
    expect(head).to_have_attribute("aria-sort", "descending")
    assert {run.id for run in store.runs()}.isdisjoint(runs[:2])
