"""Bringing one's own data along, as a person does it."""

from __future__ import annotations

import re
import threading
import time
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.browser.serving import Server
from tests.designer.datasets.own.own_files import huge_in_its_head, picture, two_classes

pytestmark = pytest.mark.browser


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def choose_file(page: Page, path: Path) -> None:
    page.locator("input[type=file]").first.set_input_files(path)


def data_set(page: Page) -> Locator:
    return page.get_by_role("combobox", name=re.compile("Data set"))


@pytest.fixture
def flowers(tmp_path: Path) -> Path:
    path = tmp_path / "flowers.csv"
    rows = "".join(f"{n % 7}.5,{['red', 'blue'][n % 2]},{'ab'[n % 2]}\n" for n in range(90))
    path.write_text("size,colour,kind\n" + rows + "broken\n")
    return path


def test_a_table_is_looked_through_corrected_kept_and_deleted(
    visit: Visit, server: Server, flowers: Path
) -> None:
    page = visit("/train?template=dnn")
    button(page, "Your own data…").click()
    choose_file(page, flowers)
    expect(page.get_by_text("90 rows")).to_be_visible()
    expect(page.get_by_text("1 row does not have the 3 values").first).to_be_visible()
    expect(page.get_by_text("3 numbers a row")).to_be_visible()
    button(page, "Use these data").click()
    expect(page.get_by_text("Your own data: a table of 3 numbers a row")).to_be_visible()
    expect(data_set(page)).to_have_value("flowers (your own)")
    expect(button(page, "Your own data…")).to_be_visible()

    page.reload()
    expect(data_set(page)).to_be_visible()
    button(page, "Your own data…").click()
    expect(page.get_by_text("flowers", exact=True)).to_be_visible()

    other = visit("/train?template=dnn")  # another browser
    button(other, "Your own data…").click()
    expect(other.get_by_text("Nothing runs before you have seen")).to_be_visible()
    other.wait_for_timeout(500)
    expect(other.get_by_text("flowers", exact=True)).to_have_count(0)

    button(page, "Delete").click()
    expect(page.get_by_text("No run used it")).to_be_visible()
    button(page, "Delete it").click()
    expect(page.get_by_text("flowers", exact=True)).to_have_count(0)
    assert not list((server.home / "data").glob("own-*"))


def test_a_hostile_archive_is_told_apart_and_can_be_refused(visit: Visit, tmp_path: Path) -> None:
    page = visit("/train?template=cnn")
    button(page, "Your own data…").click()
    path = tmp_path / "colours.zip"
    path.write_bytes(
        two_classes({"../../out.png": picture(), "red/bomb.png": huge_in_its_head()}, count=9)
    )
    choose_file(page, path)
    expect(page.get_by_text("1 file with a path that leads out").first).to_be_visible()
    expect(page.get_by_text("red/bomb.png: 100,000 × 100,000")).to_be_visible()
    expect(page.get_by_role("img", name="blue").first).to_be_visible()
    way = page.get_by_role("combobox", name=re.compile("1 file with a path"))
    way.click()
    page.get_by_role("option", name="Refuse the file").click()
    expect(page.get_by_text("Refused: 1 file with a path that leads out")).to_be_visible()
    expect(button(page, "Use these data")).to_be_disabled()
    button(page, "Throw away").click()
    expect(page.locator("input[type=file]").first).to_be_attached()

    path.write_bytes(path.read_bytes()[:200])
    choose_file(page, path)
    expect(page.get_by_text("it is damaged or only a part of one")).to_be_visible()


@pytest.mark.exhaustive
def test_a_large_file_never_swells_the_process_of_the_pages(
    visit: Visit, server: Server, flowers: Path, tmp_path: Path
) -> None:
    """200 MB go through the server to the disk; they are looked through and kept elsewhere."""
    page = visit("/train?template=dnn")
    button(page, "Your own data…").click()
    choose_file(page, flowers)  # what has to be imported is imported
    expect(button(page, "Use these data")).to_be_visible()
    button(page, "Throw away").click()
    expect(page.get_by_text("Nothing runs before you have seen")).to_be_visible()

    large = tmp_path / "large.csv"
    row = ",".join(f"{{0}}.{n:09d}" for n in range(20)) + ",{1}\n"
    with large.open("w") as file:
        file.write(",".join(f"c{n}" for n in range(20)) + ",kind\n")
        while file.tell() < 200_000_000:
            file.writelines(row.format(n % 900, "ab"[n % 2]) for n in range(10_000))
    size = large.stat().st_size
    serving, ended, seen = psutil.Process(server.pid), threading.Event(), [0]

    def watch() -> None:
        while not ended.is_set():
            seen[0] = max(seen[0], serving.memory_info().rss)
            time.sleep(0.02)

    before = serving.memory_info().rss
    watching = threading.Thread(target=watch)
    watching.start()
    try:
        choose_file(page, large)
        expect(button(page, "Use these data")).to_be_visible(timeout=240_000)
        button(page, "Use these data").click()
        expect(page.get_by_text("Your own data: a table of")).to_be_visible(timeout=240_000)
    finally:
        ended.set()
        watching.join()
    assert seen[0] - before < 0.5 * size, "it never holds the file"
    assert serving.memory_info().rss - before < 0.25 * size
