"""What is said of a run, on the page: the words, and what the buttons do."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components import diagnoses, layer_looks
from designer.design import Design
from designer.diagnosing import Baseline
from designer.training import RunStore, TrainingSettings
from designer.training.layer_store import keep_snapshot
from designer.training.layer_values import LayerSnapshot, LayerValues
from designer.training.store import NewPoint

DESIGN = Design.from_template("image_dnn", input_shape=[8, 8], classes=10, hidden=[32])


class Engine:
    """Stands in for the workers: keeps what it was asked to train."""

    def __init__(self, store: RunStore):
        self.store = store

    def submit(self, job: str, timeout: float | None = None, **arguments: Any) -> Future[Any]:
        assert job == "baseline"
        future: Future[Any] = Future()
        future.set_result(Baseline(2.3, 2.3, ((0.1,) * 10,)).to_dict())
        return future

    def train(self, design: Design, settings: TrainingSettings) -> str:
        return self.store.create(design, settings).id


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    made = Engine(RunStore(f"sqlite:///{tmp_path / 'runs.sqlite'}"))
    for module in (diagnoses, layer_looks):
        monkeypatch.setattr(module, "engine", lambda: made)
    return made


def overfitted(store: RunStore) -> str:
    run = store.create(DESIGN, TrainingSettings("digits", epochs=40)).id
    store.claim(run)
    store.mark_running(run, 400, {})
    points = []
    for epoch in range(20):
        loss = 2.3 * 0.75**epoch
        value = 0.5 + 1.8 * 0.5**epoch + 0.05 * max(0, epoch - 6)
        values = {"loss": loss, "val_loss": value}
        points.append(NewPoint(10 * (epoch + 1), epoch + 1, "epoch", values))
    store.record(run, points)
    return run


def _page() -> None:
    import streamlit as st

    from components.diagnoses import diagnoses_view, engine

    store = engine().store
    run = st.session_state["run"]
    diagnoses_view(store.run(run), store.metrics(run), store.events(run))


def shown(run: str) -> AppTest:
    page = AppTest.from_function(_page)
    page.session_state["run"] = run
    page.run()
    assert not page.exception
    return page


def test_a_run_under_way_is_changed_by_its_button(engine: Engine) -> None:
    run = overfitted(engine.store)
    page = shown(run)
    assert "Overfitting since epoch 7" in page.markdown[0].value
    assert page.button[0].label.startswith("Go on with an early stop")
    page.button[0].click().run()
    assert not page.exception
    assert engine.store.run(run).settings["early_stopping"] == 3
    assert not page.button, "what was done is not offered again"


def test_a_run_that_is_over_is_begun_again_otherwise(engine: Engine) -> None:
    run = overfitted(engine.store)
    engine.store.end(run, "stopped")
    page = shown(run)
    assert page.button[0].label == "Start again with varied pictures"
    page.button[0].click().run()
    assert not page.exception
    again = next(one for one in engine.store.runs() if one.id != run)
    assert again.design == engine.store.run(run).design
    assert again.settings["augmentation"]["rotation"] == 10.0
    assert again.settings["epochs"] == 40
    assert again.id in page.query_params["run"]


def test_what_several_layers_need_is_offered_once(engine: Engine) -> None:
    run = overfitted(engine.store)
    layers = tuple(
        LayerValues(name, "Dense", "relu", None, 1.0, 0.8, {}, {}, 1.0, 1.0)
        for name in ("group1_block1_conv", "hidden2")
    )
    engine.store.record(run, progress=None, step=200)
    keep_snapshot(engine.store, run, LayerSnapshot(20, 200, layers))
    page = shown(run)
    said = [text.value for text in page.markdown]
    assert sum("Dead ReLUs" in text for text in said) == 2
    assert any("group1\\_block1\\_conv" in text for text in said), "nothing reads as Markdown"
    labels = [button.label for button in page.button]
    assert labels.count("Start again with learning rate 0.0001") == 1
