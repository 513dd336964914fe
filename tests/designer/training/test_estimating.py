"""The estimate of an epoch: a formula, corrected by what runs really took."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from designer.design import Design
from designer.summary import summarize
from designer.training import estimating
from designer.training.estimating import Estimate, MachineRates, epoch_seconds, estimate_epoch
from designer.training.runs import FINISHED, Progress
from designer.training.settings import TrainingSettings
from designer.training.store import RunStore

RATES = MachineRates(dense=1e9, convolution=2e9, weights=1e8, layer_seconds=1e-5)
DNN = Design.from_template("dnn", input_shape=[10])
CNN = Design.from_template("cnn", input_shape=[28, 28, 1], classes=10)
SETTINGS = TrainingSettings("mnist_5k", epochs=4)


def test_the_formula_is_arithmetic_plus_a_cost_a_step() -> None:
    summary = summarize(DNN)
    assert summary.multiply_adds == 210
    arithmetic = 210 * (3 * 320 + 64) / 1e9
    steps = 10 * (len(summary.layers) * 1e-5 + summary.trainable_params / 1e8)
    assert epoch_seconds(summary, 320, 64, 32, RATES) == pytest.approx(arithmetic + steps)
    faster = dataclasses.replace(RATES, convolution=4e9)
    assert epoch_seconds(summary, 320, 64, 32, faster) == pytest.approx(arithmetic + steps)
    assert epoch_seconds(summarize(CNN), 320, 64, 32, faster) < epoch_seconds(
        summarize(CNN), 320, 64, 32, RATES
    )


def test_runs_of_the_same_template_correct_it(tmp_path: Path) -> None:
    store = RunStore(f"sqlite:///{tmp_path / 'runs.sqlite'}")
    plain = estimate_epoch(summarize(CNN), SETTINGS, RATES)
    assert plain.runs == 0

    def finished(design: Design, dataset: str, seconds: float) -> None:
        run = store.create(design, SETTINGS.replace(dataset=dataset)).id
        store.record(run, progress=Progress(4, 4, 440, 440, elapsed=seconds, pace=seconds / 440))
        store.end(run, FINISHED)

    finished(CNN, "mnist_5k", 4 * 3 * max(plain.seconds, 1))
    finished(CNN, "mnist_5k", 0.1)  # too short to say anything
    finished(DNN, "diabetes", 500)  # of another template
    finished(CNN, "no_longer_there", 500)
    corrected = estimate_epoch(summarize(CNN), SETTINGS, RATES, store.runs())
    assert corrected.runs == 1
    assert corrected.seconds == pytest.approx(3 * max(plain.seconds, 1))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.01, "less than a second an epoch"),
        (4.2, "about 4 s an epoch"),
        (89, "about 89 s an epoch"),
        (100, "about 2 min an epoch"),
        (7200, "about 2 hours an epoch"),
        (400_000, "about 5 days an epoch"),
    ],
)
def test_the_figure_is_said_as_one_would_say_it(seconds: float, words: str) -> None:
    assert Estimate(seconds, 0).in_words() == words


def test_rates_are_kept_for_this_machine_only(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setenv("MODEL_DESIGNER_HOME", str(tmp_path))
    assert estimating.known_rates() is None
    estimating.keep_rates(RATES)
    assert estimating.known_rates() == RATES
    told = estimating.estimate(CNN.to_dict(), SETTINGS.to_dict())
    assert told["words"].endswith("an epoch")
    monkeypatch.setattr(estimating, "_machine", lambda: {"host": "another"})
    assert estimating.known_rates() is None
    (tmp_path / "cache" / "machine-rates.json").write_text("{ not json")
    assert estimating.known_rates() is None


@pytest.mark.keras
def test_a_machine_can_be_measured() -> None:
    from designer.training.calibrating import measure

    rates = measure()
    assert 1e8 < rates.dense < 1e14
    assert 1e8 < rates.convolution < 1e14
    assert 1e6 < rates.weights < 1e12
    assert 1e-7 < rates.layer_seconds < 1e-1
