"""A slider's thumb in the hand."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, Page


def take_thumb(page: Page, slider: Locator, part: float) -> Callable[..., None]:
    """Press where a slider's thumb stands, at a part of its width; return what moves it on, to
    another part and in so many steps. ``page.mouse.up()`` lets it go."""
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box is not None
    left, width, middle = box["x"], box["width"], box["y"] + box["height"] / 2

    def move(to: float, steps: int = 1) -> None:
        page.mouse.move(left + to * width, middle, steps=steps)

    move(part)
    page.mouse.down()
    return move
