"""The history: its rows, what differs, its axes, and what a page may ask for."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from components import history_table
from components.history_differences import design_difference, differences_data
from components.history_parallel import SHADES, axes_of, figure
from components.history_rows import row
from components.history_table import _changes, read_act, runs_csv, selected
from designer.training import RunStore
from designer.training.overview import RunOverview
from tests.components.runs import DNN, begun_run, finished_run
from tests.components.sessions import session_of


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunStore]:
    monkeypatch.setenv("MODEL_DESIGNER_HOME", str(tmp_path))
    made = RunStore(f"sqlite:///{tmp_path / 'runs.sqlite'}")
    yield made
    made.close()


def overview(store: RunStore, *runs: str) -> list[RunOverview]:
    found = {one.id: one for one in store.overview()}
    return [found[run] for run in runs]


def test_a_row_prefers_figures_on_examples_never_seen(store: RunStore) -> None:
    done, begun = finished_run(store, learning_rate=0.01), begun_run(store, done=2)
    first, second = (row(one) for one in overview(store, done, begun))
    assert (first["metricText"], first["lossText"]) == ("75.0% accuracy", "0.6000")
    assert (first["state"], first["epochs"], first["settings"]) == (
        "Finished", "3", "learning rate 0.01",
    )  # fmt: skip
    assert (second["metric"], second["loss"], second["lossText"]) == (None, None, "")
    assert (second["state"], second["epochs"], second["busy"]) == ("Training", "2 of 10", True)
    json.dumps([first, second], allow_nan=False)


def tiny(data: dict[str, Any], name: str) -> list[list[str]]:
    """Return the rows below a heading of the table of differences."""
    rows, below = [], False
    for one in data["rows"]:
        texts = [cell["text"] for cell in one["cells"]]
        if one["kind"] == "section":
            below = texts == [name]
        elif below:
            rows.append(texts)
    return rows


def test_only_what_differs_is_shown(store: RunStore) -> None:
    a = finished_run(store)
    b = finished_run(store, learning_rate=0.01, parameters={**DNN, "hidden": [64]})
    data = differences_data(overview(store, a, b))
    assert [name for name, *_ in tiny(data, "Design")] == ["Hidden"]
    assert tiny(data, "Settings") == [["Learning rate", "optimizer's own", "0.01"]]
    first, second = (one.design_text for one in overview(store, a, b))
    assert any("hidden" in words for words in design_difference(first, second))
    assert design_difference(first, first) == ()
    assert design_difference(first, '{"template": "gone"}') == ()

    alike = differences_data(overview(store, a, finished_run(store)))
    assert alike["rows"][0]["cells"] == [{"text": "The same design and the same settings."}]


def test_the_axes_are_what_differs_and_the_figures(store: RunStore) -> None:
    runs = overview(
        store,
        *(finished_run(store, learning_rate=rate, seed=n)
          for n, rate in enumerate((None, 0.01))),
        finished_run(store, learning_rate=0.0001, seed=2, tensorboard=True),
    )  # fmt: skip
    axes = axes_of(runs)
    assert [name for name, _ in axes] == ["Learning rate", "Accuracy, test", "Loss, test"]
    learning, *_ = figure(runs, axes).data[0].dimensions
    assert list(learning.ticktext) == ["optimizer's own", "0.0001", "0.01"]
    assert list(learning["values"]) == [0, 2, 1]
    assert figure(runs, axes).layout.margin.l >= 8 * len("optimizer's own"), "words have room"


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour such as ``#ffffff``, 0–1 (WCAG 2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("theme", "ground"), [("light", "#ffffff"), ("dark", "#11151f")])
def test_every_line_can_be_told_from_what_is_behind_it(theme: str, ground: str) -> None:
    config = (Path(__file__).parents[2] / ".streamlit/config.toml").read_text()
    assert f'backgroundColor = "{ground}"' in config
    for _, colour in SHADES[theme]:
        low, high = sorted((luminance(colour), luminance(ground)))
        assert (high + 0.05) / (low + 0.05) >= 3, colour


@pytest.mark.parametrize(
    "act",
    [
        None, 3, "delete", {}, {"do": "delete"}, {"do": "delete", "ids": []},
        {"do": "delete", "ids": [3]}, {"do": "format", "ids": ["a"]}, {"do": "open", "ids": "abc"},
    ],
)  # fmt: skip
def test_what_is_not_ours_to_do_is_left(act: Any) -> None:
    assert read_act(act) is None


def test_what_is_wanted_is_read() -> None:
    act = {"do": "describe", "ids": ["a", 3], "name": "x" * 500, "note": 5}
    assert read_act(act) == ("describe", ["a"], {"name": "x" * 200})


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    return session_of(monkeypatch, history_table)


def test_only_changes_are_sent(store: RunStore, session: SimpleNamespace) -> None:
    a, b = finished_run(store), begun_run(store, done=2)
    first = _changes(store.overview())
    assert (first["base"], {one["id"] for one in first["rows"]}) == (0, {a, b})
    number = first["number"]
    nothing = _changes(store.overview())
    assert nothing == {"number": number, "base": number, "rows": [], "gone": []}

    store.rename(b, "Named")
    store.delete(a)
    second = _changes(store.overview())
    assert second["base"] == number
    assert [one["name"] for one in second["rows"]] == ["Named"]
    assert second["gone"] == [a]

    session.session_state["history_have"] = number  # the second never came
    third = _changes(store.overview())
    assert third["base"] == 0
    assert [one["id"] for one in third["rows"]] == [b]


def test_what_is_chosen_is_what_is_there(store: RunStore, session: SimpleNamespace) -> None:
    a, b = finished_run(store), finished_run(store)
    for chosen, wanted in (
        (None, []), ("ab", []), ([b, "gone", a, b, 3], [b, a]),
    ):  # fmt: skip
        session.session_state["history_table"] = {"selected": chosen}
        assert [one.id for one in selected(store.overview())] == wanted


def test_runs_as_a_file(store: RunStore) -> None:
    a, b = finished_run(store, learning_rate=0.01), begun_run(store)
    store.rename(b, "=SUM(A1)")
    rows = list(csv.DictReader(io.StringIO(runs_csv(store.overview()))))
    assert [one["run"] for one in rows] == [b, a]
    assert rows[1]["learning_rate"] == "0.01"
    assert rows[1]["test_accuracy"] == "0.75"
    assert rows[0]["test_accuracy"] == ""
    assert rows[0]["name"] == "'=SUM(A1)"
    (only,) = csv.DictReader(io.StringIO(runs_csv(store.overview(), [a, "gone"])))
    assert only["run"] == a
