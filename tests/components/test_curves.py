"""The charts of a run."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from components.curves import _names, figure, moving_chart, title
from designer.training import MetricPoint, Progress, Run

RUN = Run(
    id="cnn-mnist_5k-abcd",
    created=datetime.now(UTC),
    design={"template": "cnn"},
    settings={"dataset": "mnist_5k"},
    state="running",
    process=None,
    progress=Progress(epoch=2, epochs=4, step=25, steps=40),
    reason=None,
    metrics={},
)
POINTS = [
    MetricPoint(1, 5, 1, "batch", {"loss": 2.0, "accuracy": 0.3}, 0.0),
    MetricPoint(2, 10, 1, "epoch", {"loss": 1.5, "accuracy": 0.5, "val_loss": 1.6}, 0.0),
    MetricPoint(3, 15, 2, "batch", {"loss": math.nan, "accuracy": 0.6}, 0.0),
    MetricPoint(4, 20, 2, "epoch", {"loss": 1.0, "accuracy": 0.7, "val_loss": math.inf}, 0.0),
]


def lines(name: str) -> dict[str, Any]:
    return {line["name"]: line["data"] for line in moving_chart(RUN, POINTS, name)["series"]}


def test_batches_lie_within_their_epoch_and_epochs_at_its_end() -> None:
    found = lines("accuracy")
    assert found["within the epoch"] == [[0.5, 0.3], [1.5, 0.6]]
    assert found["training"] == [[1, 0.5], [2, 0.7]]
    assert found["validation"] == []


def test_what_is_not_a_number_leaves_a_gap() -> None:
    assert lines("loss")["within the epoch"] == [[0.5, 2.0], [1.5, None]]
    assert lines("loss")["validation"] == [[1, 1.6], [2, None]]
    json.dumps(moving_chart(RUN, POINTS, "loss"), allow_nan=False)


@pytest.mark.parametrize("name", ["loss", "accuracy"])
def test_the_chart_of_a_run_that_is_over_has_the_same_lines(name: str) -> None:
    moving = moving_chart(RUN, POINTS, name)["series"]
    still = figure(RUN, POINTS, name).data
    assert len(still) == len(moving)
    for line, other in zip(moving, still, strict=True):
        assert other.name == line["name"]
        assert [[x, y] for x, y in zip(other.x, other.y, strict=True)] == line["data"]


def test_the_axis_is_as_long_as_the_run() -> None:
    assert moving_chart(RUN, POINTS, "loss")["xAxis"]["max"] == 4
    stopped = replace(RUN, state="stopped")
    assert moving_chart(stopped, POINTS, "loss")["xAxis"]["max"] == 2
    assert moving_chart(replace(RUN, progress=Progress()), [], "loss")["xAxis"]["max"] == 1


def test_the_loss_starts_at_nought_and_comes_first() -> None:
    assert not moving_chart(RUN, POINTS, "loss")["yAxis"]["scale"]
    assert moving_chart(RUN, POINTS, "accuracy")["yAxis"]["scale"]
    values = {"outputs1_accuracy": 1.0, "outputs1_loss": 1.0, "loss": 1.0}
    heads = MetricPoint(5, 1, 1, "epoch", values, 0.0)
    assert _names([heads, *POINTS]) == ["loss", "outputs1_accuracy", "accuracy"]
    assert _names([]) == []


def test_names_are_written_for_people() -> None:
    assert title("outputs1_accuracy") == "Outputs1 accuracy"
    assert title("mae") == "Mean absolute error"
    assert title("auc") == "AUC"
