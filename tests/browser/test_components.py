"""Our components' scripts alone in a browser, called as Streamlit calls them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from components import assets
from components.control_panel import panel_data
from designer import Design
from tests.browser.thumbs import take_thumb

pytestmark = pytest.mark.browser

#: Mounts a component: ``call(data)`` calls its script as Streamlit does and returns the clean-up.
_MOUNT = """
async (script) => {
  const module = await import(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
  const host = document.createElement("div");
  document.body.append(host);
  const parentElement = host.attachShadow({ mode: "open" });
  parentElement.innerHTML = '<div class="root"></div>';
  window.sent = [];
  window.speakers = [];
  const send = (name, value) => {
    window.sent.push([name, value]);
    window.speakers.push(host);
  };
  window.host = host;
  window.call = (data) =>
    module.default({ data, parentElement, setStateValue: send, setTriggerValue: send });
}
"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def mount(page: Page, *scripts: str) -> None:
    folder = assets.FOLDER
    page.evaluate(_MOUNT, "\n".join((folder / f"{name}.js").read_text() for name in scripts))


def sent(page: Page) -> list[list[Any]]:
    return page.evaluate("sent")


# Streamlit calls a component's clean-up, although it stays, for a call that newer data overtook
# while the script was loading. Nothing may end then.


def test_an_overtaken_call_does_not_keep_a_control_from_resting(page: Page) -> None:
    mount(page, "leaving", "going", "control_panel")
    design = Design.from_template("dnn", hidden=[3])
    data = panel_data(design, errors={}, ack=0)
    leave = page.evaluate_handle("data => call(data)", data)
    slider = page.get_by_role("slider").first
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.evaluate("data => { call(data); }", data)
    leave.evaluate("leave => leave()")
    page.wait_for_function("sent.some(([, edit]) => edit.resting)", timeout=2_000)


def test_a_panel_that_left_sends_nothing_more(page: Page) -> None:
    mount(page, "leaving", "going", "control_panel")
    data = panel_data(Design.from_template("dnn", hidden=[3]), errors={}, ack=0)
    leave = page.evaluate_handle("data => call(data)", data)
    page.get_by_role("slider").first.focus()
    page.keyboard.press("ArrowRight")
    page.evaluate("host.remove()")
    leave.evaluate("leave => leave()")
    before = len(sent(page))
    page.wait_for_timeout(500)
    assert len(sent(page)) == before > 0


def test_a_thumb_that_is_held_does_not_rest(page: Page) -> None:
    mount(page, "leaving", "going", "control_panel")
    data = panel_data(Design.from_template("resnet34"), errors={}, ack=0)
    page.evaluate("data => { call(data); }", data)
    page.get_by_role("textbox").or_(page.get_by_role("spinbutton")).first.focus()
    slider = page.get_by_role("slider", name="Filters of group 1")
    move = take_thumb(page, slider, 0.2)
    for part in (0.5, 0.7):
        move(part)
        page.wait_for_timeout(2_000)  # somebody thinks, and no server answers
    edits = [edit for _, edit in sent(page)]
    assert len(edits) > 2, "what is not answered is sent again"
    assert not any(edit["resting"] for edit in edits), "a drag is one step"
    page.mouse.up()
    page.wait_for_function("sent.at(-1)[1].resting", timeout=2_000)
    sequences = [edit["sequence"] for _, edit in sent(page)]
    assert sequences == sorted(set(sequences))


def test_an_overtaken_call_does_not_take_undo_away(page: Page) -> None:
    mount(page, "leaving", "history_bar")
    data = {"echo": False, "ack": 0, "undoes": "Classes: 3 → 4", "redoes": None}
    leave = page.evaluate_handle("data => call(data)", data)
    page.evaluate("data => { call(data); }", data)
    leave.evaluate("leave => leave()")
    page.keyboard.press("Control+z")
    assert sent(page) == [["acts", [[1, "undo", None]]]]
    page.evaluate("host.remove()")
    leave.evaluate("leave => leave()")
    page.keyboard.press("Control+z")
    assert len(sent(page)) == 1


def test_what_asks_at_one_moment_is_sent_in_turn(page: Page) -> None:
    for _ in range(2):
        mount(page, "leaving", "going", "turns", "pulse")
        page.evaluate("() => { window.calls = [...window.calls || [], call]; }")
    page.evaluate("() => { for (const call of calls) call({ milliseconds: 100 }); }")
    page.wait_for_function("sent.length >= 8")
    moments = [value for _, value in sent(page)]
    apart = [later - earlier for earlier, later in pairwise(moments)]
    assert min(apart) >= 15, apart  # and not within one task of the browser
    assert page.evaluate("new Set(speakers).size") == 2, "both spoke"


def test_what_waits_asks_again_until_it_leaves(page: Page) -> None:
    mount(page, "leaving", "going", "turns", "pulse")
    leave = page.evaluate_handle("() => call({ milliseconds: 30 })")
    page.evaluate("() => { call({ milliseconds: 30 }); }")
    leave.evaluate("leave => leave()")
    page.wait_for_function("sent.length > 2", timeout=2_000)
    page.evaluate("host.remove()")
    leave.evaluate("leave => leave()")
    before = len(sent(page))
    page.wait_for_timeout(200)
    assert len(sent(page)) == before


def test_what_waits_is_silent_from_the_moment_a_person_goes_elsewhere(page: Page) -> None:
    page.route("http://model.designer/*", lambda route: route.fulfill(body="<title>a page</title>"))
    page.goto("http://model.designer/train")
    mount(page, "leaving", "going", "turns", "pulse")
    page.evaluate("() => { call({ milliseconds: 30 }); }")
    page.evaluate("""() => {
      for (const [name, href] of [["Stay", "/train?run=1"], ["Go", "/history"]]) {
        const link = Object.assign(document.createElement("a"), { href, textContent: name });
        link.onclick = (event) => event.preventDefault();  // as Streamlit does
        document.body.append(link);
      }
    }""")
    page.wait_for_function("sent.length > 2", timeout=2_000)
    page.get_by_text("Stay").click()
    page.get_by_text("Go").click(modifiers=["Control"])  # in another tab
    before = len(sent(page))
    page.wait_for_function(f"sent.length > {before + 2}", timeout=2_000)
    page.get_by_text("Go", exact=True).click()
    before = len(sent(page))
    page.wait_for_timeout(300)
    assert len(sent(page)) == before
    # What comes with the new page asks at once.
    mount(page, "leaving", "going", "turns", "pulse")
    page.evaluate("() => { call({ milliseconds: 30 }); }")
    page.wait_for_function("sent.length > 2", timeout=2_000)


def test_a_browser_says_who_it_is_only_where_its_cookie_did_not(page: Page) -> None:
    page.route("http://model.designer/", lambda route: route.fulfill(body="<title>a page</title>"))
    page.goto("http://model.designer/")  # cookies need an address
    mount(page, "owner")
    page.evaluate("call({ known: true })")
    assert sent(page) == []
    page.evaluate("call({ known: false })")
    ((name, mark),) = sent(page)
    assert name == "mark"
    assert f"model_designer_owner={mark}" in page.evaluate("document.cookie")
