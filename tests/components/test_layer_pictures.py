"""The pictures of what happens inside the layers."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from components.layer_statistics import gradient_chart, learns_scaled_targets, strips_html
from components.layer_strips import ROWS, strip
from designer.training import RunStore
from designer.training.layer_values import LayerSnapshot, LayerValues, Spread
from tests.components.runs import begun_run


def spread_of(values: np.ndarray) -> Spread:
    counts, _ = np.histogram(values, 30)
    mean, std = float(values.mean()), float(values.std())
    return Spread(mean, std, float(values.min()), float(values.max()), tuple(map(int, counts)))


def look(epoch: int, gradients: dict[str, float]) -> LayerSnapshot:
    values = spread_of(np.random.default_rng(epoch).normal(size=1000))
    layers = tuple(
        LayerValues(name, "Dense", "relu", values, 0.5, 0.25, {"kernel": values},
                    {"kernel": values}, 1.0, size)
        for name, size in gradients.items()
    )  # fmt: skip
    return LayerSnapshot(epoch, 10 * epoch, layers)


def test_a_strip_is_dense_where_the_numbers_are() -> None:
    chance = np.random.default_rng(0)
    narrow, wide = chance.normal(0, 0.1, 5000), chance.normal(0, 1.0, 5000)
    made = strip([spread_of(narrow), spread_of(wide)])
    assert made is not None
    assert made.pixels.shape == (ROWS, 2, 4)
    assert -3.6 < made.low < -2.4
    assert 2.4 < made.high < 3.6
    opacity = made.pixels[..., 3].astype(int)
    assert (opacity[:, 0] > 0).sum() < 0.4 * (opacity[:, 1] > 0).sum()
    assert abs(int(opacity[:, 1].argmax()) - ROWS / 2) < 4
    assert opacity[0, 0] == 0


def test_the_largest_values_are_at_the_top() -> None:
    made = strip([spread_of(np.linspace(0, 1, 100)), spread_of(np.linspace(0.8, 1, 100))])
    assert made is not None
    column = made.pixels[:, 1, 3]
    assert column[2] > 0
    assert column[-2] == 0


def test_a_few_far_out_do_not_flatten_all_others() -> None:
    values = np.append(np.random.default_rng(0).normal(size=5000), 1000.0)
    counts = (5000, *[0] * 28, 1)
    made = strip([Spread(0.2, 14.0, float(values.min()), 1000.0, counts)])
    assert made is not None
    assert made.high < 50


def test_what_is_no_number_leaves_a_gap_and_all_alike_a_line() -> None:
    bad = Spread(math.nan, math.nan, math.nan, math.nan, (1,) * 30)
    good = spread_of(np.linspace(0, 1, 100))
    made = strip([good, bad])
    assert made is not None
    assert made.pixels[:, 0, 3].max() > 0
    assert made.pixels[:, 1, 3].max() == 0
    assert strip([bad]) is None
    zeros = strip([Spread(0.0, 0.0, 0.0, 0.0, (0,) * 15 + (9,) + (0,) * 14)])
    assert zeros is not None
    assert zeros.pixels[..., 3].max() == 255


def test_gradients_by_layer_stand_on_a_power_of_ten_and_leave_gaps() -> None:
    looks = [look(1, {"a": 0.5, "b": 2.0, "c": 1.0}), look(9, {"a": 3e-5, "b": 0.0, "c": math.nan})]
    chart = gradient_chart(looks)
    assert chart["xAxis"]["data"] == ["a", "b", "c"]
    now, first = chart["series"]
    assert now["data"] == [3e-5, None, None]
    assert first["data"] == [0.5, 2.0, 1.0]
    assert chart["yAxis"]["type"] == "log"
    assert chart["yAxis"]["min"] == 1e-5
    json.dumps(chart, allow_nan=False)
    assert len(gradient_chart(looks[:1])["series"]) == 1


def test_every_layer_has_a_picture_with_words() -> None:
    looks = [look(n, {"hidden1": 1.0, "<b>": 1.0}) for n in (1, 2, 3)]
    html = strips_html(looks, "outputs", ["hidden1", "<b>"])
    assert html.count("<img") == 2
    assert "Outputs of hidden1 from epoch 1 to 3" in html
    assert "25% dead" in html
    assert "<b>" not in html
    assert "dead" not in strips_html(looks, "weights", ["hidden1"])


@pytest.mark.parametrize(
    ("task", "scaling", "told"),
    [("regression", "auto", True), ("regression", "none", False), ("binary", "auto", False)],
)
def test_who_looks_inside_is_told_of_scaled_targets(
    tmp_path: Path, task: str, scaling: str, told: bool
) -> None:
    store = RunStore(f"sqlite:///{tmp_path / 'runs.sqlite'}")
    run = begun_run(store, parameters={"input_shape": [4], "task": task}, target_scaling=scaling)
    assert learns_scaled_targets(store.run(run)) is told
    store.close()
