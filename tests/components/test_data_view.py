"""Pictures as HTML, and what a design takes and gives in words."""

from __future__ import annotations

import base64
import io
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from components.data_view import input_words, picture_html
from designer import Design


@pytest.mark.parametrize("shape", [(8, 8), (5, 7, 3)])
def test_a_picture_is_shown_as_it_is(shape: tuple[int, ...]) -> None:
    picture = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
    html = picture_html(picture, "3 (57%)", detail="<br>is 5")
    data = re.search(r"base64,([^\"]+)", html)
    assert data is not None
    shown = np.asarray(Image.open(io.BytesIO(base64.b64decode(data[1]))))
    np.testing.assert_array_equal(shown, picture)
    assert "3 (57%)<br>is 5</figcaption>" in html


def test_a_label_is_escaped() -> None:
    html = picture_html(np.zeros((2, 2), np.uint8), '<b>"&')
    assert "<b>" not in html
    figure = ElementTree.fromstring(html.replace("<br>", "<br/>").replace('">', '">').replace(
        "<figcaption", "</img><figcaption", 1))  # fmt: skip
    caption = figure.find(".//figcaption")
    assert caption is not None
    assert caption.text == '<b>"&'


def test_what_a_design_takes_and_gives() -> None:
    assert input_words(Design.from_template("cnn")) == "takes 128 × 128 × 1, gives 26 outputs"
    assert input_words(Design.from_template("dnn")) == "takes 13, gives 1 number"
    both = Design.from_template("dnn", task="multitask")
    assert input_words(both) == "takes 3, gives 5 and 2 outputs"
