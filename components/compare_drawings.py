"""The drawings of several designs, one below the other and on one scale."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components.architecture import still
from components.compare_words import badge, plain_text
from designer.drawing import Drawing, draw, largest_side_of
from designer.summary import Summary


def compare_drawings(labels: Sequence[str], summaries: Sequence[Summary]) -> None:
    """Show the drawings; a pixel means the same in each of them."""
    drawings = on_one_scale(summaries)
    widest = max(drawing.width for drawing in drawings)
    for place, (label, drawing) in enumerate(zip(labels, drawings, strict=True)):
        st.markdown(f"{badge(place)} {plain_text(label)}")
        still(drawing, key=f"compare_drawing_{place}", width=widest)


def on_one_scale(summaries: Sequence[Summary]) -> list[Drawing]:
    """Return the drawings, with maps drawn as large as those of the largest input allow."""
    side = max(largest_side_of(summary.layers) for summary in summaries)
    return [draw(summary, largest_side=side) for summary in summaries]
