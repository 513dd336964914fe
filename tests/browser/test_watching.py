"""Watching a run, in a real browser: what a person set stays while the points come."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from designer.training import RunStore
from tests.browser.conftest import Visit
from tests.browser.serving import Server
from tests.components.runs import append, begun_run, finished_run

pytestmark = pytest.mark.browser

ADDRESS = "/train?template=dnn&input_shape=[4]&run="


class HandWorker:
    """Writes the points of a run by and by, and does what it is asked."""

    def __init__(self, store: RunStore, *, epochs: int = 40, pace: float = 0.1):
        self.store = store
        self.epochs = epochs
        self.run = begun_run(store, epochs=epochs, done=4)
        self.step = 40
        self.pace = pace
        self.written: dict[int, float] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def _work(self) -> None:
        while not self._over.wait(self.pace) and self.step < self.epochs * 10:
            match self.store.control(self.run).state:
                case "running":
                    self.step += 1
                    append(self.store, self.run, [self.step], epochs=self.epochs)
                    self.written[self.step] = time.time()
                case "pausing":
                    self.store.add_event(self.run, "paused", self.step, self.step // 10 + 1)
                    self.store.move(self.run, ["pausing"], "paused")
                case "stopping":
                    figures = {"test_loss": 0.5, "test_accuracy": 0.9}
                    self.store.end(self.run, "stopped", metrics=figures, result="ready")
                    return

    def finish(self) -> None:
        self._over.set()
        self._thread.join()
        self.store.end(self.run, "finished", metrics={"test_loss": 0.5}, result="ready")

    def close(self) -> None:
        self._over.set()
        self._thread.join()


@pytest.fixture
def store(server: Server) -> Iterator[RunStore]:
    made = RunStore(f"sqlite:///{server.home / 'runs.sqlite'}")
    yield made
    made.close()


@pytest.fixture
def worker(store: RunStore) -> Iterator[HandWorker]:
    made = HandWorker(store)
    yield made
    made.close()


def ticks(page: Page) -> list[str]:
    """Return what is written below the loss: the steps in sight."""
    shown = page.locator("figure[data-metric=loss] text.tick[text-anchor=middle]")
    return shown.all_text_contents()


def line(page: Page) -> str:
    found = page.locator("figure[data-metric=loss] path.line.batch").get_attribute("d")
    assert found is not None
    return found


def further(page: Page, path: str) -> None:
    """Wait until the line of the loss has grown."""
    shown = page.locator("figure[data-metric=loss] path.line.batch")
    expect(shown).not_to_have_attribute("d", path)


def test_points_come_while_zoom_smoothing_and_what_is_hidden_stay(
    visit: Visit, worker: HandWorker
) -> None:
    page = visit(ADDRESS + worker.run)
    expect(page.locator(".state .words")).to_have_text("Training")
    further(page, line(page))

    page.get_by_role("button", name="Against steps").click()
    plot = page.locator("figure[data-metric=loss] svg")
    plot.evaluate("element => { element.mark = 'the same'; }")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 80, box["y"] + 120)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 130, steps=4)
    page.mouse.up()
    page.mouse.move(10, 10)
    expect(page.get_by_role("button", name="Show the whole run")).to_be_enabled()
    page.get_by_role("button", name="training", exact=True).click()
    expect(page.locator("figure[data-metric=loss] path.line.train")).to_have_count(0)
    slider = page.get_by_role("slider", name="Smoothing")
    slider.focus()
    for _ in range(60):
        page.keyboard.press("ArrowRight")
    expect(page.locator("figure[data-metric=loss] path.raw")).not_to_have_count(0)
    page.get_by_role("checkbox", name="Log scale").check()
    zoomed = ticks(page)
    assert zoomed[0] != "0"

    step = worker.step
    expect(page.locator(".far")).to_contain_text(f"Epoch {step // 10 + 2} of 40")
    assert ticks(page) == zoomed
    assert plot.evaluate("element => element.mark") == "the same"
    assert slider.input_value() == "0.6"
    expect(page.locator("figure[data-metric=loss] path.line.train")).to_have_count(0)

    worker.finish()
    expect(page.locator(".state .words")).to_have_text("Finished")
    assert ticks(page) == zoomed
    assert plot.evaluate("element => element.mark") == "the same"

    page.get_by_role("button", name="Show the whole run").click()
    expect(page.get_by_role("button", name="Show the whole run")).to_be_disabled()
    assert ticks(page) != zoomed


def test_zoom_and_open_table_are_there_again_after_a_look_elsewhere(
    visit: Visit, worker: HandWorker
) -> None:
    page = visit(ADDRESS + worker.run)
    further(page, line(page))
    page.get_by_text("The numbers as a table").click()
    page.get_by_role("button", name="Against steps").click()
    page.get_by_role("button", name="Zoom in").click()
    expect(page.get_by_role("button", name="Show the whole run")).to_be_enabled()
    zoomed = ticks(page)

    page.get_by_role("radio", name="Layers").click()
    expect(page.locator("figure[data-metric=loss]")).to_have_count(0)
    page.get_by_role("radio", name="Curves").click()
    expect(page.locator(".numbers tbody tr").first).to_be_visible()
    assert ticks(page) == zoomed
    rows = page.locator(".numbers tbody tr")
    expect(rows).not_to_have_count(rows.count())  # and the points go on coming


def test_a_point_is_on_the_screen_soon_after_it_was_written(
    visit: Visit, worker: HandWorker
) -> None:
    page = visit(ADDRESS + worker.run)
    page.get_by_text("The numbers as a table").click()
    cells = page.locator(".numbers tbody tr:last-child td:nth-child(2)")
    late = []
    for _ in range(4):
        shown = cells.text_content()
        expect(cells).not_to_have_text(shown or "")
        late.append(time.time() - worker.written[int(cells.text_content() or 0)])
    assert sorted(late)[1] < 1.5, late


def test_the_buttons_do_what_they_say_and_keep_the_keyboard(
    visit: Visit, worker: HandWorker, store: RunStore
) -> None:
    page = visit(ADDRESS + worker.run)
    state = page.locator(".state .words")
    pause = page.get_by_role("button", name="Pause", exact=True)
    pause.focus()
    page.keyboard.press("Enter")
    expect(state).to_have_text("Paused")
    assert store.run(worker.run).state == "paused"
    resume = page.get_by_role("button", name="Resume", exact=True)
    expect(resume).to_be_focused()
    expect(page.locator("figure[data-metric=loss] .mark.paused")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(state).to_have_text("Training")
    expect(pause).to_be_focused()

    stop = page.get_by_role("button", name="Stop", exact=True)
    stop.focus()
    page.keyboard.press("Enter")
    expect(state).to_have_text("Stopped")
    expect(stop).to_be_focused()
    expect(stop).to_have_attribute("aria-disabled", "true")
    page.keyboard.press("Enter")
    expect(page.get_by_text("It is stopped already.")).to_be_visible()
    expect(page.locator("[data-figure=test_accuracy] .value")).to_have_text("90.0%")


def test_the_curves_are_read_and_moved_with_the_keyboard(visit: Visit, store: RunStore) -> None:
    run = finished_run(store, epochs=5)
    page = visit(ADDRESS + run)
    plot = page.locator("figure[data-metric=loss] svg")
    plot.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".said")).to_contain_text("epoch 2: ")
    expect(page.locator(".said")).to_contain_text("validation 1.313")
    expect(page.locator("figure[data-metric=loss] .tip")).to_be_visible()
    page.keyboard.press("+")
    expect(page.get_by_role("button", name="Show the whole run")).to_be_enabled()
    page.keyboard.press("0")
    expect(page.get_by_role("button", name="Show the whole run")).to_be_disabled()


def test_the_curves_are_saved(visit: Visit, store: RunStore, tmp_path: Path) -> None:
    run = finished_run(store, epochs=5)
    page = visit(ADDRESS + run)
    saved = {}
    for kind, name in (
        ("csv", "Save all points as CSV"),
        ("svg", "Save the charts as SVG"),
        ("png", "Save the charts as PNG"),
    ):
        with page.expect_download() as download:
            page.get_by_role("button", name=name).click()
        saved[kind] = tmp_path / f"curves.{kind}"
        download.value.save_as(saved[kind])
        assert download.value.suggested_filename.startswith(run)
    lines = saved["csv"].read_text().splitlines()
    assert len(lines) == 1 + 50 + 5
    svg = saved["svg"].read_text()
    assert "var(--" not in svg
    assert "Accuracy" in svg
    assert saved["png"].read_bytes().startswith(b"\x89PNG")
    assert saved["png"].stat().st_size > 10_000


def test_a_quick_run_is_not_drawn_across_the_epochs_between_its_points(
    visit: Visit, store: RunStore
) -> None:
    """A worker writes a few times a second: of quick epochs, most have no point within."""
    run = finished_run(store, epochs=40, steps=10, kept_within=300)
    page = visit(ADDRESS + run)
    within = page.locator("figure[data-metric=loss] path.line.batch")
    training = page.locator("figure[data-metric=loss] path.line.train")
    places = [re.findall(r"[ML]([\d.]+) ([\d.]+)", one.get_attribute("d") or "")
              for one in (within, training)]  # fmt: skip
    # The points of steps 1 and 301, and epochs 1 to 30 and 31 to 40 between and after.
    assert len(places[0]) == 42
    assert set(places[1]) < set(places[0])
