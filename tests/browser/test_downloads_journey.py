"""Exports on their way to the disk of a visitor: whole, large, several at once, behind a proxy."""

from __future__ import annotations

import hashlib
import json
import random
import re
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, BrowserContext, Download, Locator, Page, expect

from designer.datasets.own import owner_of_token
from designer.engine.export_records import READY, ExportRecord, new_token
from tests.browser.conftest import Visit, at_rest
from tests.browser.serving import Server, running_server

pytestmark = pytest.mark.browser

LARGE = 30_000_000  # bytes
MOST_GROWTH = 25_000_000


def kept_export(home: Path, page: Page, name: str, size: int) -> tuple[ExportRecord, str]:
    """Put a made export of a visitor's into a server's home; return it and its SHA-256."""
    mark = page.evaluate("document.cookie.match(/model_designer_owner=([0-9a-f]+)/)[1]")
    content = random.Random(0).randbytes(size)
    result = {
        "format": "saved_model",
        "bytes": size,
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    record = ExportRecord(
        new_token(), name, "A model", name, {}, time.time(), (owner_of_token(mark),), READY,
        time.time(), result, f"made-1/{name}",
    )  # fmt: skip
    folder = home / "cache" / "exports" / record.token
    (folder / "made-1").mkdir(parents=True)
    (folder / "made-1" / name).write_bytes(content)
    (folder / "about.json").write_text(json.dumps(asdict(record)))
    return record, result["sha256"]


def digest(download: Download) -> str:
    with download.path().open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def export_page(visit: Visit, address: str = "/export?template=dnn") -> Page:
    page = visit(address)
    expect(page.get_by_role("button", name="Prepare the download")).to_be_visible()
    page.wait_for_function("document.cookie.includes('model_designer_owner')")
    at_rest(page)
    return page


def row(page: Page, name: str) -> Locator:
    found = page.locator("[class*=st-key-export_row_]", has_text=name)
    expect(found).to_be_visible()
    return found


def test_large_files_come_whole_and_the_pages_hold_none_of_them(
    visit: Visit, server: Server
) -> None:
    page = export_page(visit)
    first, first_digest = kept_export(server.home, page, "large-saved_model.zip", LARGE)
    _, second_digest = kept_export(server.home, page, "other.keras", LARGE // 2)
    page.reload()
    links = [row(page, name).get_by_role("link", name="Download") for name in ("large", "other")]
    pages = psutil.Process(server.pid)
    before = pages.memory_info().rss
    downloads: list[Download] = []
    page.on("download", lambda one: downloads.append(one))
    for link in (*links, links[0]):  # several at once, one of them twice
        link.click()
    deadline = time.monotonic() + 60
    most = 0
    while (len(downloads) < 3) and time.monotonic() < deadline:
        page.wait_for_timeout(50)
        most = max(most, pages.memory_info().rss)
    assert sorted(one.suggested_filename for one in downloads) == [
        "large-saved_model.zip", "large-saved_model.zip", "other.keras",
    ]  # fmt: skip
    for one in downloads:
        wanted = first_digest if one.suggested_filename.startswith("large") else second_digest
        assert digest(one) == wanted
    most = max(most, pages.memory_info().rss)
    assert most - before < MOST_GROWTH
    expect(page.get_by_text("Your browser saves it now.").first).to_be_visible()

    # Somebody else has neither the list nor, without the name, the file.
    other = export_page(visit)
    expect(other.get_by_text("large-saved_model.zip")).to_have_count(0)
    for token in ("0" * 32, first.token[:-1] + ("0" if first.token[-1] != "0" else "1")):
        answer = other.request.get(f"{server.url}/downloads/{token}/large-saved_model.zip")
        assert answer.status == 404


def test_what_is_gone_is_told_instead_of_a_broken_download(
    server: Server, browser: Browser
) -> None:
    # No ``visit``: the browser's console tells of the 404 here, and is right to.
    context = browser.new_context()
    page = export_page(lambda address: opened(context, server.url + address))
    record, _ = kept_export(server.home, page, "old-keras.zip", 1000)
    page.reload()
    link = row(page, "old-keras.zip").get_by_role("link", name="Download")
    expect(link).to_be_visible()
    at_rest(page)
    (server.home / "cache" / "exports" / record.token / "about.json").unlink()
    link.click()
    expect(page.get_by_text("This export is not kept any more")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Prepare the download")).to_be_visible()
    expect(page.get_by_text("old-keras.zip")).to_have_count(0)
    context.close()


def opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    return page


@pytest.fixture
def proxied(tmp_path: Path) -> Iterator[Server]:
    with running_server(tmp_path, base_path="school/models") as started:
        yield started


def test_behind_a_path_of_a_proxy_it_works_too(proxied: Server, browser: Browser) -> None:
    context = browser.new_context()
    page = export_page(lambda address: opened(context, proxied.url + address))
    _, wanted = kept_export(proxied.home, page, "a model é.zip", 300_000)
    page.goto(f"{proxied.url}/export?template=dnn")
    with page.expect_download() as started:
        row(page, "a model é.zip").get_by_role("link", name="Download").click()
    assert started.value.suggested_filename == "a model é.zip"
    assert re.search(r"/school/models/downloads/[0-9a-f]{32}/", started.value.url)
    assert digest(started.value) == wanted
    context.close()
