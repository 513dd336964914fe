"""From a control's change to the new totals on the page."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import Page

from benchmarks.browser import (
    OURS,
    STREAMLIT,
    Ends,
    chromium,
    drag_a_step,
    new_context,
    open_page,
    press,
)
from benchmarks.figures import AtLeast, AtMost, Effort, Figure
from benchmarks.processes import KERAS_PAGE, OUR_PAGE, SLIDER_PAGE, serving

REST_MS = 700
"""Between two changes all pages rest, ours until Keras has answered in the background, too:
this long before the look for its answer, and after."""


def measure(effort: Effort) -> list[Figure]:
    """Press a key on each page's slider in turns, all of them open in one browser."""
    pressed: list[float] = []
    dragged: list[float] = []
    empty: list[float] = []
    rebuilt: list[float] = []
    pages = [("ours", OUR_PAGE), ("slider", SLIDER_PAGE), ("keras", KERAS_PAGE)]
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home,
        serving(pages, Path(home)) as servers,
        chromium() as browser,
    ):
        context = new_context(browser)
        ours = open_page(context, f"{servers['ours'].address}/?template=resnet50", OURS)
        slider = open_page(context, servers["slider"].address, STREAMLIT)
        keras = open_page(context, servers["keras"].address, STREAMLIT)
        turns: list[tuple[Page, Ends, list[float]]] = [
            (ours, OURS, pressed),
            (slider, STREAMLIT, empty),
            (keras, STREAMLIT, rebuilt),
        ]
        count = effort.repetitions(25, 6)
        for number in range(-1, count):
            for page, ends, times in turns:
                if page is keras and number >= count // 2:
                    continue  # it is slow, and far away from the rest
                _let_rest(ours)
                took = press(page, ends)
                if number >= 0:  # the first of each is not counted
                    times.append(took)
            _let_rest(ours)
            took = drag_a_step(ours, OURS)
            if number >= 0:
                dragged.append(took)
    how = (
        "All pages are open in one Chromium, each from a server of its own, and have their turns."
        " A real arrow key is pressed on the focused slider; in the page, time runs from the"
        " key's event to the first frame after the number's text has changed. Before each, the"
        " pages rest"
    )
    return [
        Figure(
            name="from a control's change to the new totals (ResNet50)",
            unit="ms",
            ours=pressed,
            other=empty,
            other_name="an empty Streamlit page, one st.slider and one st.metric",
            wanted=AtMost(1.0),
            method=f"{how}. The other page runs with Streamlit's default settings.",
        ),
        Figure(
            name="the same, while a slider is being dragged",
            unit="ms",
            ours=dragged,
            other=empty,
            other_name="a key press on that page, as st.slider does not follow a drag",
            wanted=AtMost(1.0),
            method="As above, but ours is one step of a drag: an input event without the change"
            " event that ends a drag.",
        ),
        Figure(
            name="from a control's change to the new totals, times faster",
            unit="ms",
            ours=pressed,
            other=rebuilt,
            other_name="a Streamlit page that builds ResNet50 with tf.keras",
            wanted=AtLeast(15),
            method=f"{how}. The other page clears the Keras session, builds the model and shows"
            " `count_params()` in st.metric.",
            turned=True,
        ),
    ]


def _let_rest(ours: Page) -> None:
    """Wait until nothing goes on behind our page any more, and a little longer."""
    ours.wait_for_timeout(REST_MS)
    ours.get_by_text("tf.keras agrees").first.wait_for()
    ours.wait_for_timeout(REST_MS)
