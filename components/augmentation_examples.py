"""How pictures are varied while training: the controls, and examples of what they do."""

from __future__ import annotations

import base64
import json
from collections.abc import MutableMapping
from concurrent.futures import Future
from typing import Any

import numpy as np
import streamlit as st

from components.backend import engine
from components.data_view import picture_address
from components.pulse import pulse
from designer.datasets import DatasetInfo
from designer.design import Design, plain
from designer.errors import DesignerError
from designer.training.augmentation import Augmentation

FLIPS = {
    "none": "No",
    "horizontal": "Left to right",
    "vertical": "Upside down",
    "both": "Either way",
}

#: Seconds a worker may take for the examples; the data set may have to be fetched first.
PATIENCE = 600
MOST_KEPT = 100
_LAST = "augmentation_last"
_SIDE = 44


def augmentation_controls(kept: MutableMapping[str, Any]) -> Augmentation:
    """Show the controls and return what they say.

    Args:
        kept: what was chosen before; renewed under ``"augmentation"``.
    """
    before = Augmentation.from_dict(kept.get("augmentation") or {})
    left, right = st.columns(2)
    with left:
        translation = _percent("Move", before.translation, "Up to this part of its sides.")
        zoom = _percent("Zoom", before.zoom, "Up to this much larger or smaller.")
        flip = st.selectbox(
            "Mirror",
            list(FLIPS),
            list(FLIPS).index(before.flip),
            format_func=lambda name: FLIPS[name],
            key="augmentation_mirror",
            help="Half of the pictures are mirrored. Not where left and right mean something, as"
            " in letters.",
        )
    with right:
        rotation = st.slider(
            "Turn",
            0,
            180,
            round(before.rotation),
            5,
            format="%d°",
            key="augmentation_turn",
            help="Up to this many degrees, either way.",
        )
        brightness = _percent("Brightness", before.brightness, "Up to this much lighter or darker.")
    chosen = Augmentation(translation, float(rotation), zoom, flip, brightness)
    kept["augmentation"] = chosen.to_dict()
    return chosen


def _percent(label: str, value: float, help: str) -> float:
    key = f"augmentation_{label.lower()}"
    shown = st.slider(label, 0, 50, round(100 * value), 5, format="%d%%", key=key, help=help)
    return shown / 100


@st.cache_resource(show_spinner=False)
def _asked() -> dict[str, Future[dict[str, Any]]]:
    return {}


def augmentation_examples(info: DatasetInfo, augmentation: Augmentation, design: Design) -> None:
    """Show a few examples before and after; nothing where nothing is varied.

    The pictures before stay until the next ones have come.
    """
    shape = plain(design["input_shape"])
    if not augmentation.is_on or info.kind != "image":
        return
    if len(shape) == 1:
        st.caption("This design takes rows of numbers: their pictures cannot be varied.")
        return
    question = json.dumps([info.name, augmentation.to_dict(), shape])
    asked = _asked()
    if question not in asked:
        while len(asked) >= MOST_KEPT:
            asked.pop(next(iter(asked)))
        asked[question] = engine().submit(
            "augmented",
            timeout=PATIENCE,
            dataset=info.name,
            augmentation=augmentation.to_dict(),
            input_shape=shape,
        )
    if asked[question].done():
        _answer(info, question)
    else:
        _wait(info, question)


@st.fragment
def _wait(info: DatasetInfo, question: str) -> None:
    future = _asked().get(question)
    if future is None or future.done():
        st.rerun()
    last = st.session_state.get(_LAST)
    if last and last[0] == info.name:
        st.html(last[1])
    else:
        st.markdown(":gray[:material/hourglass_top: Varying a few pictures…]")
    pulse(every=0.3, key="augmented_wait")


def _answer(info: DatasetInfo, question: str) -> None:
    future = _asked()[question]
    try:
        html = rows_html(future.result())
    except DesignerError as error:
        _asked().pop(question, None)  # what failed once may work the next time
        st.caption(f":material/image_not_supported: {error}")
        return
    st.session_state[_LAST] = (info.name, html)
    st.html(html)


def rows_html(told: dict[str, Any]) -> str:
    """Return the pictures as rows: each as it is, and then varied.

    Args:
        told: what the job ``"augmented"`` returned.
    """
    pixels = np.frombuffer(base64.b64decode(told["pixels"]), np.uint8).reshape(told["shape"])
    rows = []
    for number, row in enumerate(pixels, 1):
        first, *others = (
            _image(picture, f"Example {number}, {f'varied, {place}' if place else 'as it is'}")
            for place, picture in enumerate(row)
        )
        rows.append(
            f'<div style="display:flex;align-items:center">{first}'
            '<span aria-hidden="true" style="opacity:.6;margin:0 8px">→</span>'
            f'<div style="display:flex;flex-wrap:wrap;gap:4px">{"".join(others)}</div></div>'
        )
    return f'<div style="display:grid;gap:6px">{"".join(rows)}</div>'


def _image(picture: np.ndarray, label: str) -> str:
    shown = picture[..., 0] if picture.shape[-1] == 1 else picture
    return (
        f'<img alt="{label}" width="{_SIDE}" height="{_SIDE}" style="image-rendering:pixelated;'
        f'border-radius:6px" src="{picture_address(shown)}">'
    )
