"""How many different totals and drawings a second a dragged slider brings to the screen."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import BrowserContext, Page

from benchmarks.browser import OURS, chromium, new_context, open_page
from benchmarks.figures import AtLeast, Effort, Figure
from benchmarks.processes import OUR_PAGE, serving

#: Network → totals and drawings a second to reach.
WANTED = {"resnet50": (15.0, 8.0), "resnet152": (7.5, 4.0)}

#: Seconds that one drag lasts, and between two moves of the pointer.
DRAG_S = 4.0
MOVE_S = 0.016

_COUNT = """
([number, drawing]) => {
  const seen = window.seen = { totals: 0, drawings: 0, frames: 0, over: false };
  let shown = bench.find(number);
  let total = shown.textContent;
  let dirty = false;
  const watcher = new MutationObserver(() => { dirty = true; });
  watcher.observe(bench.find(drawing), { childList: true, subtree: true, attributes: true });
  const begun = performance.now();
  const frame = () => {
    seen.frames += 1;
    if (!shown?.isConnected) shown = bench.find(number); // looked for only when it was replaced
    const now = shown?.textContent;
    if (now && now !== total) { total = now; seen.totals += 1; }
    if (dirty) { dirty = false; seen.drawings += 1; }
    seen.seconds = (performance.now() - begun) / 1000;
    if (seen.over) watcher.disconnect();
    else requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}
"""

#: What holds the drawing; it stays while the drawing in it is replaced.
DRAWING = ".sheet"


@dataclass(frozen=True)
class Drag:
    """What one drag brought to the screen, a second."""

    totals: float
    drawings: float
    frames: float


def drag(page: Page) -> Drag:
    """Hold the slider and move it to and fro with a real pointer."""
    page.bring_to_front()
    slider = page.locator(OURS.control).first
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box is not None
    left, right, y = box["x"] + 10, box["x"] + box["width"] - 10, box["y"] + box["height"] / 2
    page.mouse.move(left, y)
    page.mouse.down()
    page.evaluate(_COUNT, [OURS.number, DRAWING])
    begun = time.monotonic()
    place, step = left, 1.0
    while time.monotonic() - begun < DRAG_S:
        place += step
        if not left < place < right:
            step = -step
        page.mouse.move(place, y)
        time.sleep(MOVE_S)
    seen = page.evaluate("() => { seen.over = true; return seen; }")
    page.mouse.up()
    return Drag(*(seen[name] / seen["seconds"] for name in ("totals", "drawings", "frames")))


def measure(effort: Effort) -> list[Figure]:
    """Drag on a large and on a very large network."""
    figures = []
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home,
        serving([("ours", OUR_PAGE)], Path(home)) as servers,
        chromium() as browser,
    ):
        context = new_context(browser)
        for network, wanted in WANTED.items():
            drags = _drags(context, servers["ours"].address, network, effort)
            figures += _figures(network, drags, wanted)
    return figures


def _drags(context: BrowserContext, address: str, network: str, effort: Effort) -> list[Drag]:
    page = open_page(context, f"{address}/?template={network}", OURS)
    page.get_by_text("tf.keras agrees").first.wait_for()
    drags = []
    for number in range(-1, effort.repetitions(5, 2)):
        made = drag(page)
        if number >= 0:  # the first is not counted
            drags.append(made)
        page.wait_for_timeout(1500)
    page.close()
    return drags


def _figures(network: str, drags: list[Drag], wanted: tuple[float, float]) -> list[Figure]:
    frames = ", ".join(f"{made.frames:.0f}" for made in drags)
    how = (
        f"A real pointer holds the filters of the first group for {DRAG_S:g} s and moves by a pixel"
        f" every {MOVE_S * 1000:.0f} ms. Every frame of the page is looked at: has the number's"
        f" text changed since the frame before, has the drawing? Frames a second: {frames}."
    )
    return [
        Figure(
            name=f"different {what} a second while dragging ({network})",
            unit="a second",
            ours=[getattr(made, what) for made in drags],
            other=[least],
            other_name="the least",
            wanted=AtLeast(1.0),
            method=how,
        )
        for what, least in zip(("totals", "drawings"), wanted, strict=True)
    ]
