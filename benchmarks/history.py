"""The history with a thousand finished runs: from its address to a table one can use."""

from __future__ import annotations

import random
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.browser import STREAMLIT, Ends, chromium, new_context, wait_for
from benchmarks.figures import AtMost, Effort, Figure
from benchmarks.processes import OUR_PAGE, SLIDER_PAGE, serving
from designer import Design
from designer.training import RunStore, TrainingSettings

RUNS = 1_000
TABLE = Ends("tbody input[type=checkbox]", ".count")


def measure(effort: Effort) -> list[Figure]:
    """Open the history and the empty page in turns."""
    ours: list[float] = []
    empty: list[float] = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, chromium() as browser:
        home = Path(folder)
        fill(home / "ours" / "runs.sqlite")
        pages = [("ours", OUR_PAGE), ("slider", SLIDER_PAGE)]
        with serving(pages, home) as servers:
            for number in range(-1, effort.repetitions(9, 3)):
                history = _open(browser, f"{servers['ours'].address}/history", TABLE)
                other = _open(browser, servers["slider"].address, STREAMLIT)
                if number >= 0:  # a server's first visit is not counted
                    ours.append(history)
                    empty.append(other)
    return [
        Figure(
            name=f"the history opens with {RUNS:,} finished runs",
            unit="ms",
            ours=ours,
            other=empty,
            other_name="the empty Streamlit page with one st.slider and one st.metric",
            wanted=AtMost(3.0),
            method=f"A store with {RUNS:,} finished runs of three templates, 5 to 20 epochs each."
            " Two servers that have served before, a fresh browser context (nothing in its cache)"
            " each time, in turns. Time runs in the page, from the navigation to the frame that"
            " shows the table with its rows and the count of all runs.",
        )
    ]


def fill(file: Path) -> None:
    """Write finished runs into a new store, as workers would have left them."""
    from sqlalchemy import insert

    from designer.training.tables import metrics, runs

    file.parent.mkdir(parents=True, exist_ok=True)
    store = RunStore(f"sqlite:///{file}")
    choose = random.Random(0)
    designs = [Design.from_template(name).to_dict() for name in ("cnn", "dnn", "resnet50")]
    rows, points = [], []
    for number in range(RUNS):
        design = choose.choice(designs)
        settings = TrainingSettings(
            "mnist_5k",
            epochs=choose.choice((5, 10, 20)),
            learning_rate=choose.choice((0.01, 0.001, 0.0003)),
            seed=number,
        )
        accuracy = choose.uniform(0.7, 0.99)
        name = f"{design['template']}-mnist_5k-{number:04}"
        rows.append(
            {
                "id": name,
                "created": time.time() - 600 * number,
                "design": design,
                "settings": settings.to_dict(),
                "state": "finished",
                "epoch": settings.epochs,
                "epochs": settings.epochs,
                "step": settings.epochs * 100,
                "steps": settings.epochs * 100,
                "elapsed": 20.0 * settings.epochs,
                "metrics": {"test_loss": 2 * (1 - accuracy), "test_accuracy": accuracy},
                "result": "ready",
            }
        )
        points += [
            {
                "run": name,
                "step": epoch * 100,
                "epoch": epoch,
                "kind": "epoch",
                "figures": {"loss": 2 / epoch, "val_loss": 2.1 / epoch, "accuracy": accuracy},
                "written": time.time(),
            }
            for epoch in range(1, settings.epochs + 1)
        ]
    with store._engine.begin() as connection:
        connection.execute(insert(runs), rows)
        connection.execute(insert(metrics), points)
    store.close()


def _open(browser: Browser, address: str, ends: Ends) -> float:
    context = new_context(browser)
    try:
        page = context.new_page()
        page.goto(address, wait_until="commit")
        took = wait_for(page, ends)
        if ends is TABLE and f"{RUNS:,}" not in page.locator(".count").inner_text():
            raise RuntimeError("The history does not show all runs.")
        page.wait_for_timeout(1500)  # what goes on behind the page is not the next one's burden
    finally:
        context.close()
    return took
