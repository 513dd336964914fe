"""Makes the README's pictures by driving the real product: ``python -m tests.browser.screenshots``.

They go into ``docs/``: 1440 pixels wide, in the light theme, each under 300 KB.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import parse_qsl

from playwright.sync_api import Page, expect, sync_playwright

from designer import Design
from designer.training import RunStore
from tests.browser.serving import CHROMIUM_ARGUMENTS, ROOT, Server, chromium, running_server

FOLDER = ROOT / "docs"
LARGEST = 300_000  # bytes

#: Milliseconds: the first model has to wait until TensorFlow is imported.
PATIENCE = 180_000

#: A network that learns digits well in half a minute.
SMALL_CNN = (
    "template=cnn&input_shape=[28,28,1]&classes=10&strides=1&hidden=[64]&hidden_dropout=0.5"
    '&groups=[{"filters":16},{"filters":32}]'
)


def main() -> int:
    """Take the pictures; return 1, with a reason, where that cannot be done."""
    if chromium() is None:
        print("Chromium is not installed (Debian: apt-get install chromium).", file=sys.stderr)
        return 1
    FOLDER.mkdir(exist_ok=True)
    expect.set_options(timeout=PATIENCE)
    with (
        tempfile.TemporaryDirectory(prefix="model-designer-pictures-") as home,
        running_server(Path(home)) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=CHROMIUM_ARGUMENTS, headless=True
        )
        context = browser.new_context(
            viewport={"width": 1440, "height": 1000}, device_scale_factor=1, color_scheme="light"
        )
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        design(page, server.url)
        code(page)
        compare(page, server.url)
        train(page, server.url)
        result(page)
        export(page)
        history(page, server)
        browser.close()
    return 0


def design(page: Page, url: str) -> None:
    """ResNet50, with Keras's word on it, and why a layer has its numbers."""
    page.goto(f"{url}/?template=resnet50")
    expect(page.get_by_text("tf.keras agrees:")).to_be_visible()
    page.locator("tr.layer").get_by_role("button", name="stem_conv", exact=True).click()
    expect(page.locator(".card .title")).to_have_text("stem_conv")
    page.mouse.move(5, 995)
    keep(page, "design", height=1060)


def code(page: Page) -> None:
    """The same network in the reuse style, with the lines of a block lit."""
    page.locator('.view [data-key="group2/block1"]').first.click()
    expect(page.locator(".card .title")).to_have_text("Block 1")
    page.get_by_text("Code", exact=True).first.click()
    page.get_by_role("radio", name="Reuse").check()
    lines = page.get_by_text("def projection_block").first
    expect(lines).to_be_visible()
    page.mouse.move(5, 995)
    keep(page, "code", height=1240)


def compare(page: Page, url: str) -> None:
    """Two versions of ResNet50: what differs, in words and layer for layer."""
    page.goto(f"{url}/compare?c1=template%3Dresnet50&c2=template%3Dresnet50%26version%3Dv1.5")
    expect(page.get_by_text("the stride moves to the 3 × 3")).to_be_visible()
    page.mouse.move(5, 995)
    keep(page, "compare", height=1480)


def train(page: Page, url: str) -> None:
    """A small CNN that has learned digits: its curves, and what it got right and wrong."""
    page.goto(f"{url}/train?{SMALL_CNN}")
    expect(page.get_by_text(re.compile("epoch on this machine"))).to_be_visible()
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_role("heading", name="Finished")).to_be_visible()
    expect(page.locator("[data-figure=test_accuracy]")).to_be_visible()
    page.mouse.move(5, 995)
    keep(page, "train", height=1000)


def result(page: Page) -> None:
    """What it took for what, with the examples of a cell."""
    page.get_by_test_id("stMain").get_by_text("Result", exact=True).click()
    expect(page.get_by_text("What was taken for what")).to_be_visible()
    page.mouse.move(5, 995)
    keep(page, "result", height=1060)


def history(page: Page, server: Server) -> None:
    """The same network with other learning rates, laid over one another."""
    design, _ = Design.from_query(dict(parse_qsl(SMALL_CNN)))
    file = server.home / "small_cnn.json"
    file.write_text(design.to_json())
    runs = [queue(server, file, rate) for rate in ("0.0003", "0.003", "0.01")]
    store = RunStore(f"sqlite:///{server.home / 'runs.sqlite'}")
    while not all(store.run(run).is_complete for run in runs):
        time.sleep(0.2)
    store.close()
    page.goto(f"{server.url}/history")
    for run in runs:
        page.get_by_role("checkbox", name=f"Choose {run}").check()
    expect(page.locator("figure[data-metric=loss] path.line")).not_to_have_count(0)
    page.mouse.move(5, 995)
    keep(page, "history", height=1085)


def queue(server: Server, design: Path, rate: str) -> str:
    """Queue a run by the command line and return its id."""
    command = [sys.executable, "-m", "designer", "train", str(design), "--dataset", "mnist_5k"]
    command += ["--epochs", "10", "--learning-rate", rate, "--detach", "--json"]
    environment = {**os.environ, "MODEL_DESIGNER_HOME": str(server.home)}
    told = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return str(json.loads(told.stdout)["run"])


def export(page: Page) -> None:
    """The same network, proven in a fresh process and ready to download."""
    page.get_by_test_id("stMain").get_by_text("Result", exact=True).click()
    page.get_by_role("link", name="Take this model home").click()
    page.get_by_role("button", name="Prepare the download").click()
    expect(page.get_by_role("button", name=re.compile("^Download"))).to_be_visible()
    page.mouse.move(5, 995)
    keep(page, "export", height=460)


def keep(page: Page, name: str, *, height: int) -> None:
    """Write a picture of the page, so high."""
    page.set_viewport_size({"width": 1440, "height": height})
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.evaluate("document.fonts.ready")
    path = FOLDER / f"{name}.png"
    page.screenshot(path=path, animations="disabled", caret="hide")
    size = path.stat().st_size
    print(f"{path.relative_to(ROOT)}: {size:,} bytes")
    if size > LARGEST:
        raise RuntimeError(f"{path} has {size:,} bytes; at most {LARGEST:,} are wanted.")


if __name__ == "__main__":
    sys.exit(main())
