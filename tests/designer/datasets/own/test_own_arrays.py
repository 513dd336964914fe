"""People's own arrays."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from designer.datasets import class_counts, load
from designer.datasets.own import description
from designer.errors import DatasetError
from tests.designer.datasets.own.own_files import arrays, packed

RNG = np.random.default_rng(0)
X = RNG.normal(size=(40, 3))
Y = np.arange(40) % 4


def test_a_table_of_numbers(look: Callable, bring: Callable) -> None:
    draft = look(arrays(x=X, y=Y), "a.npz")
    assert (draft.form, draft.kind, draft.examples) == ("arrays", "table", 40)
    assert draft.arrays == (("x", "40 × 3", "float64"), ("y", "40", "int64"))
    assert draft.classes == {"0": 10, "1": 10, "2": 10, "3": 10}
    assert draft.label_kinds == ("category", "number")
    info = bring(arrays(x=X, y=Y), "a.npz")
    assert info.feature_names == ("feature 1", "feature 2", "feature 3")
    data = load(info.name)
    assert np.allclose(data.features, X, atol=1e-6)
    assert np.array_equal(data.labels, Y)
    numbers = bring(arrays(x=X, y=Y), "a.npz", label_kind="number")
    assert numbers.task_names == ("regression",)


@pytest.mark.parametrize(
    ("labels", "heads", "task"),
    [
        (np.array(["cat", "dog"] * 20), (("cat", "dog"),), "binary"),
        (np.array([b"cat", b"dog"] * 20), (("cat", "dog"),), "binary"),
        (np.array([True, False] * 20), (("0", "1"),), "binary"),
        (Y[:, None].astype(np.uint8), (("0", "1", "2", "3"),), "multiclass"),
        (np.eye(4)[Y], (("0", "1", "2", "3"),), "multiclass"),
        (X[:, 0], (), "regression"),
        (X[:, :2], (), "regression"),
    ],
)
def test_labels_of_every_kind(bring: Callable, labels: np.ndarray, heads: tuple, task: str) -> None:
    info = bring(arrays(x=X, y=labels), "a.npz")
    assert info.view().task == task
    assert info.view().heads == heads
    told = np.asarray(load(info.name).labels)
    if task == "regression":
        assert np.allclose(told, labels.reshape(40, -1), atol=1e-6)
    elif labels.dtype.kind in "US":
        assert told.tolist() == [0, 1] * 20
    elif labels.ndim == 2 and labels.shape[1] > 1:
        assert np.array_equal(told, Y)


@pytest.mark.parametrize(
    ("pictures", "shape"),
    [
        (RNG.integers(0, 256, (40, 6, 5), np.uint8), (6, 5, 1)),
        (RNG.integers(0, 256, (40, 6, 5, 3), np.uint8), (6, 5, 3)),
        (RNG.integers(0, 256, (40, 3, 6, 5), np.uint8), (6, 5, 3)),
        (RNG.random((40, 6, 5, 1)), (6, 5, 1)),
        (RNG.integers(0, 256, (40, 6, 5)).astype(np.float32), (6, 5, 1)),
    ],
)
def test_pictures(bring: Callable, pictures: np.ndarray, shape: tuple) -> None:
    info = bring(arrays(images=pictures, labels=Y), "a.npz")
    assert (info.kind, info.raw_shape) == ("image", shape)
    kept = load(info.name).features
    expected = np.moveaxis(pictures, 1, 3) if pictures.shape[1:] == (3, 6, 5) else pictures
    factor = 255 if pictures.dtype == np.float64 else 1
    assert np.array_equal(kept, np.round(expected.reshape(40, *shape) * factor).astype(np.uint8))


def test_pickles_are_never_opened(look: Callable, bring: Callable, tmp_path) -> None:
    class Trap:
        def __reduce__(self) -> tuple:
            return (open, (str(tmp_path / "sprung"), "w"))

    trap = np.array([Trap()] * 40, dtype=object)
    draft = look(arrays(x=X, y=Y, more=trap), "a.npz")
    assert [problem.kind for problem in draft.problems] == ["pickled_arrays"]
    assert bring(arrays(x=X, y=Y, more=trap), "a.npz").examples == 40
    with pytest.raises(DatasetError, match=r"1 array of objects, which are pickles.*\(y\)"):
        bring(arrays(x=X, y=trap), "a.npz")
    assert not (tmp_path / "sprung").exists()


def test_numbers_that_are_not_finite(look: Callable, bring: Callable) -> None:
    odd = X.copy()
    odd[3, 1], odd[7, 0], odd[9, 2] = np.nan, np.inf, 1e300
    content = arrays(x=odd, y=Y)
    assert look(content, "a.npz").problems[0].in_words() == (
        "3 examples with a number that is missing or infinite"
    )
    info = bring(content, "a.npz")
    assert info.examples == 37
    assert class_counts(load(info.name)) == [[10, 9, 10, 8]]
    assert description(info.name)["left_out"] == 3
    with pytest.raises(DatasetError, match="Refused: 3 examples"):
        bring(content, "a.npz", ways={"not_finite": "refuse"})


def test_the_arrays_are_chosen(look: Callable) -> None:
    content = arrays(first=X, second=X[:, :2], third=Y)
    draft = look(content, "a.npz", features="second", labels="third")
    assert (draft.features, draft.labels) == ("second", "third")
    with pytest.raises(
        DatasetError, match=r"no array for the labels 'thirt'. Did you mean 'third'"
    ):
        look(content, "a.npz", labels="thirt")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (arrays(x=X), "must hold two arrays.*It has x"),
        (arrays(x=X, y=Y[:7]), "x has 40 examples and y 7 labels"),
        (arrays(x=X, y=np.zeros(40, int)), r"one class alone \(0\)"),
        (arrays(x=np.array([["a"]] * 40), y=Y), "examples are numbers"),
        (arrays(x=RNG.random((40, 2, 2, 2, 2)), y=Y), r"examples of shape \(2, 2, 2, 2\)"),
        (arrays(x=RNG.integers(-5, 900, (40, 4, 4)), y=Y), "pixels of x go from"),
        (arrays(x=np.asfortranarray(X), y=Y), "saved by columns"),
        (arrays(x=X[:2], y=Y[:2]), "2 examples are left"),
        (packed({"x.npy": b"hello", "y.npy": b"you"}), "2 arrays that cannot be used"),
        (arrays(x=X, y=Y)[:300], "no zip archive|only a part of one"),
    ],
)  # fmt: skip
def test_what_cannot_be_learned_from_is_refused(
    bring: Callable, content: bytes, message: str
) -> None:
    with pytest.raises(DatasetError, match=message):
        bring(content, "a.npz")


def test_a_head_that_promises_too_much_is_refused(bring: Callable) -> None:
    import io

    stream = io.BytesIO()
    head = {"descr": "<f8", "fortran_order": False, "shape": (10**12, 10)}
    np.lib.format.write_array_header_1_0(stream, head)
    content = packed({"x.npy": stream.getvalue() + bytes(800), "y.npy": stream.getvalue()})
    with pytest.raises(DatasetError, match="cut short"):
        bring(content, "a.npz")


def test_an_array_of_zeros_is_judged_as_a_bomb(bring: Callable) -> None:
    content = arrays(x=np.zeros((20_000, 200)), y=np.arange(20_000) % 2)
    with pytest.raises(DatasetError, match="zip bomb"):
        bring(content, "a.npz")
