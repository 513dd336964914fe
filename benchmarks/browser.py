"""A real Chromium, and the clock that runs inside its pages.

Elements are found through shadow roots, in which components draw. A change is a real key
press on a focused slider. Time is taken in the page: from the moment the key's event reaches
it to the frame after the number's text changed, when the new number has been painted.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

_CLOCK = """
(() => {
  const bench = window.bench = {};
  bench.find = (selector, root = document) => {
    const found = root.querySelector(selector);
    if (found) return found;
    for (const element of root.querySelectorAll("*")) {
      const inside = element.shadowRoot && bench.find(selector, element.shadowRoot);
      if (inside) return inside;
    }
    return null;
  };
  bench.afterPaint = (then) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = then;
    channel.port2.postMessage(null);
  });
  const within = (seconds, what, work) => new Promise((resolve, reject) => {
    setTimeout(() => reject(`not within ${seconds} s: ${what}`), seconds * 1000);
    work(resolve);
  });
  // The moment, counted from the navigation, when all of some elements are there and painted.
  bench.appearing = (selectors) => within(90, selectors.join(" and "), (resolve) => {
    const look = () => {
      const all = selectors.map((selector) => bench.find(selector));
      const there = all.every((e) => e && (e.tagName === "INPUT" || e.textContent.trim()));
      if (there) bench.afterPaint(() => resolve(performance.now()));
      else requestAnimationFrame(look);
    };
    look();
  });
  // Begin to wait for a kind of event and then for an element's new text; `bench.changed` will
  // tell the milliseconds between.
  bench.changing = (selector, event) => {
    const target = bench.find(selector);
    const before = target.textContent.trim();
    let begun = null;
    addEventListener(event, () => { begun = performance.now(); }, { capture: true, once: true });
    bench.changed = within(60, `another text in ${selector}`, (resolve) => {
      const look = () => {
        // React may put another element in its place, so that it is found anew.
        const now = bench.find(selector)?.textContent.trim();
        if (begun === null || !now || now === before) return;
        watcher.disconnect();
        bench.afterPaint(() => resolve(performance.now() - begun));
      };
      const watcher = new MutationObserver(look);
      const options = { childList: true, characterData: true, subtree: true };
      watcher.observe(document, options);
      if (target.getRootNode() !== document) watcher.observe(target.getRootNode(), options);
    });
  };
})();
"""


@dataclass(frozen=True)
class Ends:
    """The two ends of a measurement: the control one changes and the number that follows.

    Attributes:
        control: CSS selector of something that arrow keys change.
        number: CSS selector of the text that follows.
    """

    control: str
    number: str


OURS = Ends('input[type=range][aria-label^="Filters of group 1"]', "[data-total=parameters] .value")
STREAMLIT = Ends("[data-testid=stSlider] input[type=range]", "[data-testid=stMetricValue]")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Yield a Chromium without a window.

    Raises:
        RuntimeError: there is none on this machine.
    """
    program = shutil.which("chromium")
    if program is None:
        raise RuntimeError("Chromium is missing: install it as the program `chromium`.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def new_context(browser: Browser) -> BrowserContext:
    """Return a fresh context, with nothing in its cache, whose pages have the clock."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    context.set_default_timeout(120_000)
    context.add_init_script(_CLOCK)
    return context


def wait_for(page: Page, ends: Ends) -> float:
    """Wait until control and number are painted; return milliseconds since the navigation."""
    moment: float = page.evaluate(
        "(selectors) => bench.appearing(selectors)", [ends.number, ends.control]
    )
    return moment


def open_page(context: BrowserContext, address: str, ends: Ends) -> Page:
    """Open a page and wait until its control and its number are there."""
    page = context.new_page()
    page.goto(address, wait_until="commit")
    wait_for(page, ends)
    return page


def press(page: Page, ends: Ends, key: str = "ArrowRight") -> float:
    """Press an arrow key on the control; return milliseconds until the new number is painted."""
    page.bring_to_front()
    page.locator(ends.control).first.focus()
    page.evaluate("(selector) => { bench.changing(selector, 'keydown'); }", ends.number)
    page.keyboard.press(key)
    took: float = page.evaluate("() => bench.changed")
    return took


def drag_a_step(page: Page, ends: Ends) -> float:
    """Move a native slider by one, as during a drag, and time the number as ``press`` does."""
    page.bring_to_front()
    page.evaluate("(selector) => { bench.changing(selector, 'input'); }", ends.number)
    page.evaluate(
        """(selector) => {
          const range = bench.find(selector);
          range.value = Number(range.value) + 1;
          range.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
        }""",
        ends.control,
    )
    took: float = page.evaluate("() => bench.changed")
    page.evaluate(
        "(selector) => bench.find(selector).dispatchEvent(new Event('change'))", ends.control
    )
    return took
