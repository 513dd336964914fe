"""Runs by the command line alone: no page server anywhere."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from typing import Any

import pytest

from designer.__main__ import main
from designer.training import RunStore

Answer = Callable[..., Any]


@pytest.fixture
def answer(capsys: pytest.CaptureFixture[str]) -> Answer:
    def ask(*arguments: str) -> Any:
        assert main([*arguments, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    return ask


def wait(answer: Answer, run: str, until: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    deadline = time.monotonic() + 90
    while not until(known := answer("show", run)):
        if time.monotonic() > deadline:
            pytest.fail(f"{run} is {known['state']}: {known['reason']}")
        time.sleep(0.1)
    return known


@pytest.mark.keras
def test_a_detached_run_is_paused_resumed_killed_and_comes_to_its_end(answer: Answer) -> None:
    line = ("train", "cnn", "--dataset", "mnist_5k", "--epochs", "25", "--detach")
    begun = time.monotonic()
    run = answer(*line, "--training-set", "warm_up=1")["run"]
    assert time.monotonic() - begun < 5, "it returned before the run was over"
    wait(answer, run, lambda known: known["epoch"] >= 2)
    assert answer("pause", run)["state"] == "paused"
    stood = answer("show", run)
    assert answer("resume", run)["state"] == "running"
    wait(answer, run, lambda known: known["step"] > stood["step"])
    answer("change", run, "--epochs", "20")
    pid = answer("show", run)["pid"]
    os.kill(pid, signal.SIGKILL)
    known = wait(answer, run, lambda known: known["state"] == "finished")
    assert known["pid"] is None
    assert known["reason"] is None
    assert known["settings"]["warm_up"] == 1
    assert known["design"]["template"] == "cnn"
    assert [epoch["epoch"] for epoch in known["epochs"]] == list(range(1, 21))
    assert known["epochs"][-1]["val_accuracy"] > 0.9
    kinds = [event["kind"] for event in known["events"]]
    assert kinds.count("paused") == kinds.count("recovered") == kinds.count("changed") == 1

    again = answer("restart", run)["run"]
    assert again != run
    first = wait(answer, again, lambda known: known["epochs"])["epochs"][0]
    assert first["loss"] == known["epochs"][0]["loss"], "the same weights, the same order"
    assert answer("stop", again)["state"] == "stopped"
    wait(answer, again, lambda known: known["result"] == "ready")
    listed = answer("runs")
    assert [one["run"] for one in listed][:2] == [again, run]
    assert answer("delete", again) == {"deleted": again}
    assert next(one["run"] for one in answer("runs")) == run


def test_runs_are_told_in_words_and_unknown_ones_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODEL_DESIGNER_STORE", f"sqlite:///{tmp_path / 'runs.sqlite'}")
    assert main(["runs"]) == 0
    assert "No runs yet. Train one" in capsys.readouterr().out
    store = RunStore()
    run = store.create({"template": "dnn"}, {"dataset": "iris"}).id
    store.rename(run, "the first")
    store.annotate(run, "Too short?")
    store.add_event(run, "changed", 3, 1, learning_rate=0.1)
    store.record(run, [])
    assert main(["runs"]) == 0
    assert "queued" in (line := capsys.readouterr().out)
    assert "“the first”" in line
    assert main(["show", run]) == 0
    told = capsys.readouterr().out
    assert "note: Too short?" in told
    assert 'changed at step 3 {"learning_rate": 0.1}' in told
    for command in ("show", "pause", "resume", "stop", "step", "restart", "delete"):
        assert main([command, "nope"]) == 2
        assert "There is no run 'nope'" in capsys.readouterr().err
    for wrong, words in (
        ([], "Nothing to change"),
        (["--early-stopping", "soon"], "a whole number of epochs, or never"),
        (["--learning-rate", "-1"], "learning_rate must be above 0"),
    ):
        assert main(["change", run, *wrong]) == 2
        assert words in capsys.readouterr().err
    assert main(["change", run, "--early-stopping", "3"]) == 0
    assert main(["change", run, "--early-stopping", "never"]) == 0
    assert store.run(run).settings["early_stopping"] is None
    assert main(["train", "dnn", "--dataset", "iris", "--training-set", "schedul=1"]) == 2
    assert "Did you mean 'schedule'" in capsys.readouterr().err
