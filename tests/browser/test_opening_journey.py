"""Opening files, as a person does it: a model that is one of ours, one to look at, a bad one."""

from __future__ import annotations

import json
import random
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.conftest import Visit
from tests.browser.serving import Server
from tests.browser.test_accessibility import findings
from tests.designer.importing.model_files import ODD, PLAIN, packed

pytestmark = pytest.mark.browser


def open_file(page: Page, path: Path) -> None:
    """Choose a file in the File menu, which is opened if it is not."""
    place = page.get_by_label("Open a file")
    if not place.count():
        page.get_by_role("button", name="File", exact=True).click()
    place.set_input_files(path)


def total(page: Page, name: str = "parameters") -> str:
    return f'[data-total="{name}"] .value'


def test_models_from_elsewhere_are_opened_looked_at_and_left(visit: Visit, tmp_path: Path) -> None:
    page = visit("/?template=dnn")
    parameters = page.locator(total(page))
    expect(parameters).to_have_text("261")

    # A bad file is told, and changes nothing.
    damaged = tmp_path / "damaged.keras"
    damaged.write_bytes(packed(tmp_path, {"config.json": PLAIN}).read_bytes()[:300])
    open_file(page, damaged)
    expect(page.get_by_text("damaged.keras is only a part of a zip")).to_be_visible()
    expect(parameters).to_have_text("261")

    # One of ours becomes the design, in one step, and is told.
    open_file(page, packed(tmp_path, {"config.json": PLAIN}, "theirs.keras"))
    told = page.get_by_text("theirs.keras is a Keras model of 7 layers, recognised as CNN")
    expect(told).to_be_attached()
    expect(parameters).to_have_text("9,098")
    page.keyboard.press("Escape")
    expect(told).to_be_visible()

    # Another one is looked at; the way back leads to the design before.
    open_file(page, packed(tmp_path, {"config.json": ODD}, "odd.keras"))
    expect(page.get_by_text("1 of them is in no design of ours")).to_be_attached()
    page.keyboard.press("Escape")
    expect(parameters).to_have_text("≥ 27,090")
    expect(page.get_by_text("Train this design")).to_have_count(0)
    assert findings(page) == []
    page.get_by_role("button", name="Back to CNN").click()
    expect(parameters).to_have_text("9,098")
    page.get_by_role("button", name="Undo").click()
    expect(parameters).to_have_text("261")
    expect(told).to_have_count(0)


def test_pieces_and_answers_that_are_lost_on_the_way_are_asked_for(
    visit: Visit, server: Server, tmp_path: Path
) -> None:
    pieces: list[int] = []
    answers: list[int] = []

    def between(socket: WebSocketRoute) -> None:
        other = socket.connect_to_server()

        def up(message: str | bytes) -> None:
            if len(message) > 500_000:
                pieces.append(len(message))
            if len(message) < 500_000 or len(pieces) != 1:  # the first piece is lost
                other.send(message)

        def down(message: str | bytes) -> None:
            # An answer is lost, too: what comes in its place says what the one before it said.
            # (Without any message, Streamlit would take the whole element off the page.)
            if len(pieces) == 3 and not answers and b"4194304" in message:
                answers.append(len(message))
                message = message.replace(b"4194304", b"2097152")
            socket.send(message)

        socket.on_message(up)
        other.on_message(down)

    page = visit("about:blank")
    page.route_web_socket(re.compile("/_stcore/stream"), between)
    page.goto(f"{server.url}/?template=cnn")
    path = tmp_path / "large.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("weights", random.Random(0).randbytes(7_000_000))
        archive.writestr("design.json", json.dumps({"template": "dnn"}))
    open_file(page, path)
    expect(page.locator(total(page))).to_have_text("261")
    assert (len(pieces), len(answers)) == (5, 1)


@pytest.mark.exhaustive
def test_a_package_as_large_as_vgg16s_is_opened(visit: Visit, tmp_path: Path) -> None:
    page = visit("/?template=dnn")
    large = tmp_path / "vgg16.zip"
    weights = bytes(1 << 20)
    with zipfile.ZipFile(large, "w") as archive, archive.open("weights", "w") as member:
        for _ in range(530):
            member.write(weights)
    with zipfile.ZipFile(large, "a") as archive:
        archive.writestr("design.json", json.dumps({"template": "vgg16"}))
    open_file(page, large)
    told = page.get_by_text("Opened vgg16.zip as VGG16")
    expect(told.or_(page.get_by_text("vgg16.zip is"))).to_be_attached(timeout=180_000)
    expect(page.locator(total(page))).to_have_text("138,357,544")


def test_names_of_a_file_are_text_and_nothing_else(visit: Visit, tmp_path: Path) -> None:
    page = visit("/")
    model = json.loads(json.dumps(ODD))
    evil = "<img src=x onerror=document.title=1>[a](javascript:1) **b** $x$"
    model["config"]["name"] = evil
    for layer in model["config"]["layers"]:
        layer["config"]["name"] += evil
    path = tmp_path / "**bold** [a](http:b).keras"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", json.dumps(model))
    open_file(page, path)
    expect(page.get_by_text("1 of them is in no design of ours")).to_be_attached()
    page.keyboard.press("Escape")
    expect(page.get_by_text("**bold** [a](http:b).keras is a Keras model")).to_be_visible()
    assert page.title() != "1"
