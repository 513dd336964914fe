"""What a person does with the product, in a real browser: the acceptance journey."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, WebSocketRoute, expect

from designer import Design, summarize
from designer.datasets import load
from designer.design import plain
from tests.browser.conftest import Visit
from tests.browser.serving import Server

pytestmark = pytest.mark.browser

#: Milliseconds. What needs a worker may have to wait until TensorFlow is imported there.
WORKERS_PATIENCE = 120_000


# --- what a person sees and touches -----------------------------------------------------------


def total(page: Page, name: str = "parameters") -> Locator:
    return page.locator(f'[data-total="{name}"] .value')


def choose_template(page: Page, title: str) -> None:
    page.get_by_role("combobox", name="Template").click()
    page.get_by_role("option", name=title, exact=True).click()


def go_to(page: Page, title: str) -> None:
    page.get_by_test_id("stTopNavLink").filter(has_text=title).click()


def filters_of_group_1(page: Page) -> Locator:
    return page.get_by_role("slider", name="Filters of group 1")


def number(page: Page, name: str) -> Locator:
    return page.get_by_role("spinbutton", name=name, exact=True)


def section(page: Page, name: str) -> Locator:
    """The line of the layer table that stands for a group, the stem or the task."""
    return page.locator("tr.section").filter(has_text=name)


def drawing(page: Page) -> Locator:
    return page.locator('[role="tree"][aria-label^="Architecture of"]')


def expect_keras_agrees(page: Page, parameters: int) -> None:
    expect(page.locator("p", has_text="tf.keras agrees:")).to_contain_text(
        f"tf.keras agrees: {parameters:,} parameters", timeout=WORKERS_PATIENCE
    )


def resnet34_with(filters: int) -> int:
    """Return the parameters of ResNet34 with so many filters in its first group."""
    design = Design.from_template("resnet34")
    first, *others = plain(design["groups"])
    changed = design.replace(groups=[{**first, "filters": filters}, *others])
    return summarize(changed).total_params


# --- Design -----------------------------------------------------------------------------------


def test_the_first_page_needs_no_tensorflow(visit: Visit, server: Server) -> None:
    page = visit("/")
    expect(total(page)).to_have_text("8,402,618")
    expect(page).to_have_title("Model Designer")
    assert server.heavy_libraries() == []


def test_numbers_table_and_drawing_follow_a_dragged_slider(visit: Visit) -> None:
    page = visit("/")
    choose_template(page, "ResNet34")
    expect(total(page)).to_have_text("21,542,376")
    expect(total(page, "layers")).to_have_text("47")

    slider = filters_of_group_1(page)
    expect(slider).to_have_value("64")  # the controls are ResNet34's by now
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box is not None
    seen = [total(page).inner_text()]
    page.mouse.move(box["x"] + _thumb(slider, box["width"]), box["y"] + box["height"] / 2)
    page.mouse.down()
    for part in (0.3, 0.45, 0.6, 0.4):
        page.mouse.move(box["x"] + part * box["width"], box["y"] + box["height"] / 2, steps=3)
        # The mouse is still down, and the new total is there: that is "live".
        expect(total(page)).not_to_have_text(seen[-1])
        expect(total(page)).to_have_text(f"{resnet34_with(int(slider.input_value())):,}")
        seen.append(total(page).inner_text())
    expect(page.get_by_text("Keras builds this design when it rests.")).to_be_visible()
    page.mouse.up()
    assert len(set(seen)) == 5

    filters = int(slider.input_value())
    expect(section(page, "Group 1")).to_contain_text(f"56 × 56 × {filters}")
    expect(drawing(page)).to_contain_text(f"56 × 56 × {filters}")
    expect_keras_agrees(page, resnet34_with(filters))

    slider.focus()
    for _ in range(3):
        before = filters
        page.keyboard.press("ArrowRight")
        filters = int(slider.input_value())
        assert filters > before
        expect(total(page)).to_have_text(f"{resnet34_with(filters):,}")
    expect(section(page, "Group 1")).to_contain_text(f"56 × 56 × {filters}")
    expect(drawing(page)).to_contain_text(f"56 × 56 × {filters}")
    expect(number(page, "Filters of group 1")).to_have_value(str(filters))

    expect_keras_agrees(page, resnet34_with(filters))
    page.get_by_role("button", name="model.summary()").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"Total params: {resnet34_with(filters):,}")
    expect(dialog).to_contain_text("group4_block2_conv2 (Conv2D)")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)

    page.get_by_role("button", name="Reset", exact=True).click()
    expect(total(page)).to_have_text("21,542,376")


def _thumb(slider: Locator, width: float) -> float:
    """Return where the thumb of a slider is, in pixels from its left end."""
    smallest, largest = (float(slider.get_attribute(name) or 0) for name in ("min", "max"))
    part = (float(slider.input_value()) - smallest) / (largest - smallest)
    return 8 + part * (width - 16)


def test_every_template_and_every_layer_of_the_largest_opens(visit: Visit) -> None:
    page = visit("/")
    for title in ("VGG19", "ResNet18", "Image DNN", "ResNet152"):
        choose_template(page, title)
        name = title.lower().replace(" ", "_")
        summary = summarize(Design.from_template(name))
        expect(total(page)).to_have_text(f"{summary.total_params:,}")
        expect(total(page, "layers")).to_have_text(f"{len(summary.layers):,}")
    page.get_by_role("button", name="Open all").click()
    expect(page.locator("tr.layer")).to_have_count(len(summary.layers))


# --- Train and Export -------------------------------------------------------------------------


def test_train_a_small_cnn_and_take_it_home(visit: Visit, server: Server, tmp_path: Path) -> None:
    page = visit("/?template=cnn")
    expect(total(page)).to_have_text("8,402,618")
    go_to(page, "Train")
    expect(page.get_by_role("combobox", name="Data set")).to_have_value("MNIST, 5,000 digits")
    examples = page.locator("figure img")
    expect(examples).to_have_count(20, timeout=WORKERS_PATIENCE)

    # The design is for other pictures: the page says so, and mends it on request.
    train = page.get_by_role("button", name="Train", exact=True)
    expect(page.get_by_text("The design has classes=26, and mnist_5k has 10")).to_be_visible()
    expect(train).to_be_disabled()
    page.get_by_role("button", name="Fit the design to the data").click()
    expect(page.get_by_text("MNIST, 5,000 digits fits the design.")).to_be_visible()
    expect(page.get_by_text("takes 28 × 28 × 1, gives 10 outputs")).to_be_visible()
    expect(page.get_by_text(re.compile("epoch on this machine"))).to_be_visible(
        timeout=WORKERS_PATIENCE
    )

    watch_a_long_run_and_stop_it(page)
    run = train_for_two_epochs(page)
    package = download_proven_export(page, run)
    take_home_for_small_devices(page, run, tmp_path)
    prove_it_elsewhere(package, server.home / "runs" / run / "model.keras", tmp_path)

    assert server.workers_with_tensorflow() >= 1  # so the next line does see TensorFlow
    assert server.heavy_libraries() == []


def start_training(page: Page, epochs: int) -> None:
    number(page, "Epochs").fill(str(epochs))
    number(page, "Epochs").press("Enter")
    expect(page.get_by_text(re.compile("epoch on this machine"))).to_be_visible(
        timeout=WORKERS_PATIENCE
    )
    page.get_by_role("button", name="Train", exact=True).click()


def chart(page: Page, metric: str) -> Locator:
    return page.locator(f"figure[data-metric={metric}] svg")


def watch_a_long_run_and_stop_it(page: Page) -> None:
    start_training(page, 5000)
    # A point of the curve is there within seconds, and more keep coming.
    expect(chart(page, "loss")).to_be_visible(timeout=WORKERS_PATIENCE)
    expect(chart(page, "accuracy")).to_be_visible()
    progress = page.get_by_text(re.compile(r"Epoch \d+ of 5000 · .* so far · about .* left"))
    expect(progress).to_be_visible()
    for name in ("loss", "accuracy", "val_loss", "val_accuracy"):
        expect(page.locator(f"[data-figure={name}] .value")).to_be_visible()
    line = chart(page, "loss").locator("path.line.train")
    words, path = progress.inner_text(), line.get_attribute("d")
    chart(page, "loss").evaluate("svg => { svg.dataset.watched = 'yes'; }")
    expect(progress).not_to_have_text(words)
    expect(line).not_to_have_attribute("d", path or "")
    # The same picture, moved on: nothing flickers.
    expect(chart(page, "loss")).to_have_attribute("data-watched", "yes")

    page.reload()  # the run belongs to the store, not to the page
    expect(progress).to_be_visible()
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_role("heading", name="Stopped")).to_be_visible()
    stop = page.get_by_role("button", name="Stop", exact=True)
    expect(stop).to_have_attribute("aria-disabled", "true")


def train_for_two_epochs(page: Page) -> str:
    """Train, look at what came of it, and return the run's id."""
    stopped = run_in_address(page)
    start_training(page, 2)
    expect(page.get_by_text("Epoch 2 of 2")).to_be_visible(timeout=WORKERS_PATIENCE)
    expect(page.get_by_role("heading", name="Finished")).to_be_visible()
    run = run_in_address(page)
    assert run != stopped

    page.get_by_test_id("stMain").get_by_text("Result", exact=True).click()
    expect(page.get_by_role("heading", name="On examples it has never seen")).to_be_visible()
    figure = page.locator("[data-figure=test_accuracy] .value").inner_text()
    assert float(figure.removesuffix("%")) > 60
    for heading in ("What was taken for what", "The worst mistakes", "Each class"):
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    cards = page.locator(".mistakes .mistake")
    expect(cards.first.locator("img, svg, canvas").first).to_be_visible()
    expect(cards.first).to_contain_text(re.compile(r"is \d.*\d+%", re.DOTALL))
    return run


def run_in_address(page: Page) -> str:
    expect(page).to_have_url(re.compile(r"[?&]run="))
    return parse_qs(urlsplit(page.url).query)["run"][0]


def download_proven_export(page: Page, run: str) -> Path:
    """Prepare a SavedModel, leave, come back, and download it."""
    page.get_by_role("link", name="Take this model home").click()
    model = page.get_by_role("combobox", name="Model")
    expect(model).to_have_value(re.compile(rf"^{run} · accuracy \d+\.\d% on test data"))
    expect(page.get_by_role("heading", name=f"{run}-saved_model.zip")).to_be_visible()
    page.get_by_role("button", name="Prepare the download").click()
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    address = page.url
    page.goto("about:blank")  # a page that is closed finds its export again
    page.goto(address)
    expect(
        page.get_by_text(re.compile("Loaded in a fresh Python process .* (differ|are exactly)"))
    ).to_be_visible(timeout=WORKERS_PATIENCE)
    expect(page.get_by_role("cell", name="Keras model")).to_be_visible()
    expect(page.get_by_text(re.compile("serving_default"))).to_be_visible()
    return download(page, f"{run}-saved_model.zip")


def download(page: Page, name: str) -> Path:
    """Download the export that is shown; what comes is what its SHA-256 says."""
    with page.expect_download() as started:
        page.get_by_role("link", name=re.compile(r"^Download \(")).click()
    assert started.value.suggested_filename == name
    path = started.value.path()
    said = page.get_by_test_id("stCode").filter(has_text=re.compile("^[0-9a-f]{64}$"))
    assert said.inner_text().strip() == hashlib.sha256(path.read_bytes()).hexdigest()
    return path


def take_home_for_small_devices(page: Page, run: str, folder: Path) -> None:
    """Prepare the same network in whole numbers, and use it by the lines on the page alone."""
    page.get_by_role("radio", name=re.compile("LiteRT")).check()
    page.get_by_text("Whole numbers").click()
    page.get_by_text("Only the .tflite file").click()
    name = f"{run}-int8.tflite"
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    page.get_by_role("button", name="Prepare the download").click()
    expect(page.get_by_text(re.compile("Loaded in a fresh Python process"))).to_be_visible(
        timeout=WORKERS_PATIENCE
    )
    expect(page.locator("tr", has_text="whole numbers")).to_contain_text("%")
    shutil.copy(download(page, name), folder / name)
    lines = page.get_by_test_id("stCode").first.inner_text()
    data = load("mnist_5k")
    prepared = data.features[::10].astype("float32") / 255
    np.save(folder / "prepared.npy", prepared)
    program = f"{lines}\nimport sys\nnp.save(sys.argv[2], predict(np.load(sys.argv[1]))[0])"
    done = subprocess.run(
        [sys.executable, "-I", "-c", program, "prepared.npy", "answers.npy"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr
    labels = np.asarray(data.labels).ravel()[::10]
    assert (np.load(folder / "answers.npy").argmax(1) == labels).mean() > 0.6


ELSEWHERE = """
import re, sys
from pathlib import Path

blocks = re.findall(r"```python\\n(.*?)```", Path("README.md").read_text(), re.S)
exec(blocks[0])  # the lines that load the model and use it
digits = np.load(sys.argv[1])
from_package = predict(prepare(digits))[0]
assert "designer" not in sys.modules and "streamlit" not in sys.modules

import keras
from_run = keras.models.load_model(sys.argv[2]).predict(digits / np.float32(255), verbose=0)
np.savez(sys.argv[3], from_package=from_package, from_run=from_run)
"""


def prove_it_elsewhere(package: Path, model: Path, folder: Path) -> None:
    """Load a package by its README alone; it predicts what the run's own model predicts."""
    home = folder / "somewhere else"
    with zipfile.ZipFile(package) as archive:
        archive.extractall(home)
    data = load("mnist_5k")
    digits, labels = data.features[::10], np.asarray(data.labels).ravel()[::10]
    np.save(folder / "digits.npy", digits)
    arguments = [folder / "digits.npy", model, folder / "answers.npz"]
    done = subprocess.run(
        [sys.executable, "-I", "-c", ELSEWHERE, *map(str, arguments)],
        cwd=home,
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr
    answers = np.load(folder / "answers.npz")
    assert answers["from_package"].shape == (500, 10)
    np.testing.assert_allclose(answers["from_package"], answers["from_run"], atol=1e-5)
    assert (answers["from_package"].argmax(1) == labels).mean() > 0.6


# --- a design is not lost ---------------------------------------------------------------------


def test_a_design_survives_pages_reload_and_a_copied_link(visit: Visit) -> None:
    page = visit("/")
    choose_template(page, "ResNet18")
    expect(number(page, "Filters of group 2")).to_have_value("128")
    number(page, "Classes").fill("7")
    number(page, "Filters of group 2").fill("96")
    design = Design.from_template("resnet18", classes=7)
    first, second, *others = plain(design["groups"])
    design = design.replace(groups=[first, {**second, "filters": 96}, *others])
    parameters = f"{summarize(design).total_params:,}"
    expect(total(page)).to_have_text(parameters)

    go_to(page, "Export")
    expect(page.get_by_role("combobox", name="Model")).to_have_value(re.compile("ResNet18, untr"))
    go_to(page, "Train")
    expect(page.get_by_text("takes 224 × 224 × 3, gives 7 outputs")).to_be_visible()
    go_to(page, "Design")
    expect(total(page)).to_have_text(parameters)
    expect(page).to_have_url(re.compile("template=resnet18"))

    page.reload()
    expect(total(page)).to_have_text(parameters)
    expect(number(page, "Classes")).to_have_value("7")

    page.get_by_role("button", name="Share", exact=True).click()
    link = page.get_by_label("Link", exact=True).inner_text()
    elsewhere = visit(link)
    expect(total(elsewhere)).to_have_text(parameters)
    expect(number(elsewhere, "Filters of group 2")).to_have_value("96")

    # A template is found again as it was left.
    page.keyboard.press("Escape")
    choose_template(page, "CNN")
    expect(total(page)).to_have_text("8,402,618")
    choose_template(page, "ResNet18")
    expect(total(page)).to_have_text(parameters)


def test_a_design_is_saved_and_opened_again(visit: Visit) -> None:
    page = visit("/?template=dnn&hidden=[31,17]")
    parameters = f"{summarize(Design.from_template('dnn', hidden=[31, 17])).total_params:,}"
    expect(total(page)).to_have_text(parameters)
    page.get_by_role("button", name="File", exact=True).click()
    with page.expect_download() as started:
        page.get_by_role("button", name="Save the design").click()
    assert started.value.suggested_filename == "dnn.json"
    other = visit("/")
    other.get_by_role("button", name="File", exact=True).click()
    other.get_by_label("Open a file").set_input_files(
        {
            "name": "mine.json",
            "mimeType": "application/json",
            "buffer": started.value.path().read_bytes(),
        }
    )
    expect(total(other)).to_have_text(parameters)


# --- bad input --------------------------------------------------------------------------------


def expect_usable(page: Page) -> None:
    """Whatever happened before, the page goes on working."""
    choose_template(page, "Image DNN")
    expect(total(page)).to_have_text("669,706")


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("/?template=resnet5", "There is no template 'resnet5'. Did you mean 'resnet50'?"),
        ("/?template=%00%F0%9F&groups=[[[", "The link could not be opened: There is no template"),
        ("/?filters=64", "The link names no template"),
    ],
)
def test_a_broken_link_is_told(visit: Visit, address: str, message: str) -> None:
    page = visit(address)
    expect(page.get_by_role("alert").filter(has_text=message)).to_be_visible()
    expect(total(page)).to_have_text("8,402,618")
    expect_usable(page)


def test_a_broken_link_is_told_on_every_page(visit: Visit) -> None:
    for name in ("train", "export"):
        page = visit(f"/{name}?template=resnet5")
        message = page.get_by_role("alert").filter(has_text="There is no template 'resnet5'")
        expect(message).to_be_visible()


def test_the_rest_of_a_link_with_one_bad_parameter_is_kept(visit: Visit) -> None:
    page = visit("/?template=resnet50&version=v9&classes=12")
    message = page.get_by_role("alert").filter(has_text="version: received 'v9'; one of v1")
    expect(message).to_be_visible()
    kept = summarize(Design.from_template("resnet50", classes=12)).total_params
    expect(total(page)).to_have_text(f"{kept:,}")
    expect_keras_agrees(page, kept)  # the page has run again by itself, and still says it
    expect(message).to_be_visible()
    expect_usable(page)
    go_to(page, "Train")
    expect(page.get_by_text("takes 28 × 28, gives 10 outputs")).to_be_visible()
    expect(message).to_have_count(0)


def test_a_link_to_a_run_that_is_not_here_is_told(visit: Visit) -> None:
    page = visit("/train?template=cnn&run=cnn-mnist_5k-zzzz")
    expect(page.get_by_text("There is no run 'cnn-mnist_5k-zzzz'")).to_be_visible()
    go_to(page, "Design")
    expect_usable(page)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '{"format": "model-designer-design", "version": 99, "template": "cnn"}',
            "made by a newer Model Designer",
        ),
        ('{"layers": [1, 2]}', "Layer 1 of 2 is none"),
        ("\x89PNG", "is a picture"),
        ('{"template": "cnn", "parameters": {"classes": "many"}}', "classes: received 'many'"),
    ],
)
def test_a_design_file_that_does_not_work_is_told(visit: Visit, text: str, message: str) -> None:
    page = visit("/")
    page.get_by_role("button", name="File", exact=True).click()
    page.get_by_label("Open a file").set_input_files(
        {"name": "theirs.json", "mimeType": "application/json", "buffer": text.encode("latin-1")}
    )
    alert = page.get_by_role("alert").filter(has_text=message)
    expect(alert).to_contain_text("theirs.json")
    page.keyboard.press("Escape")
    expect(total(page)).to_have_text("8,402,618")
    expect_usable(page)


def test_text_in_a_number_field_is_told_beside_it(visit: Visit) -> None:
    page = visit("/?template=cnn")
    expect(total(page)).to_have_text("8,402,618")
    classes = number(page, "Classes")
    classes.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("1e")  # Chromium lets only signs of numbers through
    message = page.locator(".field.wrong").get_by_role("alert")
    expect(message).to_contain_text("classes: received 'not a number'; a whole number from 2")
    expect(total(page)).to_have_text("8,402,618")

    classes.fill("")
    expect(message).to_contain_text("classes: received ''")
    classes.fill("1000000")
    expect(message).to_contain_text("classes: received 1000000; a whole number from 2 to 100,000")

    classes.fill("10")
    expect(page.locator(".field.wrong")).to_have_count(0)
    expect(total(page)).to_have_text(
        f"{summarize(Design.from_template('cnn', classes=10)).total_params:,}"
    )


def test_a_network_shrunk_to_nothing_stays_open(visit: Visit) -> None:
    page = visit("/?template=cnn")
    for axis in ("height", "width"):
        number(page, f"Input {axis}").fill("2")
    fault = page.get_by_role("alert").filter(has_text="cannot be built")
    expect(fault).to_contain_text("group1")
    expect(page.locator("tr.layer.fault")).to_have_count(1)
    expect(drawing(page).locator(".box.fault")).to_have_count(1)

    go_to(page, "Train")
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_disabled()
    go_to(page, "Export")
    expect(page.get_by_text("cannot be built")).to_be_visible()
    expect(page.get_by_role("button", name="Prepare the download")).to_have_count(0)
    go_to(page, "Design")
    expect(fault).to_be_visible()
    for axis in ("height", "width"):
        number(page, f"Input {axis}").fill("128")
    expect(total(page)).to_have_text("8,402,618")
    expect(fault).to_have_count(0)
    expect_usable(page)


def test_what_would_not_fit_in_memory_is_refused_with_the_figure(visit: Visit) -> None:
    page = visit("/?template=dnn&hidden=[65536,65536]&input_shape=[10]")
    huge = Design.from_template("dnn", hidden=[65536, 65536], input_shape=[10])
    parameters = f"{summarize(huge).total_params:,}"
    expect(total(page)).to_have_text(parameters)
    told = page.get_by_role("alert").filter(has_text=parameters)
    expect(told).to_contain_text("500,000,000")
    expect(page.get_by_text("What mends it:")).to_be_visible()

    go_to(page, "Train")
    expect(page.get_by_role("combobox", name="Data set")).to_have_value("Diabetes")
    page.get_by_role("button", name="Train", exact=True).click()
    refusal = page.get_by_role("alert").filter(has_text=parameters)
    expect(refusal).to_be_visible()
    go_to(page, "Export")
    page.get_by_role("button", name="Prepare the download").click()
    expect(refusal).to_be_visible(timeout=WORKERS_PATIENCE)
    go_to(page, "Design")
    expect_usable(page)


def test_an_edit_that_is_lost_on_its_way_is_sent_again(server: Server, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    losing = False

    def between(socket: WebSocketRoute) -> None:
        onward = socket.connect_to_server()
        socket.on_message(lambda message: None if losing else onward.send(message))

    page.route_web_socket(re.compile("/_stcore/stream"), between)
    page.goto(f"{server.url}/?template=resnet34")
    expect(total(page)).to_have_text("21,542,376")
    field = number(page, "Filters of group 1")
    expect(field).to_have_value("64")
    # From here on the page asks for nothing by itself, which would bring the edit along.
    expect_keras_agrees(page, 21_542_376)
    losing = True
    field.fill("32")
    page.wait_for_timeout(600)  # the edit and the word that the hand rests are both lost
    expect(total(page)).to_have_text("21,542,376")
    losing = False
    expect(total(page)).to_have_text(f"{resnet34_with(32):,}")
    context.close()
