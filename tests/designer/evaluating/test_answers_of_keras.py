"""The answers that a run keeps are those of its saved model."""

from __future__ import annotations

import numpy as np
import pytest

from designer.datasets import Preprocessing, dataset_info, load, parameters_for, split
from designer.design import Design
from designer.evaluating import confusion, heads_of, load_results
from designer.paths import run_folder
from designer.training import TrainingSettings, run_in_this_process

pytestmark = pytest.mark.keras


@pytest.fixture(scope="module")
def run() -> str:
    design = Design.from_template("cnn", **parameters_for(dataset_info("digits"), None, 3))
    done = run_in_this_process(design, TrainingSettings("digits", epochs=2))
    assert done.state == "finished"
    return done.id


def test_kept_answers_are_those_of_the_model(run: str) -> None:
    import json

    import keras

    kept = load_results(run)
    dataset = load("digits")
    test = split(dataset.labels, seed=0).test
    np.testing.assert_array_equal(kept.indices, test)
    assert kept.tested == len(kept) == len(test)
    np.testing.assert_array_equal(kept.truths[0], dataset.labels[test])
    for row in (0, 17, len(test) - 1):
        np.testing.assert_array_equal(kept.raw(row), dataset.features[test[row]])
    model = keras.models.load_model(run_folder(run) / "model.keras")
    values = json.loads((run_folder(run) / "preprocessing.json").read_text())
    prepared = Preprocessing.from_dict(values).apply(dataset.features[test])
    said = model.predict(prepared, verbose=0)
    np.testing.assert_allclose(kept.outputs[0], said, atol=1e-5)
    made = confusion(heads_of(kept)[0])
    accuracy = np.mean(said.argmax(axis=1) == dataset.labels[test])
    assert made.right / made.examples == pytest.approx(accuracy)
