"""The drawing under a person's hands: selecting, opening, the keyboard, zooming, saving."""

from __future__ import annotations

import re
import struct
from pathlib import Path
from xml.etree import ElementTree

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

#: How far whatever scrolls on the page has been scrolled.
SCROLLED = "() => [...document.querySelectorAll('*')].reduce((most, e) => e.scrollTop + most, 0)"

#: Milliseconds without news from the server, after which a double click is no longer one.
PAUSE = 600


def item(page: Page, key: str) -> Locator:
    return page.locator(f'.view [data-key="{key}"]')


def front(page: Page, key: str) -> Locator:
    return item(page, key).locator(".front")


def expect_selected(page: Page, key: str) -> None:
    chosen = page.locator('.view [aria-selected="true"]')
    expect(chosen).to_have_count(1)
    expect(chosen).to_have_attribute("data-key", key)
    expect(page.locator(".view")).to_have_attribute("aria-activedescendant", "active")
    expect(page.locator("#active")).to_have_attribute("data-key", key)
    expect(page.locator(".view .halo")).to_have_count(1)


def place_of(page: Page) -> str:
    return page.locator(".sheet").evaluate("(sheet) => sheet.style.transform")


def depth(page: Page, name: str) -> None:
    button = page.get_by_role("button", name=name, exact=True)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")


def test_pointing_selects_and_opens(visit: Visit) -> None:
    page = visit("/?template=resnet50")
    front(page, "group2/block2").click()
    expect_selected(page, "group2/block2")
    page.wait_for_timeout(PAUSE)  # the server's word changes nothing
    expect_selected(page, "group2/block2")

    front(page, "group2/block2").dblclick()
    expect(page.locator('.inner[data-key="group2/block2"]')).to_have_count(1)
    expect_selected(page, "group2/block2")
    front(page, "group2_block2_conv1").click()
    expect_selected(page, "group2_block2_conv1")

    depth(page, "Groups")
    expect_selected(page, "group2")
    depth(page, "Layers")
    expect_selected(page, "group2_block2_conv1")
    seen, view = (page.locator(part).bounding_box() for part in ("#active", ".view"))
    assert seen is not None
    assert view is not None
    assert view["x"] <= seen["x"] <= view["x"] + view["width"], "it is in sight"


def test_an_ellipsis_says_how_many_and_opens(visit: Visit) -> None:
    page = visit("/?template=resnet152")
    ellipsis = page.locator('.box.ellipsis[data-parent="group3"]')
    expect(ellipsis).to_contain_text("+30")
    ellipsis.locator("rect").click()
    expect(item(page, "group3/block17")).to_have_count(1)
    expect(ellipsis).to_have_count(0)


def test_the_keyboard_alone(visit: Visit) -> None:
    page = visit("/?template=resnet50")
    expect(front(page, "group1/block1")).to_be_visible()
    page.get_by_role("button", name="PNG").focus()
    page.keyboard.press("Tab")
    expect(page.locator(".view")).to_be_focused()
    for key, wanted in [
        ("Home", "inputs"),
        ("ArrowUp", "stem"),
        ("ArrowRight", "group1"),
        ("ArrowDown", "group1/block1"),
        ("ArrowRight", "group1/block2"),
        ("ArrowLeft", "group1/block1"),
        ("ArrowDown", "group1_block1_shortcut"),
        ("ArrowUp", "group1/block1"),
    ]:
        page.keyboard.press(key)
        expect_selected(page, wanted)
    expect(item(page, "group1/block1")).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Enter")
    expect(item(page, "group1/block1")).to_have_attribute("aria-expanded", "false")
    expect_selected(page, "group1/block1")
    page.keyboard.press("End")
    expect_selected(page, "outputs")
    page.keyboard.press("Escape")
    expect(page.locator('.view [aria-selected="true"]')).to_have_count(0)
    expect(page.locator(".view")).to_be_focused()


def test_zoom_and_place_survive_a_change_of_the_design(visit: Visit) -> None:
    page = visit("/?template=resnet50")
    expect(front(page, "group1/block1")).to_be_visible()
    view = page.locator(".view")
    box = view.bounding_box()
    assert box is not None
    home = place_of(page)
    page.mouse.move(box["x"] + 300, box["y"] + 150)
    page.mouse.wheel(0, 60)
    page.wait_for_timeout(200)
    assert place_of(page) == home, "a plain wheel scrolls the page"
    page.evaluate("scrollTo(0, 0)")
    page.keyboard.down("Control")
    page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    expect(page.locator(".sheet")).not_to_have_attribute("style", re.compile(re.escape(home)))
    page.mouse.down()
    page.mouse.move(box["x"] + 220, box["y"] + 140, steps=5)
    page.mouse.up()
    page.wait_for_timeout(300)
    zoomed = place_of(page)
    expect(page.locator('.view [aria-selected="true"]')).to_have_count(0)  # a drag is no click

    before = view.inner_text()
    slider = page.get_by_role("slider", name="Filters of group 1")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(view).not_to_have_text(before, use_inner_text=True)
    assert place_of(page) == zoomed
    page.get_by_role("button", name="Fit").click()
    assert place_of(page) != zoomed


def test_fingers_pan_pinch_and_tap_and_the_page_still_scrolls(visit: Visit) -> None:
    page = visit("/?template=resnet50")
    page.set_viewport_size({"width": 420, "height": 800})
    fingers = page.context.new_cdp_session(page)
    fingers.send("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 2})
    expect(front(page, "group1/block1")).to_be_visible()
    page.wait_for_timeout(300)
    box = page.locator(".view").bounding_box()
    assert box is not None
    x, y = box["x"] + 200, box["y"] + 120

    def touch(kind: str, *points: tuple[float, float]) -> None:
        touches = [{"x": x, "y": y, "id": n} for n, (x, y) in enumerate(points)]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})
        page.wait_for_timeout(30)

    def numbers() -> list[float]:
        return [float(number) for number in re.findall(r"-?[\d.]+(?=px|\))", place_of(page))]

    home_x, home_y, home_scale = numbers()
    touch("touchStart", (x, y))
    for step in range(1, 9):
        touch("touchMove", (x - 15 * step, y))
    touch("touchEnd")
    panned_x, panned_y, scale = numbers()
    assert panned_x < home_x - 60
    assert (panned_y, scale) == (home_y, home_scale)
    expect(page.locator('.view [aria-selected="true"]')).to_have_count(0)  # a pan is no tap

    touch("touchStart", (x - 20, y), (x + 20, y))
    for step in range(1, 9):
        touch("touchMove", (x - 20 - 8 * step, y), (x + 20 + 8 * step, y))
    touch("touchEnd")
    assert numbers()[2] > 1.5 * home_scale, "two fingers apart make it larger"

    scrolled = page.evaluate(SCROLLED)
    touch("touchStart", (x, y))
    for step in range(1, 13):
        touch("touchMove", (x, y - 15 * step))
    touch("touchEnd")
    assert page.evaluate(SCROLLED) > scrolled + 100, "up and down scrolls past the drawing"

    page.get_by_role("button", name="Fit", exact=True).click()
    page.wait_for_timeout(300)
    block = front(page, "group1/block2").bounding_box()
    assert block is not None
    touch("touchStart", (block["x"] + block["width"] / 2, block["y"] + block["height"] / 2))
    touch("touchEnd")
    expect_selected(page, "group1/block2")


def test_pictures_are_saved(visit: Visit, tmp_path: Path) -> None:
    page = visit("/?template=vgg16")
    expect(front(page, "group1/block1")).to_be_visible()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="SVG").click()
    assert waiting.value.suggested_filename == "vgg16_blocks.svg"
    svg = tmp_path / "drawing.svg"
    waiting.value.save_as(svg)
    root = ElementTree.parse(svg).getroot()
    width, height = (int(root.get(side, "0")) for side in ("width", "height"))

    drawn = page.evaluate(
        """async (text) => {
          const image = new Image();
          image.src = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
          await image.decode();
          return [image.naturalWidth, image.naturalHeight];
        }""",
        svg.read_text(),
    )
    assert drawn == [width, height]
    assert width > 800

    with page.expect_download() as waiting:
        page.get_by_role("button", name="PNG").click()
    png = tmp_path / "drawing.png"
    waiting.value.save_as(png)
    data = png.read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", data[16:24]) == (3 * width, 3 * height)
    assert len(data) > 20_000, "it is not a white page"


def test_axe_finds_nothing_serious_in_it(visit: Visit) -> None:
    page = visit("/?template=resnet34")
    expect(front(page, "group1/block1")).to_be_visible()
    for name in ("Groups", "Blocks", "Layers"):
        depth(page, name)
        page.locator(".view").focus()
        page.keyboard.press("Home")
        expect(page.locator('.view [aria-selected="true"]')).to_have_count(1)
        grave = [
            f"{one['id']}: {node['html'][:200]}"
            for one in Axe().run(page).response["violations"]
            if one["impact"] in {"serious", "critical"}
            for node in one["nodes"]
            if isinstance(node["target"][0], list)  # in a shadow root: our components
        ]
        assert grave == [], name
