"""What a person shows a model, and how its answer is written."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image

from components import try_it
from components.drawing_canvas import SIDE, ink_of
from components.feature_sliders import features_of, values_of
from components.try_it import UnreadablePicture, known_start, read_picture, said_html
from tests.designer.evaluating.made import subject


def test_only_a_drawing_is_taken_for_one() -> None:
    pixels = np.zeros(SIDE * SIDE, np.uint8)
    assert ink_of(base64.b64encode(pixels.tobytes()).decode()) is None, "an empty sheet"
    pixels[SIDE + 3] = 255
    ink = ink_of(base64.b64encode(pixels.tobytes()).decode())
    assert ink is not None
    assert ink[1, 3] == 1
    assert ink.sum() == 1
    for wrong in (None, "", 7, "no base64!", "AAAA", {"a": 1}):
        assert ink_of(wrong) is None


def test_features_have_their_range_and_a_fine_step() -> None:
    rows = np.array([[0, 1.5], [1, 2.5], [1, 13.5]], np.float32)
    whole, fine = features_of(["sex", "dose"], rows)
    assert (whole.low, whole.high, whole.usual, whole.step) == (0, 1, 1, 1)
    assert (fine.low, fine.high, fine.usual) == (1.5, 13.5, 2.5)
    assert 0.01 <= fine.step <= 0.12
    (constant,) = features_of(["same"], np.full((3, 1), 0.5))
    assert constant.low == constant.high == 0.5


def test_what_is_missing_in_an_example_begins_at_its_usual_value() -> None:
    rows = np.array([[0, np.nan, np.nan], [np.nan, 2.5, np.nan], [4, 13.5, np.nan]], np.float32)
    features = features_of(["a", "b", "c"], rows)
    assert [(one.low, one.high, one.usual) for one in features] == [
        (0, 4, 2), (2.5, 13.5, 8), (0, 0, 0),
    ]  # fmt: skip
    assert known_start(features, rows[0]) == ([0, 8, 0], ["b", "c"])
    assert known_start(features[:1], rows[2, :1]) == ([4], [])


def test_only_values_of_these_sliders_are_taken() -> None:
    features = features_of(["x", "y"], np.array([[0, 0], [1, 1.5]]))
    start = [0.5, 0.75]
    assert values_of({"start": start, "values": [1, 0.25]}, features, start) == [1, 0.25]
    for wrong in (
        None,
        {"start": [0, 0], "values": [1, 1]},
        {"start": start, "values": [1]},
        {"start": start, "values": [1, float("nan")]},
        {"start": start, "values": [1, "2"]},
    ):
        assert values_of(wrong, features, start) == start


def file_of(picture: Image.Image, kind: str = "PNG") -> io.BytesIO:
    stream = io.BytesIO()
    picture.save(stream, format=kind)
    stream.seek(0)
    return stream


def test_a_picture_of_any_size_and_colour_becomes_an_example() -> None:
    wide = Image.new("RGB", (90, 40), "black")
    wide.paste("white", (35, 10, 55, 30))
    made = read_picture(file_of(wide), (8, 8, 1), (0, 16), False)
    assert made.shape == (8, 8, 1)
    assert made[4, 4, 0] == 16, "the middle is kept"
    assert made[0, 0, 0] == 0
    inverted = read_picture(file_of(wide), (8, 8, 1), (0, 16), True)
    np.testing.assert_array_equal(inverted, 16 - made)
    red = read_picture(file_of(Image.new("RGB", (5, 5), "red"), "JPEG"), (4, 6, 3), (0, 255), False)
    assert red.shape == (4, 6, 3)
    assert red[..., 0].min() > 250
    assert red[..., 1:].max() < 5
    clear = Image.new("RGBA", (9, 9), (0, 0, 0, 0))
    assert read_picture(file_of(clear), (3, 3, 1), (0, 255), False).min() == 255, "on white paper"


def test_what_is_no_picture_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnreadablePicture, match=r"^it is no picture, or of a kind [^<>]*are\)$"):
        read_picture(io.BytesIO(b"not a picture"), (8, 8, 1), (0, 255), False)
    noise = np.random.default_rng(0).integers(0, 256, (64, 64), np.uint8)
    half = io.BytesIO(file_of(Image.fromarray(noise)).getvalue()[:2000])
    with pytest.raises(UnreadablePicture, match="it is damaged or cut short"):
        read_picture(half, (8, 8, 1), (0, 255), False)
    monkeypatch.setattr(try_it, "LARGEST_PICTURE", 100)
    with pytest.raises(UnreadablePicture, match="11 × 10 pixels; no more than"):
        read_picture(file_of(Image.new("L", (11, 10))), (8, 8, 1), (0, 255), False)


def test_answers_of_every_task() -> None:
    def said(task: str, outputs: list, *classes: int, **about) -> str:
        arrays = [np.array(output, np.float32) for output in outputs]
        return said_html(subject(task, *classes, **about), arrays)

    many = said("multiclass", [[[0.01] * 29 + [0.71]]], 30)
    assert "c0-29</b>" in many
    assert "71.0%" in many
    assert "and 20 less likely ones" in many
    assert "c0-0</b>" in said("binary", [[[0.2]]], 2)
    assert "80.0%" in said("binary", [[[0.2]]], 2)
    assert ">c0-0, c0-2</b>" in said("multilabel", [[[0.9, 0.1, 0.6]]], 3)
    assert ">none</b>" in said("multilabel", [[[0.1, 0.1]]], 2)
    both = said("multitask", [[[0.9, 0.1]], [[0.3, 0.7]]], 2, 2)
    assert "c0-0</b>" in both
    assert "c1-1</b>" in both
    assert "151.2</b>" in said("regression", [[[151.23]]])
