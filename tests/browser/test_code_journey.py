"""Journeys with the code: read the design in a style, watch it change, take it home and run it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from designer import Design, summarize
from designer.code import write_code
from tests.browser.conftest import Visit
from tests.browser.thumbs import take_thumb

nbformat = pytest.importorskip("nbformat")
pytestmark = pytest.mark.browser


def open_code(page: Page) -> None:
    page.get_by_text("Code", exact=True).click()
    expect(page.get_by_role("region", name="source").first).to_be_visible()


def choose(page: Page, title: str) -> None:
    page.get_by_role("radio", name=title, exact=True).check()


def source(page: Page, title: str) -> Locator:
    return page.get_by_role("region", name=f"{title}: source")


def drag(page: Page, slider: Locator, to: float) -> None:
    """Take a slider's thumb, which stands near its start, and let it go further right."""
    take_thumb(page, slider, 0.03)(to, steps=6)
    page.mouse.up()


def design_of(page: Page) -> Design:
    design, notes = Design.from_query(dict(parse_qsl(urlsplit(page.url).query)))
    assert not notes
    return design


def test_a_dragged_slider_marks_its_lines_and_the_file_runs(visit: Visit, tmp_path: Path) -> None:
    page = visit("/?template=cnn")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_code(page)
    choose(page, "Reuse")
    code = source(page, "Reuse")
    expect(code).to_contain_text("dict(filters=16, blocks=1),")
    expect(code.locator(".changed")).to_have_count(0)

    slider = page.locator("input[type='range'][data-path='groups[0].filters.range']")
    drag(page, slider, 0.4)
    filters = slider.input_value()
    assert filters != "16"
    expect(code).to_contain_text(f"dict(filters={filters}, blocks=1),")
    marked = code.locator(".changed")
    expect(marked.filter(has_text=f"dict(filters={filters}, blocks=1),")).to_have_count(1)
    expect(marked.filter(has_text="parameters.")).to_have_count(1)  # the figure in its header
    expect(code.locator("code:not(.changed)", has_text="layers.Dense(")).to_have_count(2)
    expect(page.locator(".note.changes")).to_contain_text("lines changed: 1")

    page.wait_for_url(f"**filters*{filters}**")
    design = design_of(page)
    parameters = page.locator('[data-total="parameters"] .value').inner_text()
    assert parameters == f"{summarize(design).total_params:,}"

    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    written = write_code(design, "reuse")
    assert page.evaluate("navigator.clipboard.readText()") == written

    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download as a Python file").click()
    assert waiting.value.suggested_filename == "cnn_reuse.py"
    assert waiting.value.path().read_text() == written

    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download as a notebook that trains it").click()
    assert waiting.value.suggested_filename == "cnn_reuse.ipynb"
    text = waiting.value.path().read_text()
    nbformat.validate(nbformat.reads(text, as_version=4))
    assert "".join(json.loads(text)["cells"][1]["source"]) == written.rstrip("\n")

    (tmp_path / "network.py").write_text(written)
    check = "import network; print(f'{network.model.count_params():,}', network.model.compiled)"
    made = subprocess.run(
        [sys.executable, "-c", check], cwd=tmp_path, capture_output=True, text=True, timeout=180
    )
    assert made.stdout.split() == [parameters, "True"], made.stderr


def test_a_style_without_words_says_why_and_leads_on(visit: Visit) -> None:
    page = visit("/?template=resnet50")
    open_code(page)
    choose(page, "Sequential, list")
    reason = page.get_by_role("status").filter(has_text="Sequential is one chain of layers")
    expect(reason).to_contain_text("'group1_block1_add' takes two inputs")
    expect(page.get_by_role("button", name="Copy", exact=True)).to_be_disabled()
    page.get_by_role("button", name="Show it as Reuse").click()
    code = source(page, "Reuse")
    expect(code).to_contain_text("def identity_block(x, name, filters):")
    expect(page.get_by_role("radio", name="Reuse", exact=True)).to_be_checked()

    page.get_by_role("button", name="Side by side").click()
    expect(page.locator(".pane")).to_have_count(2)
    expect(page.get_by_role("combobox", name="Style beside it")).to_have_value("functional")
    whole = source(page, "Functional")
    expect(whole).to_contain_text('name="group4_block3_activation"')
    one, other = code.bounding_box(), whole.bounding_box()
    assert one is not None
    assert other is not None
    assert abs(one["y"] - other["y"]) < 2
    assert other["x"] > one["x"] + one["width"]


def test_a_selected_layer_is_lit_in_the_function_that_makes_it(visit: Visit) -> None:
    page = visit("/?template=resnet50")
    for key in ("group2", "group2_block1_conv2"):
        page.locator(f'tr[data-key="{key}"] .name').click()
    open_code(page)
    choose(page, "Reuse")
    lit = source(page, "Reuse").locator(".lit")
    expect(lit).to_have_count(1)
    expect(lit).to_contain_text('layers.Conv2D(filters, (3, 3), padding="same"')
    source(page, "Reuse").scroll_into_view_if_needed()  # what comes later above it moves it down
    expect(lit).to_be_in_viewport()
    page.locator(".card").get_by_role("button", name="Block 1", exact=True).click()
    expect(lit.filter(has_text="def projection_block(")).to_have_count(1)
    expect(lit.filter(has_text="= projection_block(")).to_have_count(1)
    expect(lit.filter(has_text="identity_block(")).to_have_count(0)
