"""The drawings of several designs, one below the other and on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from components import architecture
from components.compare_words import badge, plain_text
from designer.drawing import Drawing, draw
from designer.summary import Summary


def compare_drawings(labels: Sequence[str], summaries: Sequence[Summary]) -> None:
    """Show the drawings; a pixel means the same in each of them."""
    drawings = on_one_scale(summaries)
    for place, (label, drawing) in enumerate(zip(labels, drawings, strict=True)):
        st.markdown(f"{badge(place)} {plain_text(label)}")
        architecture._mount(
            data={"svg": architecture.to_svg(drawing)}, key=f"compare_drawing_{place}"
        )


def on_one_scale(summaries: Sequence[Summary]) -> list[Drawing]:
    """Return the drawings, each on a sheet as wide as the widest needs."""
    drawings = [draw(summary) for summary in summaries]
    widest = max(drawing.width for drawing in drawings)
    return [replace(drawing, width=widest) for drawing in drawings]
