"""The drawing at its largest: ResNet152 opened to its 517 layers, then panned and zoomed."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page

from benchmarks.browser import OURS, Ends, chromium, new_context, wait_for
from benchmarks.figures import AtLeast, AtMost, Effort, Figure
from benchmarks.processes import OUR_PAGE, serving

ONE_SECOND = 1000.0
#: Of all the frames an empty page gets under the same mouse.
SMOOTH = 0.8

#: The last layer of the largest group: where it is, all 517 are.
_DEEPEST = "group3_block36_activation"

_OPENING = """
(key) => new Promise((resolve) => {
  const begun = performance.now();
  bench.find('[data-depth="layers"]').click();
  const look = () => {
    if (!bench.find(`[data-key="${key}"]`)) return requestAnimationFrame(look);
    bench.afterPaint(() => resolve(performance.now() - begun));
  };
  look();
})
"""

_COUNTING = """
() => {
  bench.frames = 0;
  bench.counting = true;
  bench.since = performance.now();
  const count = () => { bench.frames += 1; if (bench.counting) requestAnimationFrame(count); };
  requestAnimationFrame(count);
}
"""

_COUNTED = """
() => { bench.counting = false; return 1000 * bench.frames / (performance.now() - bench.since); }
"""

_EMPTY = "data:text/html,<body style='height:900px;background:white'></body>"


def measure(effort: Effort) -> list[Figure]:
    """Open, pan and zoom by real mouse events; an empty page has its turns in between."""
    opened: list[float] = []
    frames: dict[str, tuple[list[float], list[float]]] = {"panning": ([], []), "zooming": ([], [])}
    moves: dict[str, Callable[[Page], None]] = {"panning": _pan, "zooming": _zoom}
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home,
        serving([("ours", OUR_PAGE)], Path(home)) as servers,
        chromium() as browser,
    ):
        context = new_context(browser)
        empty = context.new_page()
        empty.goto(_EMPTY)
        for _ in range(effort.repetitions(7)):
            page = context.new_page()
            page.goto(f"{servers['ours'].address}/?template=resnet152", wait_until="commit")
            wait_for(page, Ends(OURS.control, OURS.number))
            page.locator(".view svg").wait_for()
            page.get_by_text("tf.keras agrees").first.wait_for()
            opened.append(page.evaluate(_OPENING, _DEEPEST))
            page.wait_for_timeout(1000)
            for name, (ours, others) in frames.items():
                ours.append(_frames(page, moves[name]))
                others.append(_frames(empty, moves[name]))
            page.close()
    figures = [
        Figure(
            name="ResNet152 opened to its 517 layers, from the click to drawn",
            unit="ms",
            ours=opened,
            other=[ONE_SECOND],
            other_name="the limit, a second",
            wanted=AtMost(1.0),
            method="In the page, from the click on Layers to the first frame with the last layer"
            " in it; the server lays out and sends the drawing in between.",
        )
    ]
    for name, (ours, others) in frames.items():
        figures.append(
            Figure(
                name=f"frames a second while {name} those 517 layers",
                unit="frames/s",
                ours=ours,
                other=others,
                other_name="an empty page under the same mouse",
                wanted=AtLeast(SMOOTH),
                method="Real mouse events from outside, 60 moves of a drag or 60 turns of the"
                " wheel with Ctrl, in and out; frames are counted by requestAnimationFrame in the"
                " page, without a GPU.",
            )
        )
    return figures


def _frames(page: Page, move: Callable[[Page], None]) -> float:
    page.bring_to_front()
    page.wait_for_timeout(300)
    page.evaluate(_COUNTING)
    move(page)
    rate: float = page.evaluate(_COUNTED)
    return rate


def _middle(page: Page) -> tuple[float, float]:
    view = page.locator(".view")
    box = view.bounding_box() if view.count() else None
    if box is None:
        return 900.0, 450.0
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _pan(page: Page) -> None:
    x, y = _middle(page)
    page.mouse.move(x + 300, y)
    page.mouse.down()
    for step in range(60):
        page.mouse.move(x + 300 - 10 * step, y)
        page.wait_for_timeout(14)
    page.mouse.up()


def _zoom(page: Page) -> None:
    page.mouse.move(*_middle(page))
    page.keyboard.down("Control")
    for step in range(60):
        page.mouse.wheel(0, 30 if step < 30 else -30)
        page.wait_for_timeout(14)
    page.keyboard.up("Control")
