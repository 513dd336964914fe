"""From a click on a layer to the inspector that tells of it."""

from __future__ import annotations

import tempfile
from itertools import cycle
from pathlib import Path

from playwright.sync_api import Page

from benchmarks.browser import OURS, STREAMLIT, Ends, chromium, new_context, open_page, press
from benchmarks.figures import AtMost, Effort, Figure
from benchmarks.processes import OUR_PAGE, SLIDER_PAGE, serving

TITLE = ".card .title"
REST_MS = 700

#: Layers of the stem, which is open from the start, that differ in class and costs.
LAYERS = ("stem_conv", "stem_conv_batch_norm", "stem_pool")


def measure(effort: Effort) -> list[Figure]:
    """Click layers of ResNet50's table, in turns with key presses on an empty page's slider."""
    table: list[float] = []
    bars: list[float] = []
    empty: list[float] = []
    pages = [("ours", OUR_PAGE), ("slider", SLIDER_PAGE)]
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home,
        serving(pages, Path(home)) as servers,
        chromium() as browser,
    ):
        context = new_context(browser)
        ours = open_page(context, f"{servers['ours'].address}/?template=resnet50", OURS)
        slider = open_page(context, servers["slider"].address, STREAMLIT)
        ours.get_by_text("tf.keras agrees").first.wait_for()
        layers = cycle(LAYERS)
        for number in range(-1, effort.repetitions(25, 6)):
            ours.wait_for_timeout(REST_MS)
            clicked = _click(ours, f'tr.layer[data-layer="{next(layers)}"] .name')
            ours.wait_for_timeout(REST_MS)
            pressed = press(slider, STREAMLIT)
            if number >= 0:  # the first of each is not counted
                table.append(clicked)
                empty.append(pressed)
        ours.get_by_text("Where it goes", exact=True).click()
        sections = cycle(("group1", "group2", "group3"))
        for number in range(-1, effort.repetitions(25, 6)):
            ours.wait_for_timeout(REST_MS)
            piece = f'[data-row="multiply_adds"] .piece[data-key="{next(sections)}"]'
            clicked = _click(ours, piece)
            if number >= 0:
                bars.append(clicked)
    how = (
        "Both pages are open in one Chromium, each from a server of its own; before each click"
        " they rest. In the page, time runs from the click's event to the first frame after the"
        " inspector's title has changed. The other page: a real arrow key on its slider, from the"
        " key's event to the first frame with the new number; Streamlit's default settings."
    )
    other = "an empty Streamlit page, one st.slider and one st.metric"
    return [
        Figure(
            name="from a click on a layer in the table to its inspector (ResNet50)",
            unit="ms",
            ours=table,
            other=empty,
            other_name=other,
            wanted=AtMost(1.5),
            method=f"{how} The three layers of the stem in turns.",
        ),
        Figure(
            name="from a click on a bar of “where it goes” to its inspector (ResNet50)",
            unit="ms",
            ours=bars,
            other=empty,
            other_name=other,
            wanted=AtMost(1.5),
            method=f"{how} Three groups in turns.",
        ),
    ]


def _click(page: Page, control: str) -> float:
    """Click something; return milliseconds until the inspector's new title is painted."""
    page.bring_to_front()
    ends = Ends(control, TITLE)
    page.locator(ends.control).first.scroll_into_view_if_needed()
    page.evaluate("(selector) => { bench.changing(selector, 'click'); }", ends.number)
    page.locator(ends.control).first.click()
    took: float = page.evaluate("() => bench.changed")
    return took
