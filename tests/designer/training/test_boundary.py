"""The map of the plane: what it says, and that it is written while a run trains."""

from __future__ import annotations

import numpy as np
import pytest

from designer.datasets import Preprocessing, dataset_info, load, parameters_for
from designer.design import Design
from designer.errors import RunError
from designer.paths import run_folder
from designer.training import TrainingSettings, boundary, run_in_this_process
from designer.training.boundary import BoundaryWriter, grid, has_boundary, load_boundary

PLAIN = Preprocessing("none", (2,), (2,), (0.0, 0.0), (1.0, 1.0))


def right_half(plane, training=False):
    """Say 1 where x is larger than 0.5."""
    return (plane[:, :1] > 0.5).astype(np.float32)


def test_the_grid_covers_the_data_and_a_margin() -> None:
    features = np.array([[0, 10], [1, 30]], np.float32)
    x, y, outputs = grid(right_half, PLAIN, features, 33)
    assert (x[0], x[-1]) == pytest.approx((-0.15, 1.15))
    assert (y[0], y[-1]) == pytest.approx((7, 33))
    assert outputs.shape == (33, 33, 1)
    np.testing.assert_array_equal(outputs[:, :, 0], np.repeat([x > 0.5], 33, axis=0))


def test_written_at_most_once_in_a_while_and_only_for_two_features() -> None:
    calls = []

    def counted(plane, training=False):
        calls.append(len(plane))
        return right_half(plane)

    features = np.random.default_rng(0).random((50, 2)).astype(np.float32)
    writer = BoundaryWriter("plane-1", PLAIN, features, np.arange(50) % 2)
    assert not has_boundary("plane-1")
    for step in range(1, 500):
        writer.on_moment(counted, step, 1)
    assert len(calls) == 1
    found = load_boundary("plane-1")
    assert (found.step, found.epoch) == (1, 1)
    np.testing.assert_array_equal(found.points, features)
    np.testing.assert_array_equal(found.truths, np.arange(50) % 2)
    writer.write(counted, 500, 2)
    assert load_boundary("plane-1").step == 500
    assert not list(run_folder("plane-1").glob("unfinished-*"))
    other = BoundaryWriter("plane-2", PLAIN, np.zeros((5, 3)), np.zeros(5))
    other.on_moment(counted, 1, 1)
    other.write(counted, 1, 1)
    assert not has_boundary("plane-2")
    with pytest.raises(RunError, match="no map"):
        load_boundary("plane-2")


def test_examples_of_which_a_value_is_missing_have_no_place_on_it() -> None:
    features = np.array([[0, 1], [np.nan, 1], [1, np.nan], [1, 3]], np.float32)
    BoundaryWriter("plane-3", PLAIN, features, np.arange(4)).write(right_half, 1, 1)
    found = load_boundary("plane-3")
    np.testing.assert_array_equal(found.points, [[0, 1], [1, 3]])
    np.testing.assert_array_equal(found.truths, [0, 3])
    assert (found.y[0], found.y[-1]) == pytest.approx((0.7, 3.3))
    unknown = BoundaryWriter("plane-4", PLAIN, np.full((3, 2), np.nan), np.arange(3))
    unknown.write(right_half, 1, 1)
    assert not has_boundary("plane-4")


@pytest.mark.keras
def test_it_moves_while_a_run_trains(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boundary, "PAUSE", 0)
    monkeypatch.setattr(boundary, "LARGEST_SHARE", 1)
    written = []
    write = BoundaryWriter.write

    def noted(self, model, step, epoch):
        write(self, model, step, epoch)
        written.append(load_boundary(self._file.parent.name))

    monkeypatch.setattr(BoundaryWriter, "write", noted)
    design = Design.from_template("dnn", **parameters_for(dataset_info("two_moons"), "binary"))
    design = design.replace(hidden=[16, 16])
    settings = TrainingSettings("two_moons", epochs=60, batch_size=16, learning_rate=0.01)
    run = run_in_this_process(design, settings)
    assert len(written) > 5
    steps = [one.step for one in written]
    assert steps == sorted(steps)
    last = load_boundary(run.id)
    assert (last.step, last.epoch) == (run.progress.steps, 60)
    assert np.abs(last.outputs - written[0].outputs).max() > 0.3, "it has moved"
    data = load("two_moons", "binary")
    columns = np.abs(data.features[:, :1] - last.x).argmin(axis=1)
    rows = np.abs(data.features[:, 1:] - last.y).argmin(axis=1)
    said = last.outputs[rows, columns, 0] > 0.5
    assert np.mean(said == data.labels) > 0.9, "where an example lies, the map says what it is"
