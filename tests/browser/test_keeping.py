"""Undo and redo, mends, and designs kept by the browser, as a person meets them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from designer import Design
from tests.browser.conftest import Visit, settled
from tests.browser.serving import Server
from tests.browser.thumbs import take_thumb

pytestmark = pytest.mark.browser

#: Where the browser keeps designs.
KEY = "model-designer.designs"


def parameters(page: Page) -> Locator:
    return page.locator('[data-total="parameters"] .value')


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def drag(page: Page, slider: Locator, *parts: float) -> None:
    """Drag a slider's thumb to parts of its width, without letting go in between."""
    move = take_thumb(page, slider, parts[0])
    for part in parts[1:]:
        move(part, steps=4)
        page.wait_for_timeout(60)
    page.mouse.up()


def test_a_drag_is_undone_by_button_and_redone_by_keyboard(visit: Visit) -> None:
    page = visit("/?template=resnet34")
    expect(parameters(page)).to_have_text("21,542,376")
    slider = page.get_by_role("slider", name="Filters of group 1")
    expect(slider).to_have_value("64")
    undo, redo = button(page, "Undo"), button(page, "Redo")
    expect(undo).to_have_attribute("aria-disabled", "true")

    drag(page, slider, 0.13, 0.3, 0.5, 0.4)
    dragged = slider.input_value()
    assert dragged != "64"
    step = f"Filters of group 1: 64 → {dragged}"
    expect(undo).to_have_attribute("title", f"Undo: {step} (Ctrl+Z)")
    total = parameters(page).inner_text()
    undo.click()
    expect(slider).to_have_value("64")
    expect(parameters(page)).to_have_text("21,542,376")
    expect(undo).to_have_attribute("aria-disabled", "true")  # the whole drag was one step
    expect(redo).to_have_attribute("title", f"Redo: {step} (Ctrl+Shift+Z)")

    slider.focus()  # a control in use shows what was restored all the same
    page.keyboard.press("Control+Shift+Z")
    expect(slider).to_have_value(dragged)
    expect(parameters(page)).to_have_text(total)
    page.keyboard.press("Control+z")
    expect(slider).to_have_value("64")
    page.keyboard.press("Control+y")
    expect(slider).to_have_value(dragged)

    # Somebody who writes into a field takes back what they wrote, there.
    number = page.get_by_role("spinbutton", name="Filters of group 1")
    number.press("End")
    number.press_sequentially("1")
    expect(number).to_have_value(f"{dragged}1")
    page.keyboard.press("Control+z")
    expect(number).to_have_value(dragged)
    expect(parameters(page)).to_have_text(total)

    button(page, "Changes").click()
    button(page, "Opened ResNet34").click()
    expect(slider).to_have_value("64")
    expect(parameters(page)).to_have_text("21,542,376")


def test_the_link_and_the_file_are_of_the_design_as_it_was_dragged(visit: Visit) -> None:
    page = visit("/?template=cnn")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    slider = page.get_by_role("slider", name="Filters of group 1")
    drag(page, slider, 0.1, 0.3, 0.5)
    dragged = int(slider.input_value())
    assert dragged != 16
    button(page, "Share").click()
    link = page.get_by_label("Link", exact=True)
    expect(link).to_contain_text(str(dragged))
    page.get_by_role("dialog", name="Share").get_by_role("button", name="Copy").click()
    expect(button(page, "Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == link.inner_text()
    # Open, it follows what is done meanwhile.
    page.keyboard.press("Control+z")
    expect(link).not_to_contain_text(str(dragged))
    page.keyboard.press("Control+y")
    expect(link).to_have_text(copied)
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()

    button(page, "File").click()
    with page.expect_download() as started:
        button(page, "Save the design").click()
    design = Design.from_json(started.value.path().read_bytes())
    assert design["groups"][0]["filters"] == dragged
    elsewhere = visit(copied)
    expect(elsewhere.get_by_role("slider", name="Filters of group 1")).to_have_value(str(dragged))


def test_a_menu_that_is_closed_at_once_stays_closed(visit: Visit) -> None:
    page = visit("/?template=cnn")
    settled(page)
    for name in ("Share", "File"):
        button(page, name).click()
        page.keyboard.press("Escape")
        page.wait_for_timeout(700)  # an answer of the server might open it again
        expect(button(page, name)).to_have_attribute("aria-expanded", "false")


def test_a_named_design_survives_a_reload_and_a_fresh_page(visit: Visit) -> None:
    page = visit("/?template=dnn&hidden=[7]")
    total = "106"
    expect(parameters(page)).to_have_text(total)
    button(page, "My designs").click()
    page.get_by_role("textbox", name="Name").fill("Seven")
    page.keyboard.press("Enter")
    expect(page.get_by_text("“Seven” is saved.")).to_be_visible()
    expect(page.get_by_text(f"DNN · {total} parameters")).to_be_visible()

    page.goto(page.url.split("?")[0])
    expect(parameters(page)).to_have_text("8,402,618")
    page.reload()
    button(page, "My designs").click()
    button(page, "Open Seven").click()
    expect(parameters(page)).to_have_text(total)
    expect(button(page, "Undo")).to_have_attribute("title", "Undo: Opened “Seven” (Ctrl+Z)")

    fresh = page.context.new_page()
    fresh.goto(page.url.split("?")[0])
    button(fresh, "My designs").click()
    expect(button(fresh, "Open Seven")).to_be_visible()
    button(page, "My designs").click()
    button(page, "Delete Seven").click()
    expect(button(fresh, "Open Seven")).to_have_count(0)  # the other tab has seen it
    button(page, "Bring it back").click()
    expect(button(fresh, "Open Seven")).to_be_visible()


def test_what_stands_in_the_browser_by_hand_is_told_and_kept(visit: Visit) -> None:
    page = visit("/")
    expect(parameters(page)).to_have_text("8,402,618")
    newer = '[{"name": "New", "text": "{\\"template\\": \\"dnn\\", \\"version\\": 9}"}, 7, null]'
    for text, told in ((newer, "newer Model Designer"), ("{broken", "is no list of designs")):
        page.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, text])
        page.reload()
        button(page, "My designs").click()
        expect(page.get_by_text(told)).to_be_visible()
        assert page.evaluate("(key) => localStorage.getItem(key)", KEY) == text
    button(page, "Put what is there aside, and begin with an empty list").click()
    expect(page.get_by_text("Nothing is kept yet.")).to_be_visible()
    assert "{broken" in page.evaluate("() => JSON.stringify(localStorage)")


def kept(page: Page) -> list[dict[str, Any]]:
    """Return what the browser keeps."""
    return json.loads(page.evaluate(f"() => localStorage.getItem('{KEY}') ?? '[]'"))


def keep(page: Page, name: str) -> None:
    page.get_by_role("textbox", name="Name", exact=True).fill(name)
    page.keyboard.press("Enter")


def line_of(page: Page, name: str) -> Locator:
    return (
        page.get_by_role("dialog")
        .get_by_role("listitem")
        .filter(has=page.get_by_role("button", name=f"Open {name}", exact=True))
    )


def test_names_change_and_all_goes_out_and_in_again(visit: Visit, tmp_path: Path) -> None:
    page = visit("/?template=dnn&hidden=[7]")
    button(page, "My designs").click()
    for name, hidden, total in (("One", None, "106"), ("Two", "8", "121"), ("Three", "9", "136")):
        if hidden:
            page.goto(page.url.split("?")[0] + f"?template=dnn&hidden=[{hidden}]")
            button(page, "My designs").click()
        keep(page, name)
        expect(line_of(page, name)).to_contain_text(f"DNN · {total} parameters")
    assert [one["name"] for one in kept(page)] == ["Three", "Two", "One"]

    # Every line says what is in its own design, whatever was taken away before it.
    button(page, "Delete Three").click()
    for name, total in (("Two", "121"), ("One", "106")):
        expect(line_of(page, name)).to_contain_text(f"DNN · {total} parameters")
    button(page, "Bring it back").click()
    expect(line_of(page, "Three")).to_contain_text("DNN · 136 parameters")

    button(page, "Rename Two").click()
    field = page.get_by_role("textbox", name="New name of Two")
    field.fill("One")
    field.press("Enter")
    expect(page.get_by_text("There is a design “One” already.")).to_be_visible()
    field.fill("Middle")
    field.press("Enter")
    expect(line_of(page, "Middle")).to_contain_text("DNN · 121 parameters")
    before = kept(page)
    assert [one["name"] for one in before] == ["Three", "Middle", "One"]

    with page.expect_download() as download:
        button(page, "Save all of them as one file").click()
    file = tmp_path / "my-designs.json"
    download.value.save_as(file)
    assert json.loads(file.read_text())["designs"] == before
    for name in ("Three", "Middle"):
        button(page, f"Delete {name}").click()
    expect(line_of(page, "Middle")).to_have_count(0)
    page.locator('input[type="file"][accept*="json"]').last.set_input_files(file)
    expect(page.get_by_text("3 of 3 designs of my-designs.json are added.")).to_be_visible()
    expect(line_of(page, "One (2)")).to_contain_text("DNN · 106 parameters")
    assert [one["name"] for one in kept(page)] == ["One", "Three", "Middle", "One (2)"]
    assert {one["text"] for one in kept(page)} == {one["text"] for one in before}


def test_another_tab_cannot_make_a_name_land_on_another_design(visit: Visit) -> None:
    page = visit("/?template=dnn&hidden=[7]")
    button(page, "My designs").click()
    for name in ("One", "Two"):
        keep(page, name)
        expect(line_of(page, name)).to_be_visible()
    button(page, "Rename Two").click()
    # What another tab took away meanwhile, without this one having heard of it.
    (one,) = [entry for entry in kept(page) if entry["name"] == "One"]
    page.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, json.dumps([one])])
    field = page.get_by_role("textbox", name="New name of Two")
    field.fill("Three")
    field.press("Enter")
    expect(line_of(page, "One")).to_be_visible()
    assert kept(page) == [one]


#: Storage that throws, for what is ours: Streamlit wants its own.
BLOCKED = """const get = Storage.prototype.getItem;
Storage.prototype.getItem = function (key) {
  if (key.startsWith("model-designer")) throw new DOMException("Insecure.", "SecurityError");
  return get.call(this, key);
};"""
FULL = """Storage.prototype.setItem = function (key) {
  if (key.startsWith("model-designer")) throw new DOMException("Full.", "QuotaExceededError");
};"""


@pytest.mark.parametrize("storage", [BLOCKED, FULL])
def test_a_browser_that_keeps_nothing_says_so(server: Server, visit: Visit, storage: str) -> None:
    page = visit("about:blank")
    page.add_init_script(storage)
    page.goto(f"{server.url}/?template=dnn&hidden=[7]")
    expect(parameters(page)).to_have_text("106")
    button(page, "My designs").click()
    keep(page, "Seven")
    expect(page.get_by_text("This browser does not let pages keep anything")).to_be_visible()
    expect(page.get_by_text("“Seven” is saved.")).to_have_count(0)
    button(page, "Close").click()
    expect(parameters(page)).to_have_text("106")


def test_a_full_browser_loses_nothing(visit: Visit) -> None:
    page = visit("/?template=dnn&hidden=[7]")
    button(page, "My designs").click()
    keep(page, "Seven")
    expect(line_of(page, "Seven")).to_be_visible()
    before = kept(page)
    page.evaluate(f"() => {{ {FULL} }}")
    keep(page, "Eight")
    expect(page.get_by_text("This browser's room for designs is full")).to_be_visible()
    expect(page.get_by_text("“Eight” is saved.")).to_have_count(0)
    expect(line_of(page, "Eight")).to_have_count(0)
    button(page, "Delete Seven").click()
    expect(line_of(page, "Seven")).to_be_visible()
    assert kept(page) == before


def test_a_mend_mends(visit: Visit) -> None:
    page = visit("/?template=cnn&input_shape=[2,2,1]")
    expect(page.get_by_role("alert").filter(has_text="group1_pool")).to_be_visible()
    button(page, "Pooling: none in group 1").click()
    expect(page.get_by_text("cannot be built")).to_have_count(0)
    expect(parameters(page)).to_have_text("22,202")
    page.keyboard.press("Control+z")
    expect(page.get_by_role("alert").filter(has_text="group1_pool")).to_be_visible()
