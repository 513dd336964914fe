"""A person without a pointer: everything is reached, seen to be reached, and operated."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, at_rest, settled

pytestmark = pytest.mark.browser

#: What has the focus, through every shadow root: where it stands, its name, whether it shows it.
_FOCUSED = """
() => {
  let one = document.activeElement;
  while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
  if (!one || one === document.body) return null;
  const words = (element) => {
    const copy = element?.cloneNode(true);
    const icons = copy?.querySelectorAll('[data-testid="stIconMaterial"]') ?? [];
    for (const icon of icons) icon.remove();
    return copy?.textContent.trim() ?? "";
  };
  const box = one.getBoundingClientRect();
  const above = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  let framed = false;
  for (let around = one; around && around !== document.body; around = around.parentElement) {
    const seen = getComputedStyle(around);
    framed ||= seen.boxShadow !== "none" || seen.outlineStyle !== "none";
  }
  const inside = one.parentElement?.querySelector("input:focus-visible + span");
  framed ||= Boolean(inside && getComputedStyle(inside).outlineStyle !== "none");
  return {
    name: one.getAttribute("aria-label") || words(one) || words(one.labels?.[0]) || one.tagName,
    framed, covered: !one.closest("header") && Boolean(above?.closest("header")),
  };
}
"""


def focused(page: Page) -> dict:
    return page.evaluate(_FOCUSED) or {"name": "", "framed": True, "covered": False}


def tab_to(page: Page, name: str, most: int = 90) -> list[dict]:
    """Press Tab until something of a name has the focus; return the stops on the way."""
    stops = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stops.append(focused(page))
        if stops[-1]["name"].startswith(name):
            return stops
    raise AssertionError(f"Tab never came to {name!r}, but to {[stop['name'] for stop in stops]}")


def parameters(page: Page) -> str:
    return page.locator('[data-total="parameters"] .value').inner_text()


def test_tab_goes_through_the_page_in_order(visit: Visit) -> None:
    page = visit("/?template=cnn")
    settled(page)
    stops = tab_to(page, "Save as CSV", most=140)
    assert [stop["name"] for stop in stops if not stop["framed"]] == []
    assert [stop["name"] for stop in stops if stop["covered"]] == []
    names = [stop["name"] for stop in stops]
    order = [
        "History",
        "Changes",
        "My designs",
        "Share",
        "Filters",
        "Architecture of cnn",
        "Open all",
    ]
    places = [next(at for at, name in enumerate(names) if name.startswith(one)) for one in order]
    assert places == sorted(places), names


def test_the_answer_of_keras_leaves_the_focus_alone(visit: Visit) -> None:
    """It comes by itself, while a person may be anywhere on the page."""
    page = visit("/?template=cnn")
    settled(page)
    page.get_by_role("slider", name="Filters").first.focus()
    page.keyboard.press("ArrowRight")
    for name in ("Undo", "Reset", "Train this design", "SVG", "Layers"):
        # A design of its own each time, which Keras has not seen yet.
        page.get_by_role("spinbutton", name="Filters").first.fill(str(40 + len(name)))
        expect(page.get_by_text("tf.keras agrees")).to_be_hidden()
        tab_to(page, name)
        expect(page.get_by_text("tf.keras agrees")).to_be_visible()
        at_rest(page)
        assert focused(page)["name"].startswith(name)


def test_menus_close_with_escape_and_give_the_focus_back(visit: Visit) -> None:
    page = visit("/?template=cnn")
    settled(page)
    for name, opened in (
        ("Changes", page.get_by_role("dialog", name="Changes")),
        ("My designs", page.get_by_role("dialog", name="My designs")),
    ):
        tab_to(page, name)
        page.keyboard.press("Enter")
        expect(opened).to_be_visible()
        page.keyboard.press("Escape")
        expect(opened).to_be_hidden()
        assert focused(page)["name"] == name
    tab_to(page, "Share")
    page.keyboard.press("Enter")
    words = page.get_by_text("This link opens exactly this design")
    expect(words).to_be_visible()
    page.keyboard.press("Escape")
    expect(words).to_be_hidden()
    assert "Share" in focused(page)["name"]


def test_a_network_is_built_by_keyboard_alone(visit: Visit) -> None:
    page = visit("/?template=dnn")
    tiles = page.locator('[data-total="parameters"] .value')
    expect(tiles).to_be_visible()
    # The template
    page.get_by_role("combobox", name="Template").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.type("CNN")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Convolutions find features")).to_be_visible()
    # Filters, with arrows
    before = parameters(page)
    page.get_by_role("slider", name="Filters").first.focus()
    page.keyboard.press("ArrowRight")
    expect(tiles).not_to_have_text(before)
    widened = parameters(page)
    # A group more
    tab_to(page, "+ Add a group")
    page.keyboard.press("Enter")
    expect(page.get_by_role("slider", name="Filters")).to_have_count(2)
    expect(tiles).not_to_have_text(widened)
    # A layer, in the drawing
    tab_to(page, "Architecture of cnn", most=80)
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    card = page.get_by_role("region", name="Inspector")
    expect(card).not_to_contain_text("Nothing selected")
    page.keyboard.press("Escape")
    expect(card).to_contain_text("Nothing selected")
    # Its code
    tab_to(page, "Layers", most=60)
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(page.locator("pre code").first).to_be_visible()
    # And back
    page.keyboard.press("Control+z")
    expect(page.get_by_role("slider", name="Filters")).to_have_count(1)
    expect(tiles).to_have_text(widened)
    page.keyboard.press("Control+z")
    expect(tiles).to_have_text(before)
