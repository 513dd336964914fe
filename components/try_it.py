"""Try a trained model: draw, upload a picture, move features, and see what it says at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st
from PIL import Image, ImageOps, UnidentifiedImageError

from components.asking import answer_to
from components.data_view import picture_html
from components.drawing_canvas import drawing_canvas
from components.feature_sliders import Feature, feature_sliders, features_of
from components.markdown import plain_words
from components.results_examples import as_picture, guess_html
from components.results_view import kept_results
from designer.datasets.own.picture_pixels import BROKEN, FORMATS
from designer.errors import DesignerError
from designer.evaluating import Results, Subject
from designer.evaluating.heads import scores_of
from designer.looking.drawn import as_example, light_background
from designer.looking.packing import pack
from designer.plain_numbers import plain_number
from designer.training import Run

#: How many classes are shown with their probabilities.
MOST_GUESSES = 10

#: Pixels of the largest picture that is taken.
LARGEST_PICTURE = 50_000_000
_TOO_LARGE = f"no more than {LARGEST_PICTURE // 1_000_000} million pixels are taken"

_STYLE = """
<style>
.said .guess { display: grid; grid-template-columns: 1fr auto; gap: 0 8px; margin: 0 0 6px; }
.said .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.said .bar {
  grid-column: 1 / -1; height: 8px; border-radius: 4px;
  background: color-mix(in srgb, currentColor 12%, transparent);
}
.said .bar i { display: block; height: 100%; border-radius: 4px; background: #6a7df0; }
</style>
"""


def try_it(run: Run) -> None:
    """Let a person ask the run's model."""
    try:
        kept_results(run.id)
    except DesignerError as error:
        st.info(str(error), icon=":material/folder_off:")
        return
    _pictures(run.id) if kept_results(run.id).subject.is_picture else _rows(run.id)


@st.fragment
def _pictures(run_id: str) -> None:
    kept = kept_results(run_id)
    shape = tuple(int(size) for size in kept.features.shape[1:])
    ways = ["Draw", "Upload a picture", "A test example"]
    if shape[2] != 1:
        ways.remove("Draw")
    left, right = st.columns([5, 6], gap="large")
    with left:
        way = st.segmented_control(
            "What the model is shown", ways, default=ways[0], required=True, key=f"try_{run_id}"
        )
        raw = {"Draw": _drawn, "Upload a picture": _uploaded, "A test example": _example}[way](
            kept, run_id
        )
    with right:
        if raw is None:
            st.caption("What the model says appears here.")
            return
        st.html(picture_html(_shown(kept.subject, raw), "as the model sees it", side=84))
        _said(run_id, kept, raw)


def _drawn(kept: Results, run_id: str) -> np.ndarray | None:
    pixel_range = kept.subject.pixel_range or (0, 255)
    light = light_background(np.asarray(kept.features[:100]), pixel_range)
    ink = drawing_canvas(dark_on_light=light, key=f"sheet_{run_id}")
    centred = st.toggle(
        "Centre what is drawn",
        True,
        key=f"centred_{run_id}",
        help="The digits of MNIST were brought to one size and their centre of mass to the middle;"
        " a model that learned from such pictures knows no others.",
    )
    st.caption("Without a mouse: upload a picture, or take a test example.")
    if ink is None:
        return None
    shape: Any = kept.features.shape[1:]
    return as_example(ink, shape, pixel_range, centred=centred, dark_on_light=light)


def _uploaded(kept: Results, run_id: str) -> np.ndarray | None:
    file = st.file_uploader(
        "A picture", ["png", "jpg", "jpeg", "webp", "bmp", "gif"], key=f"upload_{run_id}"
    )
    st.caption("It is cut to the shape of the model's pictures and made as small as they are.")
    pixel_range = kept.subject.pixel_range or (0, 255)
    light = light_background(np.asarray(kept.features[:100]), pixel_range)
    invert = st.toggle(
        "Invert light and dark",
        False,
        key=f"invert_{run_id}",
        help="The model learned from "
        + ("dark on light." if light else "light on dark; ink on paper is the other way round."),
    )
    if file is None:
        return None
    try:
        return read_picture(file, kept.features.shape[1:], pixel_range, invert)
    except UnreadablePicture as error:
        st.error(f"{plain_words(file.name)} cannot be read as a picture: {error}.")
        return None


class UnreadablePicture(DesignerError):
    """A file that is no picture, a broken one, or too large."""


def read_picture(
    file: Any, shape: tuple[int, ...], pixel_range: tuple[int, int], invert: bool
) -> np.ndarray:
    """Return a picture file as raw pixels of a data set, cut in the middle to its shape.

    Raises:
        UnreadablePicture: it is no picture, a broken one, or too large.
    """
    try:
        return _read_picture(file, shape, pixel_range, invert)
    except UnidentifiedImageError:  # its own words are about the handle of the file
        raise UnreadablePicture(
            "it is no picture, or of a kind that is not known here (PNG, JPEG, GIF, BMP, WebP,"
            " TIFF and PPM are)"
        ) from None
    except Image.DecompressionBombError:
        raise UnreadablePicture(_TOO_LARGE) from None
    except BROKEN as error:
        if isinstance(error, UnreadablePicture):
            raise
        raise UnreadablePicture(f"it is damaged or cut short ({error})") from None


def _read_picture(
    file: Any, shape: tuple[int, ...], pixel_range: tuple[int, int], invert: bool
) -> np.ndarray:
    height, width, channels = shape
    with Image.open(file, formats=FORMATS) as opened:
        if opened.width * opened.height > LARGEST_PICTURE:
            raise UnreadablePicture(
                f"it has {opened.width:,} × {opened.height:,} pixels; {_TOO_LARGE}"
            )
        picture = ImageOps.exif_transpose(opened)
        if "A" in picture.getbands() or "transparency" in picture.info:
            paper = Image.new("RGBA", picture.size, "white")
            picture = Image.alpha_composite(paper, picture.convert("RGBA"))
        picture = ImageOps.fit(picture.convert("L" if channels == 1 else "RGB"), (width, height))
    if invert:
        picture = ImageOps.invert(picture)
    low, high = pixel_range
    pixels = low + np.asarray(picture, np.float32) * ((high - low) / 255)
    return pixels.round().astype(np.uint8).reshape(height, width, channels)


def _example(kept: Results, run_id: str) -> np.ndarray | None:
    count = len(kept.features)
    number = st.number_input("Test example", 1, count, 1, key=f"example_{run_id}")
    return np.asarray(kept.features[int(number) - 1])


@st.fragment
def _rows(run_id: str) -> None:
    kept = kept_results(run_id)
    rows = np.asarray(kept.features, np.float32)
    features = features_of(kept.subject.feature_names, rows)
    left, right = st.columns([7, 4], gap="large")
    with left:
        number = st.number_input(
            "Start from test example (0: the usual value of each feature)",
            0,
            len(rows),
            0,
            key=f"example_{run_id}",
        )
        usual = [feature.usual for feature in features]
        start, missing = known_start(features, rows[int(number) - 1]) if number else (usual, [])
        values = feature_sliders(features, start, key=f"sliders_{run_id}")
        st.caption("Each slider goes from the smallest to the largest value of the test examples.")
        if missing:
            st.caption(
                "Missing in this example, and at the usual value instead: "
                f"{plain_words(', '.join(missing))}."
            )
    with right:
        _said(run_id, kept, np.asarray(values, np.float32))


def known_start(features: Sequence[Feature], row: np.ndarray) -> tuple[list[float], list[str]]:
    """Return where sliders begin for an example, and the names of what is missing in it: that
    begins at its usual value."""
    gaps = np.isnan(row)
    start = np.where(gaps, [feature.usual for feature in features], row)
    return [float(value) for value in start], [
        feature.name for feature, gap in zip(features, gaps, strict=True) if gap
    ]


def _said(run_id: str, kept: Results, raw: np.ndarray) -> None:
    answer = answer_to(
        "predict", key=f"try_answer_{run_id}", run=run_id, features=pack(raw[np.newaxis])
    )
    if answer is None:
        return
    outputs = [np.asarray(output, np.float32) for output in answer["outputs"]]
    st.html(said_html(kept.subject, outputs))
    st.caption(f"Asked in {max(0.1, answer['milliseconds']):.1f} ms.")


def said_html(subject: Subject, outputs: list[np.ndarray]) -> str:
    """Return what a model says of one example: numbers, or classes with their probabilities."""
    from html import escape

    parts = []
    if subject.task == "regression":
        for name, value in zip(subject.target_names, outputs[0][0], strict=True):
            told = plain_number(float(value))
            parts.append(f"<p>{escape(name)}<br><b style='font-size:26px'>{told}</b></p>")
    elif subject.task == "multilabel":
        chances = outputs[0][0]
        named = ", ".join(n for n, c in zip(subject.class_names[0], chances, strict=True)
                          if c >= 0.5)  # fmt: skip
        parts.append(f"<p><b style='font-size:20px'>{escape(named or 'none')}</b></p>")
        for name, chance in zip(subject.class_names[0], chances, strict=True):
            parts.append(guess_html(name, float(chance)))
    else:
        heads = zip(
            subject.target_names, subject.class_names, scores_of(subject, outputs), strict=True
        )
        for target, classes, scores in heads:
            order = np.argsort(-scores[0], kind="stable")[:MOST_GUESSES]
            best = classes[int(order[0])]
            parts.append(f"<p>{escape(target)}<br><b style='font-size:26px'>{escape(best)}</b></p>")
            parts.extend(guess_html(classes[int(n)], float(scores[0][n])) for n in order)
            if len(classes) > MOST_GUESSES:
                parts.append(f"<small>and {len(classes) - MOST_GUESSES:,} less likely ones</small>")
    return f'{_STYLE}<div class="said" role="status">{"".join(parts)}</div>'


def _shown(subject: Subject, raw: np.ndarray) -> np.ndarray:
    picture = as_picture(subject, raw)
    assert picture is not None
    return picture
