"""Understanding a result in a real browser: a cell of the matrix, a drawn digit, the inside."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.browser.serving import ROOT, Server

pytestmark = pytest.mark.browser

#: Milliseconds. The first question to a worker waits until TensorFlow is imported there.
WORKERS_PATIENCE = 120_000

_TRAIN = """
import sys
from designer.datasets import dataset_info, parameters_for
from designer.design import Design
from designer.training import TrainingSettings, run_in_this_process
template, name, rank, task, epochs = sys.argv[1:]
chosen = parameters_for(dataset_info(name), task or None, int(rank))
design = Design.from_template(template, **chosen)
print(run_in_this_process(design, TrainingSettings(name, epochs=int(epochs))).id)
"""


def trained(server: Server, template: str, name: str, rank: int, task: str, epochs: int) -> str:
    done = subprocess.run(
        [sys.executable, "-c", _TRAIN, template, name, str(rank), task, str(epochs)],
        cwd=ROOT,
        env={**os.environ, "MODEL_DESIGNER_HOME": str(server.home)},
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()[-1]


@pytest.fixture(scope="module")
def digits(server: Server) -> str:
    return trained(server, "cnn", "mnist_5k", 3, "", 2)


def open_part(visit: Visit, run: str, part: str) -> Page:
    page = visit(f"/train?run={run}")
    page.get_by_role("button", name=part).or_(page.get_by_role("radio", name=part)).click()
    return page


def draw(page: Page, *points: tuple[float, float]) -> None:
    canvas = page.locator("canvas[aria-label^='Sheet']")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=8)
    page.mouse.up()


def said(page: Page) -> Locator:
    return page.locator(".said")


def test_a_cell_of_the_matrix_shows_its_examples(visit: Visit, digits: str) -> None:
    page = open_part(visit, digits, "Result")
    matrix = page.get_by_role("grid", name=re.compile("Confusion matrix of digit"))
    cells = matrix.get_by_role("gridcell").or_(matrix.locator("td"))
    wrong = matrix.locator("td.wrong.some").first
    count = int(wrong.inner_text())
    words = wrong.get_attribute("aria-label") or ""
    wrong.click()
    found = re.fullmatch(r"Of \d+ examples of “(\d)”, \d+ (?:was|were) taken for “(\d)”\.", words)
    assert found, words
    title = f"“{found[1]}”, taken for “{found[2]}”"
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    cards = page.locator(".mistakes").first.locator(".mistake")
    expect(cards).to_have_count(min(24, count))
    for card in cards.all():
        expect(card).to_contain_text(f"is {found[1]}")
    # The same with the keyboard: along the row to what was found.
    truth = int(found[1])
    page.locator("td.chosen").focus()
    for _ in range(abs(int(found[2]) - truth)):
        page.keyboard.press("ArrowLeft" if int(found[2]) > truth else "ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=f"“{truth}”, found")).to_be_visible()
    assert cells.count() >= 100


def test_a_drawn_digit_is_told_while_it_is_drawn(visit: Visit, digits: str) -> None:
    page = open_part(visit, digits, "Try it")
    draw(page, (0.5, 0.15), (0.5, 0.85))
    expect(said(page).locator("b")).to_have_text("1", timeout=WORKERS_PATIENCE)
    before = said(page).inner_text()
    page.get_by_role("button", name="Clear").click()
    expect(said(page)).to_have_count(0)
    draw(page, (0.5, 0.2), (0.3, 0.35), (0.28, 0.6), (0.45, 0.82), (0.65, 0.75), (0.72, 0.5),
         (0.66, 0.28), (0.5, 0.2))  # fmt: skip
    expect(said(page).locator("b")).to_have_text("0")
    assert said(page).inner_text() != before
    shares = re.findall(r"([\d.]+)%", said(page).inner_text())
    assert sum(map(float, shares)) == pytest.approx(100, abs=1.5)


def test_inside_are_filters_maps_and_evidence(visit: Visit, digits: str) -> None:
    page = open_part(visit, digits, "Look inside")
    expect(page.get_by_role("img", name="filter 16")).to_be_visible(timeout=WORKERS_PATIENCE)
    page.get_by_role("radio", name="Feature maps").or_(
        page.get_by_role("button", name="Feature maps")
    ).click()
    expect(page.get_by_text(re.compile(r"16 feature maps of group1_block1_conv"))).to_be_visible()
    page.get_by_role("radio", name="What it looked at").or_(
        page.get_by_role("button", name="What it looked at")
    ).click()
    expect(page.get_by_role("img", name="the evidence over it")).to_be_visible()


def test_sliders_ask_the_model_while_they_move(visit: Visit, server: Server) -> None:
    run = trained(server, "dnn", "two_moons", 1, "binary", 60)
    page = open_part(visit, run, "Try it")
    expect(said(page)).to_be_visible(timeout=WORKERS_PATIENCE)
    seen = set()
    slider = page.get_by_role("slider", name="y", exact=True)
    slider.focus()
    for key in ("Home", "End"):
        page.keyboard.press(key)
        page.wait_for_timeout(1500)
        seen.add(said(page).locator("b").inner_text())
    assert seen == {"upper moon", "lower moon"}
    page.get_by_role("radio", name="Look inside").or_(
        page.get_by_role("button", name="Look inside")
    ).click()
    expect(page.get_by_role("img", name=re.compile("Map of the model's decisions"))).to_be_visible()
