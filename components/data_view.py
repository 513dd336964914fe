"""A data set, shown: what is in it, examples, and how it and a design fit each other."""

from __future__ import annotations

import base64
import io
from concurrent.futures import Future
from html import escape
from typing import Any

import numpy as np
import streamlit as st
from PIL import Image

from components import studio
from components.backend import engine
from components.pressing import pressed
from components.pulse import pulse
from designer import adapting
from designer.datasets import (
    DatasetInfo,
    as_pictures,
    as_table,
    examples,
    label_texts,
    load_preview,
    matching_datasets,
)
from designer.design import Design, plain
from designer.errors import DesignerError
from designer.summary import outline
from designer.tasks import heads
from designer.templates import templates

#: Seconds a download may take before a person is told that it does not come.
PATIENCE = 600
PICTURES = 20


@st.cache_resource(show_spinner=False)
def _loads() -> dict[str, Future[Any]]:
    return {}


def dataset_examples(info: DatasetInfo, task: str) -> bool:
    """Show some examples, or that they are being fetched; return whether they are there."""
    shown = task if task in info.task_names else None
    preview = load_preview(info.name, shown)
    if preview is None:
        _fetch(info)
        return False
    if info.kind == "image":
        sample = examples(preview, PICTURES)
        st.html(_gallery(as_pictures(sample), label_texts(sample)))
    else:
        st.dataframe(as_table(preview, 6), hide_index=True, height=248)
    return True


def _fetch(info: DatasetInfo) -> None:
    loads = _loads()
    if info.name not in loads:
        loads[info.name] = engine().submit("dataset", timeout=PATIENCE, name=info.name)
    future = loads[info.name]
    if not future.done():
        _wait(info)
        return
    del loads[info.name]
    try:
        future.result()
    except DesignerError as error:
        st.error(str(error), icon=":material/cloud_off:")
        if pressed("Try again", key="dataset_again"):
            st.rerun()
    else:
        st.rerun()


@st.fragment
def _wait(info: DatasetInfo) -> None:
    if info.name not in _loads() or _loads()[info.name].done():
        st.rerun()
    doing = "Preparing" if info.embedded else f"Downloading ({info.download_mb:g} MB)"
    st.markdown(f":gray[:material/hourglass_top: {doing} {info.title}…]")
    pulse(every=0.5, key="dataset_wait")


def _gallery(pictures: np.ndarray, labels: list[str]) -> str:
    """Return pictures with their labels, as HTML."""
    return "".join(
        [
            '<div style="display:flex;flex-wrap:wrap;gap:8px">',
            *[
                picture_html(picture, label)
                for picture, label in zip(pictures, labels, strict=True)
            ],
            "</div>",
        ]
    )


def picture_html(picture: np.ndarray, label: str, *, side: int = 52, detail: str = "") -> str:
    """Return one picture with its label beneath, as HTML; (height, width[, 3]) of 0 to 255."""
    return (
        f'<figure style="margin:0;width:{side + 8}px;text-align:center;line-height:1.25">'
        f'<img alt="{escape(label)}" width="{side}" height="{side}" style="image-rendering:'
        f'pixelated;border-radius:6px" src="{picture_address(picture)}">'
        f'<figcaption style="font-size:12px">{escape(label)}{detail}</figcaption></figure>'
    )


def picture_address(picture: np.ndarray) -> str:
    """Return an address that holds a picture itself; (height, width[, 3]) of 0 to 255."""
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, format="PNG")
    return f"data:image/png;base64,{base64.b64encode(stream.getvalue()).decode()}"


def fit_view(design: Design, info: DatasetInfo) -> bool:
    """Say whether design and data fit each other, with a button that makes them; return whether
    training can start."""
    reasons = adapting.problems(design, info)
    fault = outline(design).fault
    try:
        fitted = adapting.adapt(design, info)
    except DesignerError:
        fitted = None
    if not reasons and fault is None:
        st.markdown(f":green[:material/check_circle: {info.title} fits the design.]")
        for note in adapting.notes(design, info):
            st.caption(note)
        if fitted is not None and fitted != design:
            _fit_button(design, fitted, "Use the data's own size", primary=False)
        return True
    for reason in reasons:
        st.warning(reason, icon=":material/difference:")
    if fault is not None and not reasons:
        st.error(str(fault), icon=":material/error:")
    if fitted is not None:
        _fit_button(design, fitted, "Fit the design to the data", primary=True)
    else:
        _other_ways(design, info)
    return False


def _fit_button(design: Design, fitted: Design, label: str, *, primary: bool) -> None:
    changes = adapting.adaptation(design, fitted)
    if pressed(
        label,
        icon=":material/fit_screen:",
        type="primary" if primary else "secondary",
        key="fit_design",
        help="Sets " + "; ".join(changes),
    ):
        studio.set_design(fitted)
        studio.keep_in_address()
        st.rerun()
    st.caption("; ".join(changes))


def _other_ways(design: Design, info: DatasetInfo) -> None:
    """Offer a template that takes these data, and data that this template takes."""
    rank = len(info.raw_shape)
    wanted = "dnn" if rank == 1 else "cnn"
    title = templates()[wanted].title
    if pressed(
        f"Take {title} for these data",
        icon=":material/swap_horiz:",
        type="primary",
        key="take_template",
    ):
        studio.switch_template(wanted)
        studio.set_design(adapting.adapt(Design.from_template(wanted), info))
        studio.keep_in_address()
        st.rerun()
    others = matching_datasets(design["task"], len(design["input_shape"]))
    if others:
        st.caption("Data that this design takes: " + ", ".join(others))


def input_words(design: Design) -> str:
    """Write what a design takes and gives: ``28 × 28 × 1 → 10 classes``."""
    taken = " × ".join(str(size) for size in plain(design["input_shape"]))
    units = [head.units for head in heads(design.parameters)]
    kind = "number" if design["task"] == "regression" else "output"
    given = " and ".join(str(count) for count in units)
    return f"takes {taken}, gives {given} {kind}{'' if units == [1] else 's'}"
