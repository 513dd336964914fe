"""Journeys with the inspector: ask a layer why, walk from place to place, see where it goes."""

from __future__ import annotations

import io
from collections.abc import Callable

import pandas as pd
import pytest
from playwright.sync_api import Locator, Page, expect

from designer import Design, summarize

pytestmark = pytest.mark.browser

Visit = Callable[..., Page]


def row(page: Page, key: str) -> Locator:
    """The line of the layer table that stands for a place."""
    return page.locator(f'tr[data-key="{key}"]')


def select_in_table(page: Page, key: str) -> None:
    row(page, key).locator(".name").click()


def title(page: Page) -> Locator:
    return page.locator(".card .title")


def figure(page: Page, name: str) -> Locator:
    return page.locator(f'.card [data-figure="{name}"]')


def test_a_layer_says_why(visit: Visit) -> None:
    page = visit("/?template=dnn")
    expect(title(page)).to_have_text("DNN")
    select_in_table(page, "hidden1")
    expect(title(page)).to_have_text("hidden1")
    expect(figure(page, "parameters")).to_contain_text("13 × 10 weights + 10 biases = 140")
    expect(page.locator(".card .teach.why")).to_contain_text("all 13 numbers of the input")
    # The answer follows the design.
    page.get_by_role("spinbutton", name="Units of layer 1", exact=True).fill("20")
    expect(figure(page, "parameters")).to_contain_text("13 × 20 weights + 20 biases = 280")


def test_names_lead_from_place_to_place(visit: Visit) -> None:
    page = visit("/?template=resnet50")
    expect(row(page, "group3_block2_conv2")).to_have_count(0)
    select_in_table(page, "stem_pool")
    card = page.locator(".card")
    expect(card.locator(".shapes")).to_have_text("114 × 114 × 64→56 × 56 × 64")
    card.get_by_role("button", name="group1_block1_conv1").click()
    expect(title(page)).to_have_text("group1_block1_conv1")
    expect(title(page)).to_be_focused()
    # The table has opened the group, and the row is in sight.
    expect(row(page, "group1_block1_conv1")).to_have_class("layer inside selected")
    table = page.get_by_role("region", name="Layer table").bounding_box()
    line = row(page, "group1_block1_conv1").bounding_box()
    assert table is not None
    assert line is not None
    assert table["y"] < line["y"] < table["y"] + table["height"]
    card.get_by_role("button", name="Block 1", exact=True).click()
    expect(title(page)).to_have_text("Block 1")
    expect(figure(page, "receptive_field")).to_contain_text("11 × 11 → 19 × 19")
    card.get_by_role("button", name="Group 1", exact=True).click()
    expect(title(page)).to_have_text("Group 1")
    card.get_by_role("button", name="Network", exact=True).click()
    expect(title(page)).to_have_text("ResNet50")
    expect(page.locator("tr.selected")).to_have_count(0)


def test_arrow_keys_walk_through_the_table(visit: Visit) -> None:
    page = visit("/?template=resnet50")
    select_in_table(page, "stem")
    expect(title(page)).to_have_text("Stem")
    for name in ("inputs", "stem_pad", "stem_conv"):
        page.keyboard.press("ArrowDown")
        expect(title(page)).to_have_text(name)
        expect(row(page, name).locator(".name")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(title(page)).to_have_text("stem_pad")
    select_in_table(page, "group2")
    expect(row(page, "group2/block1")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(row(page, "group2/block1")).to_have_count(0)
    expect(row(page, "group2").locator(".name")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(row(page, "group2/block1")).to_be_visible()


def test_a_selection_survives_a_smaller_design(visit: Visit) -> None:
    page = visit("/?template=resnet50")
    select_in_table(page, "group1")
    select_in_table(page, "group1_block3_conv2")
    expect(title(page)).to_have_text("group1_block3_conv2")
    page.get_by_role("spinbutton", name="Blocks of group 1", exact=True).fill("1")
    expect(title(page)).to_have_text("Group 1")


def test_where_the_parameters_of_vgg16_go(visit: Visit) -> None:
    page = visit("/?template=vgg16")
    page.get_by_text("Where it goes", exact=True).click()
    parameters = page.locator('[data-row="parameters"]')
    expect(parameters.locator("p")).to_have_text(
        "hidden1 holds 74% of all parameters: 102,764,544 of 138,357,544."
    )
    parameters.get_by_role("button", name="hidden1:").click()
    expect(title(page)).to_have_text("hidden1")
    expect(figure(page, "parameters")).to_contain_text("74% of the network")
    expect(parameters.locator(".piece.selected")).to_have_count(2)  # the task, too
    page.keyboard.press("ArrowRight")
    expect(parameters.get_by_role("button", name="hidden2:")).to_be_focused()
    page.keyboard.press("Enter")
    expect(title(page)).to_have_text("hidden2")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(title(page)).to_have_text("Task")


def test_the_table_as_a_file(visit: Visit) -> None:
    page = visit("/?template=resnet34")
    expect(row(page, "stem")).to_be_visible()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save as CSV").click()
    assert waiting.value.suggested_filename == "resnet34_layers.csv"
    table = pd.read_csv(io.BytesIO(waiting.value.path().read_bytes()))
    summary = summarize(Design.from_template("resnet34"))
    assert list(table["name"]) == [layer.name for layer in summary.layers]
    assert table["params"].sum() == summary.total_params
