"""What is kept of a run's answers, and that it comes back."""

from __future__ import annotations

import json

import numpy as np
import pytest

from designer.errors import RunError
from designer.evaluating import has_results, load_results, results, write_results
from designer.paths import run_folder
from tests.designer.evaluating.made import softmax, subject


def test_kept_and_read_back() -> None:
    outputs = softmax(0, 30, 4)
    truth = outputs.argmax(axis=1)
    truth[[3, 7]] = (truth[[3, 7]] + 1) % 4
    features = np.arange(30 * 6, dtype=np.uint8).reshape(30, 3, 2, 1)
    about = subject("multiclass", 4, picture=True)
    labels = np.eye(4, dtype=np.float32)[truth]
    assert not has_results("kept-1")
    write_results("kept-1", about, np.arange(30) + 100, features, labels, [outputs], tested=40)
    assert has_results("kept-1")
    back = load_results("kept-1")
    assert back.subject == about
    assert (len(back), back.tested) == (30, 40)
    np.testing.assert_array_equal(back.truths[0], truth)
    np.testing.assert_array_equal(back.outputs[0], outputs)
    np.testing.assert_array_equal(back.indices, np.arange(30) + 100)
    for row in range(30):
        np.testing.assert_array_equal(back.raw(row), features[row])
    sparse = load_results("kept-1")
    write_results("kept-2", about, np.arange(30), features, truth.astype(np.int32), [outputs])
    np.testing.assert_array_equal(load_results("kept-2").truths[0], sparse.truths[0])


@pytest.mark.parametrize(
    ("about", "labels", "outputs"),
    [
        (subject("binary", 2), np.array([[1.0], [0]]), [np.array([[0.7], [0.6]])]),
        (subject("multilabel", 3), np.eye(3)[:2], [np.full((2, 3), 0.5)]),
        (subject("multitask", 3, 2), [np.eye(3)[:2], np.array([1, 0])], [np.ones((2, 3)),
                                                                         np.ones((2, 2))]),
        (subject("regression", outputs=2), np.ones((2, 2)), [np.zeros((2, 2))]),
    ],
)  # fmt: skip
def test_every_task(about, labels, outputs) -> None:
    write_results("kept-task", about, np.arange(2), np.zeros((2, 2)), labels, outputs)
    back = load_results("kept-task")
    assert [truth.shape[0] for truth in back.truths] == [2] * len(outputs)
    for kept, output in zip(back.outputs, outputs, strict=True):
        np.testing.assert_allclose(kept, output)


def test_bounded_and_the_mistakes_keep_their_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    outputs = np.tile(np.array([[0.8, 0.2]], np.float32), (50, 1))
    truth = np.zeros(50, np.int32)
    truth[[40, 30]] = 1
    features = np.zeros((50, 10), np.float32)
    features[:, 0] = np.arange(50)
    monkeypatch.setattr(results, "MOST_BYTES", 40 * 5 * 2)  # the features of five examples
    monkeypatch.setattr(results, "MOST_EXAMPLES", 45)
    about = subject("multiclass", 2)
    write_results("kept-part", about, np.arange(50), features, truth, [outputs])
    back = load_results("kept-part")
    assert len(back) == 12, "8 bytes an output, 16 an example"
    monkeypatch.setattr(results, "MOST_BYTES", 40 * 20 * 2)
    write_results("kept-part", about, np.arange(50), features, truth, [outputs])
    back = load_results("kept-part")
    assert (len(back), back.tested, len(back.features)) == (45, 50, 20)
    assert back.raw(40)[0] == 40
    assert back.raw(30)[0] == 30
    assert back.raw(44) is None


def test_nothing_kept_is_told() -> None:
    with pytest.raises(RunError, match="has kept no answers"):
        load_results("kept-nothing")
    write_results("kept-3", subject("binary", 2), np.arange(1), np.zeros((1, 2)), np.ones((1, 1)),
                  [np.ones((1, 1))])  # fmt: skip
    (run_folder("kept-3") / results.ANSWERS_FILE).write_bytes(b"half a file")
    with pytest.raises(RunError, match="cannot be read"):
        load_results("kept-3")
    (run_folder("kept-3") / results.ABOUT_FILE).write_text(json.dumps({}))
    with pytest.raises(RunError, match="cannot be read"):
        load_results("kept-3")
    (run_folder("kept-3") / results.FEATURES_FILE).unlink()
